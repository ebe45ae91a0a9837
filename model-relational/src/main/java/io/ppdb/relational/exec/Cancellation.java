package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wish that an execution stop, for good: also of the attempts and parameter sets that it has
 * still to come to. Its time may run out, too.
 *
 * <p>Asked for by any thread, looked at by the one that runs. Without a limit of time nobody looks
 * at a clock.
 */
public final class Cancellation {
  private final @Nullable Cancellation ofAll;
  private long startNanos;
  private long pausedNanos;
  private boolean paused;

  /** 0 if there is no limit. */
  private final long timeoutNanos;

  private volatile boolean requested;

  public Cancellation() {
    this.ofAll = null;
    this.startNanos = 0;
    this.timeoutNanos = 0;
  }

  /**
   * One that is also requested when {@code ofAll} is.
   *
   * @param timeoutMillis how long it may take from now on; 0 for ever
   */
  public Cancellation(Cancellation ofAll, long timeoutMillis) {
    this.ofAll = ofAll;
    this.startNanos = timeoutMillis == 0 ? 0 : System.nanoTime();
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
  }

  /** Whether it may take a limited time only. */
  public boolean hasTimeout() {
    return timeoutNanos != 0;
  }

  /** Time that passes from now on is the reader's, until {@link #resume}. */
  void pause() {
    pausedNanos = System.nanoTime();
    paused = true;
  }

  void resume() {
    startNanos += System.nanoTime() - pausedNanos;
    paused = false;
  }

  public void request() {
    requested = true;
  }

  private boolean isRequested() {
    return requested || (ofAll != null && ofAll.isRequested());
  }

  /** Throws CANCELLED if it was requested, or has taken too long. */
  public void check() {
    if (isRequested()) {
      throw new PpdbException(ErrorCode.CANCELLED, "the statement was cancelled");
    }
    if (timeoutNanos != 0 && !paused && System.nanoTime() - startNanos > timeoutNanos) {
      throw new PpdbException(ErrorCode.CANCELLED, "canceling statement due to statement timeout");
    }
  }
}
