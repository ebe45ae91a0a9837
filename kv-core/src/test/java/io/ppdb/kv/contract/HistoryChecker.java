package io.ppdb.kv.contract;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.contract.Execution.Asked;
import io.ppdb.kv.contract.Execution.Outcome;
import io.ppdb.kv.contract.OracleStore.Buffer;
import io.ppdb.kv.contract.OracleStore.Claim;
import io.ppdb.kv.contract.OracleStore.Claims;
import io.ppdb.kv.contract.OracleStore.Range;
import io.ppdb.kv.contract.OracleStore.Reads;
import io.ppdb.kv.contract.OracleStore.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges a recorded history by the oracle: what was read, who committed beside whom, who was
 * refused, and that time only goes forward.
 */
final class HistoryChecker {
  private final List<Execution> history;
  private final int maxHistoryMillis;
  private final OracleStore oracle = new OracleStore();
  private final Map<Execution, Claims> claims = new HashMap<>();

  /** The claims of each execution by the snapshot that they were made on, oldest first. */
  private final Map<Execution, List<Segment>> segments = new HashMap<>();

  /** Of SERIALIZABLE transactions. */
  private final Map<Execution, Reads> reads = new HashMap<>();

  private final List<String> violations = new ArrayList<>();

  private final boolean isExact;

  /** What a transaction claimed between two renewals. */
  private record Segment(long version, Claims claims) {}

  private HistoryChecker(List<Execution> history, int maxHistoryMillis, boolean isExact) {
    this.history = history;
    this.maxHistoryMillis = maxHistoryMillis;
    this.isExact = isExact;
  }

  /** What is wrong with the history; empty if nothing is. */
  static List<String> check(
      List<Execution> history,
      @Nullable List<ChangeCursor.Commit> changes,
      int maxHistoryMillis,
      boolean isExact) {
    HistoryChecker checker = new HistoryChecker(history, maxHistoryMillis, isExact);
    checker.installCommits();
    if (changes != null) {
      checker.checkChanges(changes);
    }
    for (Execution execution : history) {
      checker.checkOrder(execution);
      if (!execution.blind) {
        checker.checkReads(execution);
        checker.checkRefusals(execution);
      }
      if (execution.serializable && execution.outcome == Outcome.COMMITTED) {
        checker.checkReadsAtCommit(execution);
      }
    }
    checker.checkClaims();
    return checker.violations;
  }

  /** The change log is the store, commit by commit, and views of the past were opened by it. */
  private void checkChanges(List<ChangeCursor.Commit> changes) {
    NavigableMap<String, Value> values = new TreeMap<>();
    NavigableMap<Long, Long> ticks = new TreeMap<>();
    for (ChangeCursor.Commit commit : changes) {
      if (!ticks.isEmpty()
          && (commit.version() <= ticks.lastKey()
              || commit.timeMillis() < ticks.lastEntry().getValue())) {
        violations.add("change " + commit.version() + " comes after " + ticks.lastEntry());
      }
      ticks.put(commit.version(), commit.timeMillis());
      OracleStore.apply(commit, values);
      values.values().removeIf(value -> value.expiryMillis() <= commit.timeMillis());
      if (!values.equals(oracle.view(commit.version(), commit.timeMillis()))) {
        violations.add("change " + commit.version() + " does not lead to the store after it");
      }
    }
    for (Execution execution : history) {
      if (execution.outcome == Outcome.COMMITTED
          && oracle.writes(execution.commitVersion)
          && !ticks.containsKey(execution.commitVersion)) {
        violation(execution, "not in the change log");
      }
      checkOpening(execution, ticks);
    }
  }

  /** No read of the past was refused that is within the history of its keys. */
  private void checkRefusals(Execution execution) {
    for (Step step : execution.steps) {
      if (step instanceof Step.TooOld tooOld && isWithinHistory(execution, tooOld.ranges())) {
        violation(execution, "refused a read that is within history, " + tooOld);
      }
    }
  }

