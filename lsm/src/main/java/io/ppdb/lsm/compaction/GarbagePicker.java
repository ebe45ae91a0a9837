package io.ppdb.lsm.compaction;

import io.ppdb.kv.Limits;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.compaction.Compaction.Reason;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.TableGarbage;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses tables for what they have that no view can see any more.
 *
 * <p>Nothing is rewritten in vain again and again: forecasts are only of what was not garbage yet
 * when a table was written; and a table that was rewritten for a delete that had to go, or without
 * much gain, <em>rests</em>, for that reason, for half the time within which deletes go.
 *
 * <p>Not thread-safe.
 */
final class GarbagePicker {
  /** A table is rewritten if this part of it is garbage. */
  private static final double WORTHWHILE = 0.25;

  /** A rewriting that leaves more than this part was in vain. */
  private static final double IN_VAIN = 0.875;

  private record Rest(long tableNumber, Reason reason) {}

  private final CompactionShape shape;

  /** How long after it has been forgotten a delete is left to the shape's compactions. */
  private final long patienceMillis;

  /** Until when tables rest. */
  private final Map<Rest, Long> rests = new HashMap<>();

  GarbagePicker(CompactionOptions options, CompactionShape shape) {
    this.shape = shape;
    this.patienceMillis = options.deleteWithin().toMillis() / 2;
  }

  /**
   * The uppermost table with a delete, or an expired entry, that should be gone soon: towards what
   * it deletes, or to be rewritten if there is nothing of that.
   */
  @Nullable Compaction overdue(Tree tree, GarbageHorizon horizon) {
    forgetRests(tree);
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        if (isOverdue(file, horizon) && !rests(file, Reason.OVERDUE, horizon)) {
          return (level == 0 ? shape.levelZero(tree) : towardsOlder(tree, file, level))
              .because(Reason.OVERDUE);
        }
      }
    }
    return null;
  }

  private boolean isOverdue(TableFile file, GarbageHorizon horizon) {
    TableProperties table = file.meta().properties();
    long version = DeleteTicks.oldestVersion(table);
    boolean expires = table.minExpiryMillis() != Limits.NO_EXPIRY;
    if (version == 0 && !expires) {
      return false;
    }
    Horizon forgotten = horizon.of(file.bounds());
    return (version > 0
            && version <= forgotten.version()
            && horizon.reachedMillis(forgotten.version()) - patienceMillis
                >= table.garbage().oldestDeleteMillis())
        || (expires
            && forgotten.instantMillis() != Long.MIN_VALUE
            && forgotten.instantMillis() - patienceMillis >= table.minExpiryMillis());
  }

  private static Compaction towardsOlder(Tree tree, TableFile file, int level) {
    for (int below = level + 1; below < Tree.LEVEL_COUNT; below++) {
      if (!tree.overlapping(below, file.bounds()).isEmpty()) {
        return Compaction.down(tree, file, level, below);
      }
    }
    return Compaction.rewrite(file, level, Reason.OVERDUE);
  }

  /** The table with most garbage, if it has enough; by what is forecast, or {@code covered}. */
  @Nullable Compaction worthwhile(
      Tree tree, GarbageHorizon horizon, @Nullable CoveredTables covered) throws IOException {
    Compaction chosen = null;
    double most = WORTHWHILE;
    for (int level = 0; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        long rawBytes = Math.max(1, file.meta().properties().rawBytes());
        double part = (double) garbageBytes(file, horizon) / rawBytes;
        if (part >= most && !rests(file, Reason.GARBAGE, horizon)) {
          most = part;
          chosen =
              level == 0
                  ? shape.levelZero(tree).because(Reason.GARBAGE)
                  : Compaction.rewrite(file, level, Reason.GARBAGE);
        }
        if (level > 0 && covered != null && !rests(file, Reason.COVERED_PARTLY, horizon)) {
          double hidden = (double) covered.hiddenBytes(file) / rawBytes;
          RangeTombstones over = hidden < most ? null : covered.over(file);
          if (over != null) {
            most = hidden;
            chosen = Compaction.rewrite(file, level, Reason.COVERED_PARTLY).under(over);
          }
        }
      }
    }
    return chosen;
  }

  /** About how many bytes of a table are garbage, as far as it is forecast. */
  static long garbageBytes(TableFile file, GarbageHorizon horizon) {
    TableGarbage garbage = file.meta().properties().garbage();
    if (garbage.superseded().bytes() == 0 && garbage.expiring().bytes() == 0) {
      return 0;
    }
    Horizon forgotten = horizon.of(file.bounds());
    return garbage.superseded().bytesBy(forgotten.version())
        + garbage.expiring().bytesBy(forgotten.instantMillis());
  }

  /** Tells what came of a compaction. */
  void done(Compaction compaction, List<TableMeta> outputs, long nowMillis) {
    if (!compaction.isRewriting()) {
      return;
    }
    long before = 0;
    for (TableFile input : compaction.inputs()) {
      before += input.meta().sizeInBytes();
    }
    long after = outputs.stream().mapToLong(TableMeta::sizeInBytes).sum();
    if (compaction.reason() == Reason.OVERDUE || after > IN_VAIN * before) {
      for (TableMeta output : outputs) {
        rests.put(new Rest(output.number(), compaction.reason()), nowMillis + patienceMillis);
      }
    }
  }

  private boolean rests(TableFile file, Reason reason, GarbageHorizon horizon) {
    Long until = rests.get(new Rest(file.meta().number(), reason));
    return until != null && horizon.nowMillis() < until;
  }

  private void forgetRests(Tree tree) {
    if (rests.isEmpty()) {
      return;
    }
    Set<Long> numbers = new HashSet<>();
    tree.tables().forEach(file -> numbers.add(file.meta().number()));
    rests.keySet().removeIf(rest -> !numbers.contains(rest.tableNumber()));
  }
}
