package io.ppdb.lsm.crash;

import io.ppdb.kv.Durability;
import io.ppdb.kv.PpdbException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a store has said to a script, and what therefore has to survive it.
 *
 * <p>A script has {@value #SLOT_COUNT} keys, its slots, in key order: first plain ones, then
 * counters. What a store holds is written as a map from slots to numbers: of a plain slot the
 * number of the commit that put it, of a counter its sum. So a commit that survived in part shows.
 *
 * <p>Not thread-safe.
 */
final class Promises {
  static final int PLAIN_COUNT = 12;
  static final int SLOT_COUNT = 16;

  enum Kind {
    PUT,
    DELETE,
    ADD
  }

  /** What a commit does to one slot; the number is what a counter gets added. */
  record Write(int slot, Kind kind, long number) {}

  /** One commit: deletes the slots from one up to another, then makes its writes. */
  static final class Commit {
    final int deletedFrom;
    final int deletedTo;
    final List<Write> writes;
    final Durability durability;

    /** What the commit returned; 0 until it has. */
    long version;

    Commit(int deletedFrom, int deletedTo, List<Write> writes, Durability durability) {
      this.deletedFrom = deletedFrom;
      this.deletedTo = deletedTo;
      this.writes = writes;
      this.durability = durability;
    }

    @Override
    public String toString() {
      return (deletedFrom < deletedTo ? "[" + deletedFrom + ".." + deletedTo + ") " : "")
          + writes
          + " "
          + durability
          + " at "
          + version;
    }
  }

  /**
   * Commits in the order they were issued, but for those that failed in a way that says they
   * certainly did not happen; the last may not be acknowledged.
   */
  final List<Commit> issued = new ArrayList<>();

  int acknowledgedCount;

  /** How many commits, from the first, are known to survive power loss. */
  int durableCount;

  /** Whether the policies that {@link Script} begins with were acknowledged. */
  boolean hasPolicies;

  /** Whether everything that ever was can still be read. */
  boolean keepsHistory;

  /** The blob thresholds that the plain slots may have: more than one if nobody knows. */
  final Set<Integer> blobThresholds = new TreeSet<>();

  /** Checkpoints that were acknowledged, with how many commits they have. */
  final Map<Path, Integer> checkpoints = new LinkedHashMap<>();

  /** One that was begun and not acknowledged: it may be there, and whole, or not be a store. */
  @Nullable Path unfinishedCheckpoint;

  /** What ended the script before its time. */
  @Nullable PpdbException failure;

  /** What the script itself found wrong. */
  @Nullable String wrong;

  /** Everything acknowledged so far is durable. */
  void allIsDurable() {
    durableCount = acknowledgedCount;
  }

  /** A feed has shown the commit number {@code index}, so it has to stay. */
  void isShown(int index) {
    durableCount = Math.max(durableCount, index + 1);
  }

  /** What a store holds after the first {@code count} commits. */
  Map<Integer, Long> stateAfter(int count) {
    Map<Integer, Long> state = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Commit commit = issued.get(i);
      for (int slot = commit.deletedFrom; slot < commit.deletedTo; slot++) {
        state.remove(slot);
      }
      for (Write write : commit.writes) {
        switch (write.kind) {
          case PUT -> state.put(write.slot, (long) i);
          case DELETE -> state.remove(write.slot);
          case ADD -> state.merge(write.slot, write.number, Long::sum);
        }
      }
    }
    return state;
  }
}
