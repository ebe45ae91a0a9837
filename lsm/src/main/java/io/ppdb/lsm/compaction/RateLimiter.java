package io.ppdb.lsm.compaction;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes a second be written, by all who share it: a token bucket that holds what a
 * tenth of a second brings. Who takes more than is there waits until it would be.
 *
 * <p>Thread-safe, by its monitor.
 */
public final class RateLimiter {
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;

  // Guarded by this.
  /** When all that was taken has been brought; a full bucket lies {@link #BURST_NANOS} back. */
  private long settledNanos;

  private long waitedNanos;
  private boolean closed;

  /** A limiter; of none if that is {@link CompactionOptions#UNLIMITED}. */
  public RateLimiter(long bytesPerSecond) {
    this(bytesPerSecond, System::nanoTime);
  }

  RateLimiter(long bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.settledNanos = nanoTime.getAsLong() - BURST_NANOS;
  }

  /** Takes bytes, and waits until they are there; not at all once it is closed. */
  public void acquire(long bytes) {
    if (bytesPerSecond == CompactionOptions.UNLIMITED) {
      return;
    }
    boolean interrupted = false;
    synchronized (this) {
      long start = nanoTime.getAsLong();
      long until = take(bytes, start);
      long now = start;
      while (!closed && now < until) {
        try {
          TimeUnit.NANOSECONDS.timedWait(this, until - now);
        } catch (InterruptedException e) {
          interrupted = true; // background work is ended by closing, not by interruption
        }
        now = nanoTime.getAsLong();
      }
      waitedNanos += now - start;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes bytes, and says when they are there. */
  synchronized long take(long bytes, long nowNanos) {
    long bringing = (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    settledNanos = Math.max(settledNanos, nowNanos - BURST_NANOS) + bringing;
    return settledNanos;
  }

  /** How long all who took have waited. */
  public synchronized long waitedNanos() {
    return waitedNanos;
  }

  /** Lets everybody go on without a limit. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
