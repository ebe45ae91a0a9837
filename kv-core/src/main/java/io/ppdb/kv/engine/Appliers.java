package io.ppdb.kv.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts the commits that are on their way into a {@link CommitTarget}. Thread-safe. */
public final class Appliers {
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong reservedBytes = new AtomicLong();
  private volatile @Nullable Thread waiter;

  public void reserve(long bytes) {
    count.incrementAndGet();
    reservedBytes.addAndGet(bytes);
  }

  public void applied(long bytes) {
    reservedBytes.addAndGet(-bytes);
    if (count.decrementAndGet() == 0) {
      LockSupport.unpark(waiter);
    }
  }

  /** What is announced and not yet applied. */
  public long reservedBytes() {
    return reservedBytes.get();
  }

  /** Waits until there are none; for one thread, when nothing is reserved more. */
  public void await() {
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (count.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
