package io.ppdb.kv.engine;

import org.jspecify.annotations.Nullable;

/**
 * The open views of a store, and with them how far history may be forgotten.
 *
 * <p>A view registers before it reads: taking its version and entering the list are one step, so
 * {@link #horizon} never passes a view that is about to read. Versions and instants never go back,
 * so the list is sorted by both and its head bounds all. Thread-safe.
 */
public final class Views {
  /** What an open view shows. */
  static final class Registration {
    final long version;
    final long instantMillis;
    private @Nullable Registration previous;
    private @Nullable Registration next;
    private boolean open = true;

    Registration(long version, long instantMillis) {
      this.version = version;
      this.instantMillis = instantMillis;
    }
  }

  /**
   * What every open and every later view is at or above.
   *
   * @param version entries below the newest one up to this version are seen by no view
   * @param instantMillis what expires up to here is seen by no view
   */
  public record Horizon(long version, long instantMillis) {}

  private final Publication publication;
  private final Ticks ticks;
  private @Nullable Registration oldest;
  private @Nullable Registration newest;
  private int openCount;

  Views(Publication publication, Ticks ticks) {
    this.publication = publication;
    this.ticks = ticks;
  }

  /** Opens a view of everything published, now. */
  synchronized Registration register() {
    Registration view = new Registration(publication.published(), ticks.nextMillis());
    view.previous = newest;
    if (newest == null) {
      oldest = view;
    } else {
      newest.next = view;
    }
    newest = view;
    openCount++;
    return view;
  }

  /** Closes a view; does nothing if it is closed. */
  synchronized void release(Registration view) {
    if (!view.open) {
      return;
    }
    view.open = false;
    openCount--;
    if (view.previous == null) {
      oldest = view.next;
    } else {
      view.previous.next = view.next;
    }
    if (view.next == null) {
      newest = view.previous;
    } else {
      view.next.previous = view.previous;
    }
  }

  /** The least of the open views and of the view that would be opened now. */
  public synchronized Horizon horizon() {
    Registration view = oldest;
    return view == null
        ? new Horizon(publication.published(), ticks.nextMillis())
        : new Horizon(view.version, view.instantMillis);
  }

  /** The version of {@link #horizon}. */
  synchronized long oldestVersion() {
    Registration view = oldest;
    return view == null ? publication.published() : view.version;
  }

  public synchronized int openCount() {
    return openCount;
  }
}