  /**
   * The version and the instant of a view of the past belong together; but not if they are before
   * all histories: then the store need not know, as long as it does not answer wrongly.
   */
  private void checkOpening(Execution execution, NavigableMap<Long, Long> ticks) {
    long begin = execution.millisAfterOpening - maxHistoryMillis;
    if (execution.asked == Asked.BY_VERSION) {
      Long tick = ticks.get(execution.version);
      if (tick != null && tick > begin && tick != execution.instantMillis) {
        violation(execution, "its version has tick " + tick);
      }
    } else if (execution.asked == Asked.BY_INSTANT && execution.instantMillis >= begin) {
      ticks.forEach(
          (version, tick) -> {
            boolean isFinal = execution.instantMillis < execution.millisBeforeOpening;
            if (version <= execution.version && tick > execution.instantMillis) {
              violation(execution, "shows version " + version + " of tick " + tick);
            } else if (version > execution.version && tick <= execution.instantMillis && isFinal) {
              violation(execution, "does not show version " + version + " of tick " + tick);
            }
          });
    }
  }

  /** Whether all that is in {@code ranges} had to be readable. */
  private boolean isWithinHistory(Execution execution, List<Range> ranges) {
    for (Range range : ranges) {
      for (String key : HistoryClient.KEYS_AND_BOUNDS) {
        long begin = execution.millisAfterOpening - Histories.historyMillis(key, maxHistoryMillis);
        // Of the commits of one tick only the last one is within the history that begins there.
        if (range.contains(key)
            && execution.instantMillis < begin + (execution.asked == Asked.BY_VERSION ? 1 : 0)) {
          return false;
        }
      }
    }
    return true;
  }

  private void installCommits() {
    Set<Long> versions = new HashSet<>();
    for (Execution execution : history) {
      Buffer buffer = writesOf(execution);
      Claims claimed = claimsOf(execution.steps, buffer);
      claims.put(execution, claimed);
      segments.put(execution, segmentsOf(execution, buffer));
      if (execution.outcome == Outcome.COMMITTED && !claimed.isEmpty()) {
        if (versions.add(execution.commitVersion)) {
          oracle.install(execution.commitVersion, buffer);
        } else {
          violation(execution, "its version was given to another commit too");
        }
      }
    }
  }

  private static Buffer writesOf(Execution execution) {
    Replay replay = new Replay(new Buffer(new TreeMap<>(), Long.MIN_VALUE));
    execution.steps.forEach(replay::write);
    return replay.buffer;
  }

  /**
   * Claims stay when writes are taken back, but then they change nothing.
   *
   * @param buffer the writes that were not
   */
  private static Claims claimsOf(List<Step> steps, Buffer buffer) {
    Claims claimed = new Claims();
    for (Step step : steps) {
      if (step instanceof Step.Put put) {
        claimed.keys.merge(put.key(), Claim.WRITE, Claim::and);
      } else if (step instanceof Step.PutIfAbsent put) {
        if (put.result()) {
          claimed.keys.merge(put.key(), Claim.WRITE, Claim::and);
        }
      } else if (step instanceof Step.Delete delete) {
        claimed.keys.merge(delete.key(), Claim.WRITE, Claim::and);
      } else if (step instanceof Step.Merge merge) {
        claimed.keys.merge(merge.key(), Claim.MERGE, Claim::and);
      } else if (step instanceof Step.Guard guard) {
        claimed.keys.merge(guard.key(), Claim.GUARD, Claim::and);
      } else if (step instanceof Step.Lock lock) {
        claimed.keys.merge(lock.key(), Claim.LOCK, Claim::and);
      } else if (step instanceof Step.DeleteRange range) {
        Range own = new Range(range.start(), range.end());
        claimed.ranges.add(own);
        if (!buffer.deletes(own)) {
          claimed.keptRanges.add(own);
        }
      } else if (step instanceof Step.Require require) {
        claimed.requirements.merge(require.key(), require.sinceVersion(), Math::min);
      }
    }
    claimed.keys.replaceAll(
        (key, claim) -> buffer.writes(key) ? claim : claim.exclusive ? Claim.LOCK : Claim.GUARD);
    return claimed;
  }

