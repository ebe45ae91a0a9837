package io.ppdb.kv.contract;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.WriteBatch;
import java.nio.charset.StandardCharsets;
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
 * The contract, executable: part 1 of {@code docs/design/transactions.md} word by word.
 *
 * <p>Keeps every commit for ever and computes every view by replaying all commits from the first.
 * Slow, single-threaded and without any cleverness, so that it can be seen to be right. Keys are
 * ASCII texts, whose order is that of their bytes; values are Latin-1 texts.
 */
final class OracleStore {
  /** A value and when it expires. */
  record Value(String text, long expiryMillis) {}

  /** What a commit does to one key. */
  sealed interface Write {
    record Put(Value value) implements Write {}

    record Delete() implements Write {}

    record Merge(MergeOperator operator, String operand) implements Write {}
  }

  /** {@code [start, end)}. */
  record Range(String start, String end) {
    boolean contains(String key) {
      return key.compareTo(start) >= 0 && key.compareTo(end) < 0;
    }

    boolean overlaps(Range other) {
      return start.compareTo(end) < 0
          && other.start.compareTo(other.end) < 0
          && start.compareTo(other.end) < 0
          && other.start.compareTo(end) < 0;
    }
  }

  /** How a key is claimed. */
  enum Claim {
    GUARD(false, false),
    MERGE(false, true),
    LOCK(true, false),
    WRITE(true, true);

    final boolean exclusive;
    final boolean changes;

    Claim(boolean exclusive, boolean changes) {
      this.exclusive = exclusive;
      this.changes = changes;
    }

    Claim and(@Nullable Claim other) {
      if (other == null) {
        return this;
      }
      boolean bothExclusive = exclusive || other.exclusive;
      boolean bothChange = changes || other.changes;
      return bothExclusive ? (bothChange ? WRITE : LOCK) : (bothChange ? MERGE : GUARD);
    }
  }

  /** What a transaction claims and requires; also of writes that it took back. */
  static final class Claims {
    final Map<String, Claim> keys = new HashMap<>();
    final List<Range> ranges = new ArrayList<>();

    /** Those of {@link #ranges} whose deletion was taken back. */
    final List<Range> keptRanges = new ArrayList<>();

    final Map<String, Long> requirements = new HashMap<>();

    boolean isEmpty() {
      return keys.isEmpty() && ranges.isEmpty();
    }

    /** Why both cannot commit, or null: the claim rule. */
    @Nullable String conflictWith(Claims other) {
      for (Map.Entry<String, Claim> mine : keys.entrySet()) {
        Claim theirs = other.keys.get(mine.getKey());
        if (theirs != null && (theirs.exclusive || mine.getValue().exclusive)) {
          return mine.getKey() + ": " + mine.getValue() + " and " + theirs;
        }
        for (Range range : other.ranges) {
          if (range.contains(mine.getKey())) {
            return mine.getKey() + " in deleted " + range;
          }
        }
      }
      for (Range range : ranges) {
        for (String key : other.keys.keySet()) {
          if (range.contains(key)) {
            return "deleted " + range + " has " + key;
          }
        }
        for (Range theirs : other.ranges) {
          if (range.overlaps(theirs)) {
            return range + " overlaps " + theirs;
          }
        }
      }
      return null;
    }

    /** Whether these claims change {@code key}. */
    boolean changes(String key) {
      Claim claim = keys.get(key);
      return (claim != null && claim.changes)
          || ranges.stream().anyMatch(range -> range.contains(key) && !keptRanges.contains(range));
    }

    /** Whether these claims have {@code key} exclusively and leave it as it is. */
    boolean locks(String key) {
      return keys.get(key) == Claim.LOCK
          || keptRanges.stream().anyMatch(range -> range.contains(key));
    }
  }

  /** What a SERIALIZABLE transaction has read of the store, own writes aside. */
  static final class Reads {
    final Set<String> keys = new HashSet<>();
    final List<Range> ranges = new ArrayList<>();

    /** When the first of the entries that it saw expires. */
    long firstExpiryMillis = Limits.NO_EXPIRY;

    /** What of it a commit with these claims changed, or null. */
    @Nullable String changedBy(Claims other) {
      for (Map.Entry<String, Claim> claim : other.keys.entrySet()) {
        String key = claim.getKey();
        if (claim.getValue().changes
            && (keys.contains(key) || ranges.stream().anyMatch(range -> range.contains(key)))) {
          return key;
        }
      }
      for (Range deleted : other.ranges) {
        if (keys.stream().anyMatch(deleted::contains)
            || ranges.stream().anyMatch(range -> range.overlaps(deleted))) {
          return "something in " + deleted;
        }
      }
      return null;
    }
  }

  /** A commit: at most one write a key; at one version points beat range tombstones. */
  private record Commit(Map<String, Write> writes, List<Range> tombstones) {}

  private final TreeMap<Long, Commit> commits = new TreeMap<>();

  /** A sequence of writes under way: what a transaction reads and what it will install. */
  static final class Buffer {
    private NavigableMap<String, Value> view;
    private long instantMillis;
    private final List<Step> writes = new ArrayList<>();

    Buffer(NavigableMap<String, Value> view, long instantMillis) {
      this.view = view;
      this.instantMillis = instantMillis;
    }

    /** Puts the writes on top of another view. */
    void renew(NavigableMap<String, Value> newView, long newInstantMillis) {
      view = newView;
      instantMillis = newInstantMillis;
    }

    void add(Step write) {
      writes.add(write);
    }

    int size() {
      return writes.size();
    }

