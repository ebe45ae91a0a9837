package io.ppdb.lsm.compaction;

import io.ppdb.lsm.tree.Tree;

/**
 * How far compaction is behind, as a part of what is bearable: from 0, where nobody has to wait, to
 * 1.
 */
public final class CompactionDebt {
  /** Levels may exceed their targets by so many times what level 2 may have, unnoticed. */
  private static final int EASY_LEVELS = 2;

  /** And by so many at most. */
  private static final int MAX_LEVELS = 8;

  private CompactionDebt() {}

  /**
   * The debt of a tree.
   *
   * @param slowdownTableCount tables in level 0 with which it begins
   * @param stopTableCount tables in level 0 with which it is 1
   */
  public static double of(
      Tree tree, CompactionOptions options, int slowdownTableCount, int stopTableCount) {
    int tables = tree.levelZeroRuns().size() - slowdownTableCount + 1;
    double byTables = (double) tables / Math.max(1, stopTableCount - slowdownTableCount);
    double unit = (double) options.levelOneBytes() * options.levelMultiplier();
    double byBytes = 0;
    if (!options.isTiered()) {
      byBytes = (excessBytes(tree, options) / unit - EASY_LEVELS) / (MAX_LEVELS - EASY_LEVELS);
    }
    return Math.max(0, Math.min(1, Math.max(byTables, byBytes)));
  }

  /** What levels have beyond their targets, but for the last: nothing has to go on from there. */
  private static double excessBytes(Tree tree, CompactionOptions options) {
    double excess = 0;
    double target = options.levelOneBytes();
    for (int level = 1; level < Tree.LEVEL_COUNT && !tree.isLast(level); level++) {
      excess += Math.max(0, tree.sizeInBytes(level) - target);
      target *= options.levelMultiplier();
    }
    return excess;
  }
}
