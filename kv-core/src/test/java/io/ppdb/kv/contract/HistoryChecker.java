package io.ppdb.kv.contract;

import io.ppdb.kv.Limits;
import io.ppdb.kv.contract.Execution.Outcome;
import io.ppdb.kv.contract.OracleStore.Buffer;
import io.ppdb.kv.contract.OracleStore.Claim;
import io.ppdb.kv.contract.OracleStore.Claims;
import io.ppdb.kv.contract.OracleStore.Range;
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
  private final OracleStore oracle = new OracleStore();
  private final Map<Execution, Claims> claims = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  private HistoryChecker(List<Execution> history) {
    this.history = history;
  }

  /** What is wrong with the history; empty if nothing is. */
  static List<String> check(List<Execution> history) {
    HistoryChecker checker = new HistoryChecker(history);
    checker.installCommits();
    for (Execution execution : history) {
      checker.checkOrder(execution);
      if (!execution.blind) {
        checker.checkReads(execution);
      }
    }
    checker.checkClaims();
    return checker.violations;
  }

  private void installCommits() {
    Set<Long> versions = new HashSet<>();
    for (Execution execution : history) {
      Buffer buffer = writesOf(execution);
      Claims claimed = claimsOf(execution, buffer);
      claims.put(execution, claimed);
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
  private static Claims claimsOf(Execution execution, Buffer buffer) {
    Claims claimed = new Claims();
    for (Step step : execution.steps) {
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
        claimed.ranges.add(new Range(range.start(), range.end()));
      } else if (step instanceof Step.Require require) {
        claimed.requirements.merge(require.key(), require.sinceVersion(), Math::min);
      }
    }
    claimed.keys.replaceAll(
        (key, claim) -> buffer.writes(key) ? claim : claim.exclusive ? Claim.LOCK : Claim.GUARD);
    return claimed;
  }

  /** Whoever begins or commits after a commit returned comes after it. */
  private void checkOrder(Execution execution) {
    if (!execution.blind && execution.version < execution.returnedBefore) {
      violation(execution, "version " + execution.returnedBefore + " had returned before it began");
    }
    if (execution.outcome == Outcome.COMMITTED) {
      boolean readOnly = claims(execution).isEmpty();
      if (readOnly && !execution.blind && execution.commitVersion != execution.version) {
        violation(execution, "read-only, but its commit is not the version it read");
      }
      if (!readOnly && execution.commitVersion <= execution.returnedBeforeCommit) {
        violation(
            execution, "version " + execution.returnedBeforeCommit + " had returned before it");
      }
    }
  }

  private void checkReads(Execution execution) {
    Buffer buffer =
        new Buffer(
            oracle.view(execution.version, execution.instantMillis), execution.instantMillis);
    Replay replay = new Replay(buffer);
    for (int i = 0; i < execution.steps.size(); i++) {
      Step step = execution.steps.get(i);
      String problem = replay.read(step);
      if (problem != null) {
        violation(execution, "step " + i + ", " + step + ": " + problem);
      }
      replay.write(step);
    }
  }

  /** The claim rule both ways: no conflict was let pass, and none was made up. */
  private void checkClaims() {
    for (Execution execution : history) {
      Claims mine = claims(execution);
      String reason = null;
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
      } else if (execution.outcome == Outcome.CONFLICT && reason == null) {
        violation(execution, "refused without a reason");
      }
    }
  }

  private @Nullable String conflict(Execution execution, Claims mine, Execution other) {
    Claims theirs = claims(other);
    for (Map.Entry<String, Long> requirement : mine.requirements.entrySet()) {
      if (other.commitVersion > requirement.getValue()
          && (theirs.changeOrLock(requirement.getKey()) || mayBeRefusedFor(execution, theirs))) {
        return "a change of the required " + requirement.getKey();
      }
    }
    return execution.blind || other.commitVersion <= execution.version
        ? null
        : mine.conflictWith(theirs);
  }

  /** A batch may require something of a version so old that only a range delete is known of it. */
  private static boolean mayBeRefusedFor(Execution execution, Claims theirs) {
    return execution.blind && execution.outcome == Outcome.CONFLICT && !theirs.ranges.isEmpty();
  }

  private Claims claims(Execution execution) {
    return Objects.requireNonNull(claims.get(execution));
  }

  private void violation(Execution execution, String what) {
    violations.add(execution + ": " + what);
  }

  /** Replays the steps of one execution over a buffer. */
  private static final class Replay {
    /** A cursor: what it may show, in its direction, and where it stands. */
    private static final class Position {
      final List<String> keys;
      final List<String> entries;
      final boolean descending;
      long left;
      int at = -1;

      /** The index it stood on when the limit stopped it, or -1. */
      int stoppedAt = -1;

      Position(List<String> keys, List<String> entries, boolean descending, long left) {
        this.keys = keys;
        this.entries = entries;
        this.descending = descending;
        this.left = left;
      }
    }

    final Buffer buffer;
    private final Map<Integer, Position> cursors = new HashMap<>();
    private final Map<Integer, Integer> savepoints = new HashMap<>();

    Replay(Buffer buffer) {
      this.buffer = buffer;
    }

    void write(Step step) {
      if (step instanceof Step.PutIfAbsent put) {
        if (put.result()) {
          buffer.add(new Step.Put(put.key(), put.value(), Limits.NO_EXPIRY));
        }
      } else if (step instanceof Step.Put
          || step instanceof Step.Delete
          || step instanceof Step.DeleteRange
          || step instanceof Step.Merge) {
        buffer.add(step);
      } else if (step instanceof Step.Save save) {
        savepoints.put(save.savepoint(), buffer.size());
      } else if (step instanceof Step.RollbackTo rollback) {
        Integer size = savepoints.get(rollback.savepoint());
        buffer.truncate(Objects.requireNonNull(size));
      }
    }

    /** What is wrong with what {@code step} answered, or null. */
    @Nullable String read(Step step) {
      if (step instanceof Step.Get get) {
        return compare(valueOf(get.key()), get.result());
      } else if (step instanceof Step.GetAll all) {
        List<@Nullable String> expected = new ArrayList<>();
        for (String key : all.keys()) {
          expected.add(valueOf(key));
        }
        return compare(expected.toString(), all.result().toString());
      } else if (step instanceof Step.PutIfAbsent put) {
        return compare("" + (valueOf(put.key()) == null), "" + put.result());
      } else if (step instanceof Step.Open open) {
        cursors.put(open.cursor(), open(open));
      } else if (step instanceof Step.Moved moved) {
        return compare(move(moved), moved.result());
      }
      return null;
    }

    private @Nullable String valueOf(String key) {
      Value value = buffer.visible().get(key);
      return value == null ? null : value.text();
    }

    private Position open(Step.Open open) {
      NavigableMap<String, Value> visible = buffer.visible();
      visible.keySet().removeIf(key -> !new Range(open.start(), open.end()).contains(key));
      List<String> keys = new ArrayList<>();
      List<String> entries = new ArrayList<>();
      (open.descending() ? visible.descendingMap() : visible)
          .forEach(
              (key, value) -> {
                keys.add(key);
                entries.add(key + "=" + (open.keysOnly() ? "" : value.text()));
              });
      return new Position(keys, entries, open.descending(), open.maxEntries());
    }

    private @Nullable String move(Step.Moved moved) {
      Position cursor = Objects.requireNonNull(cursors.get(moved.cursor()));
      int count = cursor.keys.size();
      switch (moved.move()) {
        case NEXT -> {
          if (cursor.stoppedAt < 0 && cursor.at < count) {
            if (cursor.left == 0) {
              if (cursor.at >= 0) {
                cursor.stoppedAt = cursor.at;
              }
              cursor.at = count;
            } else if (++cursor.at < count) {
              cursor.left--;
            }
          }
        }
        case PREVIOUS -> {
          if (cursor.stoppedAt >= 0) {
            cursor.at = cursor.stoppedAt;
            cursor.stoppedAt = -1;
          } else if (cursor.at >= 0) {
            cursor.at--;
          }
        }
        case SEEK -> {
          cursor.stoppedAt = -1;
          cursor.at = 0;
          while (cursor.at < count && isBefore(cursor, moved.target())) {
            cursor.at++;
          }
        }
      }
      return cursor.at >= 0 && cursor.at < count ? cursor.entries.get(cursor.at) : null;
    }

    private static boolean isBefore(Position cursor, String target) {
      int order = cursor.keys.get(cursor.at).compareTo(target);
      return cursor.descending ? order > 0 : order < 0;
    }

    private static @Nullable String compare(@Nullable String expected, @Nullable String seen) {
      return Objects.equals(expected, seen)
          ? null
          : "expected " + printable(expected) + ", saw " + printable(seen);
    }

    private static String printable(@Nullable String text) {
      if (text == null) {
        return "nothing";
      }
      StringBuilder printable = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= ' ' && c < 127) {
          printable.append(c);
        } else {
          printable.append(String.format("\\x%02x", (int) c));
        }
      }
      return printable.toString();
    }
  }
}