  private static List<Segment> segmentsOf(Execution execution, Buffer buffer) {
    List<Segment> found = new ArrayList<>();
    long version = execution.version;
    int first = 0;
    for (int i = 0; i < execution.steps.size(); i++) {
      if (execution.steps.get(i) instanceof Step.Renew renew) {
        found.add(new Segment(version, claimsOf(execution.steps.subList(first, i), buffer)));
        version = renew.version();
        first = i + 1;
      }
    }
    List<Step> last = execution.steps.subList(first, execution.steps.size());
    found.add(new Segment(version, claimsOf(last, buffer)));
    return found;
  }

  /** The version that an execution read last. */
  private long lastVersion(Execution execution) {
    List<Segment> all = Objects.requireNonNull(segments.get(execution));
    return all.get(all.size() - 1).version();
  }

  /** Whoever begins or commits after a commit returned comes after it. */
  private void checkOrder(Execution execution) {
    if (!execution.blind
        && execution.asked == Asked.NOW
        && execution.version < execution.returnedBefore) {
      violation(execution, "version " + execution.returnedBefore + " had returned before it began");
    }
    for (Step step : execution.steps) {
      if (step instanceof Step.Renew renew && renew.version() < renew.returnedBefore()) {
        violation(execution, "renewed to " + renew.version() + " after " + renew.returnedBefore());
      }
    }
    if (execution.outcome == Outcome.COMMITTED) {
      boolean readOnly = claims(execution).isEmpty();
      if (readOnly && !execution.blind && execution.commitVersion != lastVersion(execution)) {
        violation(execution, "read-only, but its commit is not the version it read");
      }
      if (!readOnly && execution.commitVersion <= execution.returnedBeforeCommit) {
        violation(
            execution, "version " + execution.returnedBeforeCommit + " had returned before it");
      }
    }
  }

  private void checkReads(Execution execution) {
    Replay replay = replay(execution, execution.version, execution.instantMillis, "");
    if (execution.serializable) {
      reads.put(execution, replay.reads);
    }
  }

  /**
   * Everything that a SERIALIZABLE transaction read is also what it would have read at its commit.
   */
  private void checkReadsAtCommit(Execution execution) {
    if (!claims(execution).isEmpty()) {
      replay(
          execution, execution.commitVersion - 1, execution.millisBeforeCommit, " at its commit");
    }
  }

  /** Compares all reads with those of the oracle at (version, instant). */
  private Replay replay(Execution execution, long version, long instantMillis, String when) {
    Buffer buffer = new Buffer(oracle.view(version, instantMillis), execution.instantMillis);
    Replay replay = new Replay(buffer);
    for (int i = 0; i < execution.steps.size(); i++) {
      Step step = execution.steps.get(i);
      if (step instanceof Step.Renew renew) {
        buffer.renew(oracle.view(renew.version(), renew.instantMillis()), renew.instantMillis());
      }
      String problem = replay.read(step);
      if (problem != null) {
        violation(execution, "step " + i + ", " + step + when + ": " + problem);
      }
      replay.write(step);
    }
    return replay;
  }

