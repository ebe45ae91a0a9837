package io.ppdb.kv.contract;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one transaction, snapshot or blind batch of a history did and saw. */
final class Execution implements Serializable {
  enum Outcome {
    OPEN,
    COMMITTED,
    CONFLICT,
    ROLLED_BACK,
    /** The commit was asked for, and nobody knows whether it happened. */
    UNKNOWN
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

  /** The call that ended it, counting those of all clients; 0 in threads, where nobody counts. */
  int endedAtCall;

  /** The newest version when the store was opened: what was only locked before is forgotten. */
  long openedVersion;

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

  /** When it began, asked for its commit, and ended, by a clock that all processes share. */
  long beganNanos;

  long commitAskedNanos;
  long endedNanos;

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

  /**
   * Where this differs from what another store did of the same calls; null if nowhere. What is
   * before all histories may be refused by one and shown by the other.
   */
  @Nullable String differenceFrom(Execution other) {
    if (outcome != other.outcome || commitVersion != other.commitVersion) {
      return "and " + other;
    }
    if (version != other.version || instantMillis != other.instantMillis) {
      return asked == Asked.NOW ? "and " + other : null;
    }
    for (int i = 0; i < Math.min(steps.size(), other.steps.size()); i++) {
      Step mine = steps.get(i);
      Step theirs = other.steps.get(i);
      if (mine instanceof Step.TooOld || theirs instanceof Step.TooOld) {
        if (mine instanceof Step.Open || theirs instanceof Step.Open) {
          return null; // only one of them has a cursor to move
        }
      } else if (!mine.equals(theirs)) {
        return mine + ", and " + theirs;
      }
    }
    return steps.size() == other.steps.size()
        ? null
        : steps.size() + " steps, and " + other.steps.size();
  }

  /**
   * Whether this is a batch that requires something of a version from before the store was opened:
   * it may be refused, if what would tell was collected.
   */
  boolean mayBeRefused() {
    return steps.stream()
        .anyMatch(
            step -> step instanceof Step.Require require && require.sinceVersion() < openedVersion);
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
