package io.ppdb.kv.memory;

import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.Views.Horizon;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Removes from the memtable what no view can need: overwritten entries, tombstones, folded operands
 * and expired entries.
 *
 * <p>Whoever commits announces the keys that will have something to remove once the horizon reaches
 * the commit, and then does a bounded piece of the removing, so garbage cannot pile up faster than
 * it is removed unless a view holds the horizon back. There is no thread of its own.
 *
 * <p>As long as this engine has no AS OF, nothing below the open views can be read, so the history
 * of a policy keeps nothing here.
 */
final class VersionCollector {
  /** Pieces of work a commit does beyond what it announced itself. */
  private static final int EXTRA_STEPS = 16;

  private static final int STEPS_AFTER_VIEW = 4096;

  private record Superseded(byte[] key, long version) {}

  private record Expiring(byte[] key, long version, long expiryMillis) {}

  private final EngineContext context;
  private final Memtable memtable;
  private final ReentrantLock lock = new ReentrantLock();

  /** In version order, or nearly so: what is late waits until the next piece of work. */
  private final ConcurrentLinkedQueue<Superseded> superseded = new ConcurrentLinkedQueue<>();

  /** Entries that will expire, soonest first; guarded by its own monitor. */
  private final PriorityQueue<Expiring> expiring =
      new PriorityQueue<>(Comparator.comparingLong(Expiring::expiryMillis));

  VersionCollector(EngineContext context, Memtable memtable) {
    this.context = context;
    this.memtable = memtable;
  }

  /** Announces and collects after a commit. */
  void published(Commit commit) {
    int steps = 0;
    for (Entry entry : commit.entries()) {
      if (entry.expiryMillis() != Limits.NO_EXPIRY) {
        synchronized (expiring) {
          expiring.add(new Expiring(entry.key(), entry.version(), entry.expiryMillis()));
        }
        steps++;
      }
      if (entry.kind() != EntryKind.PUT || entry.hasOlder()) {
        superseded.add(new Superseded(entry.key(), entry.version()));
        steps++;
      }
    }
    if (steps > 0) {
      collect(steps + EXTRA_STEPS);
    }
  }

  /** Collects what a closed view may have held back. */
  void viewClosed() {
    if (!superseded.isEmpty()) {
      collect(STEPS_AFTER_VIEW);
    }
  }

  private void collect(int maxSteps) {
    if (!lock.tryLock()) {
      return; // somebody else is at it
    }
    try {
      Horizon horizon = context.views().horizon();
      int steps = 0;
      for (Superseded next = superseded.peek();
          next != null && next.version <= horizon.version() && steps < maxSteps;
          next = superseded.peek()) {
        superseded.poll();
        collect(next.key, horizon);
        steps++;
      }
      while (steps < maxSteps) {
        Expiring next = pollExpired(horizon);
        if (next == null) {
          break;
        }
        collect(next.key, horizon);
        steps++;
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Expiring pollExpired(Horizon horizon) {
    synchronized (expiring) {
      Expiring next = expiring.peek();
      return next != null
              && next.expiryMillis <= horizon.instantMillis()
              && next.version <= horizon.version()
          ? expiring.poll()
          : null;
    }
  }

  private void collect(byte[] key, Horizon horizon) {
    memtable.collect(key, horizon.version(), horizon.instantMillis(), context.operators());
  }
}
