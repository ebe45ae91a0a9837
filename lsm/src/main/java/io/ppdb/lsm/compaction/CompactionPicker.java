package io.ppdb.lsm.compaction;

import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses what to compact. Not thread-safe. */
public final class CompactionPicker {
  private final CompactionShape shape;

  public CompactionPicker(CompactionOptions options) {
    this.shape = CompactionShape.of(options);
  }

  /** The next compaction, or null if the tree has its shape. */
  public @Nullable Compaction pick(Tree tree) {
    return shape.pick(tree);
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
          chosen = new Compaction(level, level, List.of(List.of(file)));
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
    return runs.isEmpty() ? null : new Compaction(deepest, deepest, runs);
  }
}
