package io.ppdb.lsm.compaction;

import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.compaction.Compaction.Reason;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to compact: first what costs nothing, then what cannot wait, then the shape, and
 * when that is well what has much garbage.
 *
 * <p>Not thread-safe.
 */
public final class CompactionPicker {
  /** So many times more tables in level 0 than call for a compaction come before deletes. */
  private static final int PRESSING = 2;

  private final CompactionOptions options;
  private final CompactionShape shape;
  private final GarbagePicker garbage;

  public CompactionPicker(CompactionOptions options) {
    this.options = options;
    this.shape = CompactionShape.of(options);
    this.garbage = new GarbagePicker(options, shape);
  }

  /** The next compaction, or null if the tree is well. */
  public @Nullable Compaction pick(Tree tree, GarbageHorizon horizon) throws IOException {
    CoveredTables covered = CoveredTables.of(tree, horizon);
    Compaction next = covered == null ? null : covered.whole();
    if (next == null && tree.levelZeroRuns().size() >= PRESSING * options.levelZeroTrigger()) {
      next = shape.pick(tree);
    }
    if (next == null) {
      next = garbage.overdue(tree, horizon);
    }
    if (next == null) {
      next = shape.pick(tree);
    }
    return next == null ? garbage.worthwhile(tree, horizon, covered) : next;
  }

  /** Tells what came of a compaction. */
  public void done(Compaction compaction, List<TableMeta> outputs, long nowMillis) {
    garbage.done(compaction, outputs, nowMillis);
  }

  /** About how many bytes of the tables are garbage, as far as it is forecast. */
  public static long garbageBytes(Tree tree, GarbageHorizon horizon) {
    long bytes = 0;
    for (TableFile file : tree.tables()) {
      bytes += GarbagePicker.garbageBytes(file, horizon);
    }
    return bytes;
  }

  /**
   * The table below level 0 that has most of the blob files {@code numbers}, to be rewritten where
   * it is; null if none has any of them.
   */
  public static @Nullable Compaction rewriting(Tree tree, Set<Long> numbers) {
    Compaction chosen = null;
    long most = 0;
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      for (TableFile file : tree.level(level)) {
        long bytes = 0;
        for (BlobReference blob : file.meta().properties().blobs()) {
          bytes += numbers.contains(blob.fileNumber()) ? blob.valueBytes() : 0;
        }
        if (bytes > most) {
          most = bytes;
          chosen = Compaction.rewrite(file, level, Reason.BLOBS);
        }
      }
    }
    return chosen;
  }

  /** Everything into the deepest level in use; null if there is nothing. */
  public static @Nullable Compaction everything(Tree tree) {
    int deepest = 1;
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      deepest = tree.tableCount(level) > 0 ? level : deepest;
    }
    List<List<TableFile>> runs = Compaction.merge(tree, 0, deepest).runs();
    return runs.isEmpty() ? null : new Compaction(deepest, deepest, runs, Reason.REQUESTED, null);
  }
}