  /** The claim rule both ways: no conflict was let pass, and none was made up. */
  private void checkClaims() {
    for (Execution execution : history) {
      Claims mine = claims(execution);
      String reason = expired(execution);
      for (Execution other : history) {
        if (other != execution
            && other.outcome == Outcome.COMMITTED
            && !claims(other).isEmpty()
            && (execution.outcome != Outcome.COMMITTED
                || other.commitVersion < execution.commitVersion)) {
          String conflict = conflict(execution, mine, other);
          if (conflict != null) {
            reason = conflict + " with " + other;
            break;
          }
        }
      }
      if (execution.outcome == Outcome.COMMITTED && !mine.isEmpty() && reason != null) {
        violation(execution, "committed in spite of " + reason);
      } else if (execution.outcome == Outcome.CONFLICT
          && isExact
          && reason == null
          && !mayBeRefusedForNothing(execution, mine)) {
        violation(execution, "refused without a reason");
      }
    }
  }

  private @Nullable String conflict(Execution execution, Claims mine, Execution other) {
    Claims theirs = claims(other);
    for (Map.Entry<String, Long> requirement : mine.requirements.entrySet()) {
      if (other.commitVersion > requirement.getValue()
          && ((theirs.changes(requirement.getKey())
                  && !mayBeOverlooked(execution, other, requirement.getKey()))
              || (theirs.locks(requirement.getKey()) && !isForgotten(execution, other))
              || mayBeRefusedFor(execution, theirs))) {
        return "a change of the required " + requirement.getKey();
      }
    }
    if (execution.blind || other.commitVersion <= execution.version) {
      return null;
    }
    String conflict = null;
    for (Segment segment : Objects.requireNonNull(segments.get(execution))) {
      if (conflict == null && other.commitVersion > segment.version()) {
        conflict = segment.claims().conflictWith(theirs);
      }
    }
    if (conflict == null && execution.serializable) {
      String changed = Objects.requireNonNull(reads.get(execution)).changedBy(theirs);
      return changed == null ? null : "a change of " + changed + ", which it read,";
    }
    return conflict;
  }

  /**
   * Whether an entry that a SERIALIZABLE transaction read has expired by its commit. The commit's
   * own time is known to lie between two others, so a commit that passed is given the benefit.
   */
  private @Nullable String expired(Execution execution) {
    if (!execution.serializable) {
      return null;
    }
    long atCommitMillis =
        execution.outcome == Outcome.COMMITTED
            ? execution.millisBeforeCommit
            : execution.millisAfterCommit;
    long expiryMillis = Objects.requireNonNull(reads.get(execution)).firstExpiryMillis;
    return expiryMillis <= atCommitMillis
        ? "an entry it read that expired at " + expiryMillis
        : null;
  }

  /**
   * An engine that is not exact may find, for a batch, that a key has not changed which was absent
   * when its range was deleted.
   */
  private boolean mayBeOverlooked(Execution execution, Execution other, String key) {
    return !isExact
        && execution.blind
        && !claims(other).keys.containsKey(key)
        && !oracle.view(other.commitVersion - 1, Long.MIN_VALUE).containsKey(key);
  }

  /** A batch may require something of a version so old that only a range delete is known of it. */
  private static boolean mayBeRefusedFor(Execution execution, Claims theirs) {
    return execution.blind && execution.outcome == Outcome.CONFLICT && !theirs.ranges.isEmpty();
  }

  /**
   * A batch may require a key that is absent, or has expired, of a version so old that the entries
   * decide; and there need be none any more.
   */
  private boolean mayBeRefusedForNothing(Execution execution, Claims mine) {
    return execution.blind
        && mine.requirements.entrySet().stream()
            .anyMatch(
                requirement ->
                    !oracle
                        .view(requirement.getValue(), execution.millisAfterCommit)
                        .containsKey(requirement.getKey()));
  }

  /** What was only locked is not, once the store was opened anew. */
  private static boolean isForgotten(Execution execution, Execution other) {
    return execution.blind
        && execution.outcome == Outcome.COMMITTED
        && other.commitVersion <= execution.openedVersion;
  }

  private Claims claims(Execution execution) {
    return Objects.requireNonNull(claims.get(execution));
  }

  private void violation(Execution execution, String what) {
    violations.add(execution + ": " + what);
  }
}
