package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import org.jspecify.annotations.Nullable;

/**
 * The wish that an execution stop, for good: also of the attempts and parameter sets that it has
 * still to come to.
 *
 * <p>Asked for by any thread, looked at by the one that runs.
 */
public final class Cancellation {
  private final @Nullable Cancellation ofAll;
  private volatile boolean requested;

  public Cancellation() {
    this.ofAll = null;
  }

  /** One that is also requested when {@code ofAll} is. */
  public Cancellation(Cancellation ofAll) {
    this.ofAll = ofAll;
  }

  public void request() {
    requested = true;
  }

  /** Throws CANCELLED if it was requested. */
  public void check() {
    if (requested || (ofAll != null && ofAll.requested)) {
      throw new PpdbException(ErrorCode.CANCELLED, "the statement was cancelled");
    }
  }
}
