package io.ppdb.kv.engine;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes commits visible in version order, whatever order they are applied in.
 *
 * <p>The published version is the one that new views show: every commit up to it is applied, or
 * void. Times and changes are recorded just before, so whoever sees a version published finds it
 * there.
 *
 * <p>Commits are a list in version order, by {@link Commit#next}: announcing one appends it, which
 * takes no lock but the commit lock; the monitor is for publishing. Thread-safe.
 */
final class Publication {
  /** About two microseconds; none where nobody else could run meanwhile. */
  static final int SPIN_COUNT = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

  /** The commit that was published last: those after it are pending. Guarded by the monitor. */
  private Commit last =
      new Commit(new Entry[0], Claims.NONE, CommitOrigin.MAINTENANCE, Durability.MEMORY);

  /** The commit that was announced last; guarded by the commit lock. */
  private Commit newest = last;

  private volatile long published;

  /** Null if nobody asks. */
  private volatile @Nullable TimeIndex times;

  /** Null if nobody asks. */
  private volatile @Nullable ChangeLog changes;

  /** Who waits for other than an own commit; guarded by the monitor. */
  private int waiterCount;

  Publication(long initialVersion) {
    this.published = initialVersion;
  }

  long published() {
    return published;
  }

  /** Lets the ticks of all commits be recorded; before the first one. */
  void record(TimeIndex index) {
    times = index;
  }

  /** Lets the writes of all commits be recorded; before the first one. */
  void record(ChangeLog log) {
    changes = log;
  }

  /** Announces a commit; in version order, so under the commit lock. */
  void announce(Commit commit) {
    newest.next = commit;
    newest = commit;
  }

  /** Lets publication pass over {@code commit}: it is applied, or void. */
  void settle(Commit commit) {
    TimeIndex index = times;
    ChangeLog log = changes;
    synchronized (this) {
      commit.settled = true;
      for (Commit head = last.next; head != null && head.settled; head = head.next) {
        if (index != null) {
          index.append(head.version(), head.timeMillis());
        }
        if (log != null && head.applied) {
          log.append(head);
        }
        published = head.version();
        Thread waiter = head.waiter;
        if (waiter != null) {
          LockSupport.unpark(waiter);
        }
        // In the old space of the collector it would keep all newer ones alive.
        last.next = null;
        last = head;
      }
      if (waiterCount > 0) {
        notifyAll();
      }
    }
  }

  /** Waits until {@code commit}, which is settled, is published. */
  void await(Commit commit) {
    // The commits before are mostly being applied right now, which takes less than to park.
    for (int i = 0; published < commit.version(); i++) {
      if (i == SPIN_COUNT) {
        park(commit);
        return;
      }
      Thread.onSpinWait();
    }
  }

  private void park(Commit commit) {
    commit.waiter = Thread.currentThread();
    boolean interrupted = false;
    while (published < commit.version()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last commit announced so far whose tick is at most {@code millis}, if it is pending. */
  long lastThrough(long millis) {
    long version = published;
    synchronized (this) {
      for (Commit commit = last.next; commit != null; commit = commit.next) {
        if (commit.timeMillis() <= millis) {
          version = commit.version();
        }
      }
    }
    return version;
  }

  /** Waits until {@code version}, which is announced, is published. */
  void await(long version) {
    boolean interrupted = false;
    synchronized (this) {
      waiterCount++;
      while (published < version) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      waiterCount--;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
