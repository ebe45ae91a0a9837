package io.ppdb.lsm.compaction;

import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs of about one size are merged when there are {@link CompactionOptions#runsPerLevel} of them,
 * so that an entry is written once for each time the data grows by that factor.
 *
 * <p>Each level is one run, newer above, and the levels are but places: level 0 becomes a run in
 * the lowest free one above all others; neighbours that are merged go where the oldest of them was.
 * A run's <em>tier</em> is how many times it is larger than level 1 may be, as a power of the runs
 * per level. If no place is free, runs sink to where there is one; if there is none, the two
 * neighbours that are the smallest together become one: then the tree is leveled in part.
 */
final class TieredShape implements CompactionShape {
  private static final int LAST_LEVEL = Tree.LEVEL_COUNT - 1;

  private final CompactionOptions options;

  TieredShape(CompactionOptions options) {
    this.options = options;
  }

  @Override
  public @Nullable Compaction pick(Tree tree) {
    if (tree.levelZeroRuns().size() >= options.levelZeroTrigger()) {
      return levelZero(tree);
    }
    return fullTier(tree);
  }

  @Override
  public Compaction levelZero(Tree tree) {
    int free = LAST_LEVEL;
    for (int level = LAST_LEVEL; level > 0; level--) {
      free = tree.tableCount(level) > 0 ? level - 1 : free;
    }
    if (free > 0) {
      return new Compaction(0, free, Compaction.merge(tree, 0, 0).runs());
    }
    Compaction full = fullTier(tree);
    return full != null ? full : makeRoom(tree);
  }

  /** Lets level 1, which is in use, become free, or come nearer to it. */
  private static Compaction makeRoom(Tree tree) {
    for (int level = LAST_LEVEL; level > 1; level--) {
      if (tree.tableCount(level) == 0 && tree.tableCount(level - 1) > 0) {
        return Compaction.move(tree, level - 1, level);
      }
    }
    int cheapest = 1;
    for (int level = 2; level < LAST_LEVEL; level++) {
      if (pairBytes(tree, level) < pairBytes(tree, cheapest)) {
        cheapest = level;
      }
    }
    return Compaction.merge(tree, cheapest, cheapest + 1);
  }

  private static long pairBytes(Tree tree, int level) {
    return tree.sizeInBytes(level) + tree.sizeInBytes(level + 1);
  }

  /**
   * Neighbours from the first to the last run of some tier, of which there are enough, with none of
   * a higher tier between them; null if there is no such tier. The lowest first.
   */
  private @Nullable Compaction fullTier(Tree tree) {
    List<Integer> levels = new ArrayList<>();
    int highest = 0;
    for (int level = 1; level <= LAST_LEVEL; level++) {
      if (tree.tableCount(level) > 0) {
        levels.add(level);
        highest = Math.max(highest, tier(tree, level));
      }
    }
    for (int tier = 0; tier <= highest; tier++) {
      int first = 0;
      int count = 0;
      for (int level : levels) {
        int its = tier(tree, level);
        if (its == tier) {
          first = count == 0 ? level : first;
          count++;
          if (count == options.runsPerLevel()) {
            return Compaction.merge(tree, first, level);
          }
        } else if (its > tier) {
          count = 0;
        }
      }
    }
    return null;
  }

  private int tier(Tree tree, int level) {
    double ratio = (double) tree.sizeInBytes(level) / options.levelOneBytes();
    return (int) Math.max(0, Math.round(Math.log(ratio) / Math.log(options.runsPerLevel())));
  }
}
