package io.ppdb.kv.engine;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parts that {@link LocalStore} and the {@link Storage} beneath it share. Thread-safe.
 *
 * <p>An engine makes it first, after recovery, then its storage with it, then the store.
 */
public final class EngineContext {
  private final StoreOptions options;
  private final OperatorRegistry operators;
  private final Ticks ticks;
  private final Publication publication;
  private final Views views;
  private final PolicyMap policies = new PolicyMap();
  private final History history;
  private final long initialVersion;
  private final ReentrantLock commitLock = new ReentrantLock();
  private volatile @Nullable PpdbException readOnlyCause;

  /**
   * Continues a store.
   *
   * @param lastVersion the newest version that recovery restored, or a persisted ceiling above all
   *     versions ever handed out; the next commit gets a greater one
   * @param lastTickMillis a tick at or above all ever used
   */
  public EngineContext(StoreOptions options, long lastVersion, long lastTickMillis) {
    this.options = options;
    this.operators = new OperatorRegistry(options.mergeOperators());
    this.ticks = new Ticks(options.clock(), lastTickMillis);
    this.publication = new Publication(lastVersion);
    this.views = new Views(publication, ticks);
    this.history = new History(publication, ticks, views, policies);
    this.initialVersion = lastVersion;
  }

  public StoreOptions options() {
    return options;
  }

  public OperatorRegistry operators() {
    return operators;
  }

  public Ticks ticks() {
    return ticks;
  }

  Views views() {
    return views;
  }

  /** Which entries no view can need any more; advanced as far as possible now. */
  public Horizons horizons() {
    return history.advance();
  }

  History history() {
    return history;
  }

  /** Keeps the recent commits; before the first one. */
  ChangeLog keepChanges() {
    ChangeLog log = new ChangeLog(publication, initialVersion, options.changeLogBytes());
    publication.record(log);
    return log;
  }

  /** Keeps what policies say of the past, and when it was, from now on; before the first commit. */
  public void keepHistory() {
    TimeIndex times = new TimeIndex(initialVersion, ticks.nextMillis());
    keepHistory(times, Horizons.everywhere(new Horizon(initialVersion, Long.MIN_VALUE)));
  }

  /**
   * Keeps what policies say of the past, going on from what is known of it; before the first commit
   * and before {@link #horizons} is asked.
   *
   * @param times up to the last version or less, and the last tick or less: what is not in it was
   *     never read or is of now
   * @param horizons that everything stored was kept by
   */
  public void keepHistory(TimeIndex times, Horizons horizons) {
    if (times.lastVersion() < initialVersion) {
      times.append(initialVersion, ticks.nextMillis());
    }
    publication.record(times);
    history.keep(times, horizons);
  }

  /** Which version was the newest when, as far back as any policy asks for; of all published. */
  public TimeIndex times() {
    return history.times();
  }

  /** Waits until {@code version} is published, which a commit under way has. */
  public void awaitPublished(long version) {
    publication.await(version);
  }

  public PolicyMap policies() {
    return policies;
  }

  /** The newest version that new views show. */
  public long publishedVersion() {
    return publication.published();
  }

  /** A version that no open view is older than. */
  public long oldestViewVersion() {
    return views.horizon().version();
  }

  /**
   * Lets go of the entries that the view of {@code commit} holds, before its thread waits for
   * memory: it has read all that it will, and would wait for itself. It is validated as before.
   */
  public void readNoMore(Commit commit) {
    Views.Registration view = commit.view;
    if (view != null) {
      views.readNoMore(view);
    }
  }

  /** Lets every later commit fail with READ_ONLY; the first cause given stays. */
  public synchronized void makeReadOnly(PpdbException cause) {
    if (readOnlyCause == null) {
      readOnlyCause = cause;
    }
  }

  /** Whether {@link #makeReadOnly} was not called. */
  public boolean isWritable() {
    return readOnlyCause == null;
  }

  /** Fails with READ_ONLY if {@link #makeReadOnly} was called. */
  public void checkWritable() {
    PpdbException cause = readOnlyCause;
    if (cause != null) {
      throw new PpdbException(
          ErrorCode.READ_ONLY,
          "the store takes no writes until it is opened again: " + cause.getMessage(),
          cause);
    }
  }

  /** Runs something short at a version boundary: under the commit lock. */
  public void betweenCommits(Runnable action) {
    commitLock.lock();
    try {
      action.run();
    } finally {
      commitLock.unlock();
    }
  }

  ReentrantLock commitLock() {
    return commitLock;
  }

  Publication publication() {
    return publication;
  }

  long initialVersion() {
    return initialVersion;
  }
}
