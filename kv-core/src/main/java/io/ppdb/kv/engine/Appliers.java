package io.ppdb.kv.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the commits that are on their way into a {@link CommitTarget}, and their bytes.
 * Thread-safe.
 */
public final class Appliers {
  /** One commit, in {@link #reserved}; what is below are bytes, up to a tebibyte. */
  private static final long ONE_COMMIT = 1L << 40;

  /** What is announced and not yet applied: commits and bytes in one number. */
  private final AtomicLong reserved = new AtomicLong();

  private volatile @Nullable Thread waiter;

  public void reserve(long bytes) {
    reserved.addAndGet(ONE_COMMIT + bytes);
  }

  public void applied(long bytes) {
    if (reserved.addAndGet(-ONE_COMMIT - bytes) == 0) {
      LockSupport.unpark(waiter);
    }
  }

  /** What is announced and not yet applied. */
  public long reservedBytes() {
    return reserved.get() % ONE_COMMIT;
  }

  /** Waits until there are none; for one thread, when nothing is reserved more. */
  public void await() {
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (reserved.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
