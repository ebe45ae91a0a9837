package io.ppdb.kv.contract;

import java.util.ArrayList;
import java.util.List;

/** What one transaction, snapshot or blind batch of a history did and saw. */
final class Execution {
  enum Outcome {
    OPEN,
    COMMITTED,
    CONFLICT,
    ROLLED_BACK
  }

  enum Asked {
    NOW,
    BY_VERSION,
    BY_INSTANT
  }

  final int client;
  final boolean blind;
  final List<Step> steps = new ArrayList<>();

  /** The greatest version that a commit had returned before the first step. */
  long returnedBefore;

  /** The view; meaningless for a blind batch. */
  long version;

  long instantMillis;

  /** How a view of the past was asked for; NOW if it is none. */
  Asked asked = Asked.NOW;

  /** The store's time before the view was opened, and after. */
  long millisBeforeOpening;

  long millisAfterOpening;

  /** Whether what it read has to hold at its commit too. */
  boolean serializable;

  Outcome outcome = Outcome.OPEN;

  /** What the commit returned. */
  long commitVersion;

  /** The greatest version that a commit had returned before this one was asked for. */
  long returnedBeforeCommit;

  /** The store's time when the commit was asked for, and when it had returned or failed. */
  long millisBeforeCommit;

  long millisAfterCommit;

  Execution(int client, boolean blind) {
    this.client = client;
    this.blind = blind;
  }

  @Override
  public String toString() {
    return (blind ? "batch" : "transaction")
        + " of client "
        + client
        + " at version "
        + version
        + (asked == Asked.NOW ? "" : ", " + asked + ", instant " + instantMillis)
        + ", "
        + outcome
        + (outcome == Outcome.COMMITTED ? " at " + commitVersion : "");
  }
}
