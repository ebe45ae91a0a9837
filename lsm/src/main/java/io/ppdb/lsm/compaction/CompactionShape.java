package io.ppdb.lsm.compaction;

import io.ppdb.lsm.tree.Tree;
import org.jspecify.annotations.Nullable;

/** The form that a tree is to have: leveled or tiered. Not thread-safe. */
interface CompactionShape {
  /** The shape that {@code options} ask for. */
  static CompactionShape of(CompactionOptions options) {
    return options.isTiered() ? new TieredShape(options) : new LeveledShape(options);
  }

  /** What brings the tree nearer to this shape, or null if it has it. */
  @Nullable Compaction pick(Tree tree);

  /** All of level 0, which has something, into the run where this shape has it. */
  Compaction levelZero(Tree tree);
}
