package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.lsm.events.StallEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets commits wait when flushes or compactions do not keep up: a little while level 0 is long, and
 * until they have caught up when it, or the active memtable, has reached its limit; and until the
 * manifest covers more versions, should they run short.
 */
final class Backpressure {
  private static final long SLOWDOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long WAIT_MILLIS = 100;

  /** How many times its size the active memtable may grow to while it cannot be frozen. */
  private static final int MAX_GROWTH = 2;

  private final LsmOptions options;
  private final EngineContext context;
  private final LiveState live;
  private final MemtableRotation rotation;
  private final Runnable flushSignal;
  private final BooleanSupplier diskFull;

  Backpressure(
      LsmOptions options,
      EngineContext context,
      LiveState live,
      MemtableRotation rotation,
      Runnable flushSignal,
      BooleanSupplier diskFull) {
    this.options = options;
    this.context = context;
    this.live = live;
    this.rotation = rotation;
    this.flushSignal = flushSignal;
    this.diskFull = diskFull;
  }

  /** Called by each commit, without a lock. */
  void await() {
    int tableCount = live.peek().tree().tableCount(0);
    boolean slow = tableCount >= options.slowdownTableCount();
    boolean stopped = isOverLimit();
    if (slow || stopped) {
      stall(tableCount, stopped);
    }
  }

  private void stall(int tableCount, boolean stopped) {
    StallEvent event = new StallEvent();
    event.levelZeroTableCount = tableCount;
    event.stopped = stopped;
    event.begin();
    try {
      if (stopped) {
        awaitBelowLimit();
      } else {
        LockSupport.parkNanos(SLOWDOWN_NANOS);
      }
    } finally {
      event.commit();
    }
  }

  private boolean isOverLimit() {
    ReadState state = live.peek();
    return state.tree().tableCount(0) >= options.stopTableCount()
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
