package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.lsm.compaction.CompactionDebt;
import io.ppdb.lsm.events.StallEvent;
import io.ppdb.lsm.tree.Tree;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets commits wait when flushes or compactions do not keep up: for a moment, the longer the
 * farther compactions are behind; until they have caught up when level 0, or the active memtable,
 * has reached its limit; and until the manifest covers more versions, should they run short.
 */
final class Backpressure {
  /** How long a commit waits where the debt of compactions is 1; less by its square. */
  private static final long MAX_SLOWDOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Below what parking takes anyway. */
  private static final long MIN_SLOWDOWN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private static final long WAIT_MILLIS = 100;

  /** How many times its size the active memtable may grow to while it cannot be frozen. */
  private static final int MAX_GROWTH = 2;

  private final LsmOptions options;
  private final EngineContext context;
  private final LiveState live;
  private final MemtableRotation rotation;
  private final Runnable flushSignal;
  private final BooleanSupplier diskFull;
  private final WorkCounters counters;

  /** How long commits wait for the sake of a tree. */
  private record Slowdown(Tree tree, long nanos) {}

  /** Of the tree that a commit has seen last; read racily, it is computed from its tree only. */
  private volatile @Nullable Slowdown slowdown;

  Backpressure(
      LsmOptions options,
      WorkCounters counters,
      EngineContext context,
      LiveState live,
      MemtableRotation rotation,
      Runnable flushSignal,
      BooleanSupplier diskFull) {
    this.options = options;
    this.counters = counters;
    this.context = context;
    this.live = live;
    this.rotation = rotation;
    this.flushSignal = flushSignal;
    this.diskFull = diskFull;
  }

  /** Called by each commit, without a lock. */
  void await() {
    Tree tree = live.peek().tree();
    long slowdownNanos = slowdownNanos(tree);
    boolean stopped = isOverLimit();
    if (slowdownNanos > 0 || stopped) {
      stall(tree.levelZeroRuns().size(), slowdownNanos, stopped);
    }
  }

  private long slowdownNanos(Tree tree) {
    Slowdown known = slowdown;
    if (known == null || known.tree != tree) {
      known = new Slowdown(tree, slowdownNanos(debt(tree)));
      slowdown = known;
    }
    return known.nanos;
  }

  private double debt(Tree tree) {
    return CompactionDebt.of(
        tree, options.compaction(), options.slowdownTableCount(), options.stopTableCount());
  }

  static long slowdownNanos(double debt) {
    return debt == 0 ? 0 : Math.max(MIN_SLOWDOWN_NANOS, (long) (MAX_SLOWDOWN_NANOS * debt * debt));
  }

  private void stall(int tableCount, long slowdownNanos, boolean stopped) {
    StallEvent event = new StallEvent();
    event.levelZeroTableCount = tableCount;
    event.stopped = stopped;
    event.begin();
    long start = System.nanoTime();
    try {
      if (stopped) {
        awaitBelowLimit();
      } else {
        LockSupport.parkNanos(slowdownNanos);
      }
    } finally {
      event.commit();
      counters.stalled(stopped, System.nanoTime() - start);
    }
  }

  private boolean isOverLimit() {
    ReadState state = live.peek();
    return state.tree().levelZeroRuns().size() >= options.stopTableCount()
        || state.active().sizeInBytes() >= MAX_GROWTH * options.store().memtableBytes()
        || rotation.isShortOfVersions();
  }

  private synchronized void awaitBelowLimit() {
    while (isOverLimit()) {
      context.checkWritable();
      if (diskFull.getAsBoolean()) {
        throw new PpdbException(
            ErrorCode.DISK_FULL, "no space left on the disk to flush memtables to");
      }
      // Commits announce work by the size they find; that of one large commit nobody has announced.
      flushSignal.run();
      try {
        wait(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PpdbException(
            ErrorCode.UNAVAILABLE, "interrupted while waiting for a memtable to be flushed", e);
      }
    }
  }

  /** Lets those that wait look again. */
  synchronized void progressed() {
    notifyAll();
  }
}