    /** Whether the deletion of just this range is among the writes. */
    boolean deletes(Range range) {
      return writes.contains(new Step.DeleteRange(range.start(), range.end()));
    }

    void truncate(int size) {
      writes.subList(size, writes.size()).clear();
    }

    /** Whether a write of {@code key} itself is among the writes. */
    boolean writes(String key) {
      return fold().writes.containsKey(key)
          || writes.stream()
              .anyMatch(
                  w ->
                      w instanceof Step.DeleteRange r
                          && new Range(r.start(), r.end()).contains(key));
    }

    /** The keys whose value the writes alone decide: a read of them is none of the store. */
    Set<String> decided() {
      Set<String> decided = new HashSet<>();
      fold()
          .writes
          .forEach(
              (key, write) -> {
                if (!(write instanceof Write.Merge)) {
                  decided.add(key);
                }
              });
      return decided;
    }

    /** The view with all writes on top, in order. */
    NavigableMap<String, Value> visible() {
      NavigableMap<String, Value> visible = new TreeMap<>(view);
      for (Step write : writes) {
        if (write instanceof Step.Put put) {
          visible.put(put.key(), new Value(put.value(), put.expiryMillis()));
        } else if (write instanceof Step.Delete delete) {
          visible.remove(delete.key());
        } else if (write instanceof Step.DeleteRange range) {
          visible.keySet().removeIf(new Range(range.start(), range.end())::contains);
        } else if (write instanceof Step.Merge merge) {
          Value below = visible.get(merge.key());
          visible.put(merge.key(), OracleStore.fold(merge.operator(), below, merge.operand()));
        } else {
          throw new IllegalArgumentException("not a write: " + write);
        }
      }
      visible.values().removeIf(value -> value.expiryMillis() <= instantMillis);
      return visible;
    }

    /** The writes folded to one a key. */
    private Commit fold() {
      Map<String, Write> folded = new HashMap<>();
      List<Range> tombstones = new ArrayList<>();
      for (Step write : writes) {
        if (write instanceof Step.Put put) {
          folded.put(put.key(), new Write.Put(new Value(put.value(), put.expiryMillis())));
        } else if (write instanceof Step.Delete delete) {
          folded.put(delete.key(), new Write.Delete());
        } else if (write instanceof Step.DeleteRange step) {
          Range range = new Range(step.start(), step.end());
          folded.keySet().removeIf(range::contains);
          tombstones.add(range);
        } else if (write instanceof Step.Merge merge) {
          Write before = folded.get(merge.key());
          if (before == null && tombstones.stream().anyMatch(r -> r.contains(merge.key()))) {
            before = new Write.Delete();
          }
          folded.put(merge.key(), fold(before, merge));
        }
      }
      return new Commit(folded, tombstones);
    }

    private static Write fold(@Nullable Write before, Step.Merge merge) {
      MergeOperator operator = merge.operator();
      if (before instanceof Write.Put put) {
        return new Write.Put(OracleStore.fold(operator, put.value(), merge.operand()));
      }
      if (before instanceof Write.Delete) {
        return new Write.Put(OracleStore.fold(operator, null, merge.operand()));
      }
      if (before instanceof Write.Merge earlier) {
        byte[] both = operator.combine(bytes(earlier.operand()), bytes(merge.operand()));
        return new Write.Merge(operator, text(both));
      }
      return new Write.Merge(operator, merge.operand());
    }
  }

  /** What a view at (version, instant) sees. */
  NavigableMap<String, Value> view(long version, long instantMillis) {
    NavigableMap<String, Value> values = new TreeMap<>();
    for (Commit commit : commits.headMap(version, true).values()) {
      for (Range tombstone : commit.tombstones) {
        values.keySet().removeIf(tombstone::contains);
      }
      commit.writes.forEach(
          (key, write) -> {
            if (write instanceof Write.Put put) {
              values.put(key, put.value());
            } else if (write instanceof Write.Delete) {
              values.remove(key);
            } else if (write instanceof Write.Merge merge) {
              values.put(key, fold(merge.operator(), values.get(key), merge.operand()));
            }
          });
    }
    values.values().removeIf(value -> value.expiryMillis() <= instantMillis);
    return values;
  }

  /** Whether anything was written at {@code version}. */
  boolean writes(long version) {
    Commit commit = commits.get(version);
    return commit != null && !(commit.writes.isEmpty() && commit.tombstones.isEmpty());
  }

  /** Does what a commit of the change log says. */
  static void apply(ChangeCursor.Commit commit, Map<String, Value> values) {
    for (KeyRange range : commit.deletedRanges()) {
      values.keySet().removeIf(key -> range.contains(bytes(key)));
    }
    commit.writes().forEach(write -> apply(write, values));
  }

  private static void apply(WriteBatch.Write write, Map<String, Value> values) {
    String key = text(write.key());
    switch (write.kind()) {
      case PUT -> values.put(key, new Value(text(write.value()), write.expiryMillis()));
      case DELETE -> values.remove(key);
      case MERGE ->
          values.put(
              key,
              fold(Objects.requireNonNull(write.operator()), values.get(key), text(write.value())));
    }
  }

  /** Installs the writes of a buffer at {@code version}. */
  void install(long version, Buffer buffer) {
    if (commits.put(version, buffer.fold()) != null) {
      throw new IllegalArgumentException("two commits at version " + version);
    }
  }

  private static Value fold(MergeOperator operator, @Nullable Value below, String operand) {
    byte[] value = below == null ? null : bytes(below.text());
    return new Value(text(operator.apply(value, bytes(operand))), Limits.NO_EXPIRY);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
