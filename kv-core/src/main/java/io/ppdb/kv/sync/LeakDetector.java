package io.ppdb.kv.sync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows what is open and where it was opened, of resources that their users have to close.
 *
 * <p>A resource keeps the {@link Opening} that {@link #opened} gave it and tells it when it is
 * closed. What nobody closes stays here, also when the resource is garbage long since; tests look
 * after each test. On with {@link Invariants#ENABLED}. Off, all resources share one opening that
 * does nothing.
 *
 * <p>The registry is static on purpose: a leak is what no other object knows of any more.
 * Thread-safe.
 */
public final class LeakDetector {
  private static final Opening UNTRACKED = new Opening(0, Thread.currentThread(), null);
  private static final AtomicLong OPENING_COUNT = new AtomicLong();
  private static final Set<Opening> OPEN = ConcurrentHashMap.newKeySet();

  private LeakDetector() {}

  /** That a resource was opened. */
  public static final class Opening {
    private final long number;
    private final long threadId;
    private final @Nullable Throwable place;

    private Opening(long number, Thread thread, @Nullable Throwable place) {
      this.number = number;
      this.threadId = thread.getId();
      this.place = place;
    }

    /** Whether {@code thread} opened it. */
    public boolean isBy(Thread thread) {
      return threadId == thread.getId();
    }

    public boolean isOpen() {
      return OPEN.contains(this);
    }

    /** What was opened, by whom, and in its stack trace where; null if leaks are not looked for. */
    public @Nullable Throwable place() {
      return place;
    }

    /** The resource is closed. May be repeated. */
    public void closed() {
      if (Invariants.ENABLED) {
        OPEN.remove(this);
      }
    }
  }

  /**
   * Registers a resource that its maker is about to hand out.
   *
   * @param kind what it is, in a word: "snapshot"
   */
  public static Opening opened(String kind) {
    if (!Invariants.ENABLED) {
      return UNTRACKED;
    }
    Thread thread = Thread.currentThread();
    Throwable place = new Throwable("a " + kind + " opened by thread " + thread.getName());
    Opening opening = new Opening(OPENING_COUNT.incrementAndGet(), thread, place);
    OPEN.add(opening);
    return opening;
  }

  /** How many resources were opened so far: what is opened later has a greater number. */
  public static long openingCount() {
    return OPENING_COUNT.get();
  }

  /** The openings after the first {@code count} whose resources are open, in their order. */
  public static List<Opening> openSince(long count) {
    List<Opening> open = new ArrayList<>(OPEN);
    open.removeIf(opening -> opening.number <= count);
    open.sort(Comparator.comparingLong(opening -> opening.number));
    return open;
  }
}
