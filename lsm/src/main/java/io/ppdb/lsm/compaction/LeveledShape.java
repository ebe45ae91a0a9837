package io.ppdb.lsm.compaction;

import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each level is some times larger than the one above, so that a read asks few runs and little is
 * there twice: the level that exceeds its target most is compacted into the next.
 *
 * <p>Level 0 counts runs, since every read may have to ask each of them; all are taken at once. The
 * others count bytes, and give up one table at a time, going round by key.
 *
 * <p>No level is deeper than the data needs: a run goes up to a level that is empty if it fits
 * there, and if all would easily fit in one level less, the last but one gives up all it has. So
 * what was tiered before, or was mostly deleted, becomes leveled.
 */
final class LeveledShape implements CompactionShape {
  private final CompactionOptions options;

  /** Target of each level from 1 on, in bytes. */
  private final long[] targets = new long[Tree.LEVEL_COUNT];

  /** For each level, where the table taken last ends; null to begin with the first one. */
  private final byte[] @Nullable [] lastEnds = new byte[Tree.LEVEL_COUNT][];

  LeveledShape(CompactionOptions options) {
    this.options = options;
    long target = options.levelOneBytes();
    for (int level = 1; level < targets.length; level++) {
      targets[level] = target;
      boolean isHuge = target > Long.MAX_VALUE / options.levelMultiplier();
      target = isHuge ? Long.MAX_VALUE : target * options.levelMultiplier();
    }
  }

  @Override
  public @Nullable Compaction pick(Tree tree) {
    int level = 0;
    double highest = (double) tree.levelZeroRuns().size() / options.levelZeroTrigger();
    int drained = drainedLevel(tree);
    for (int i = 1; i < Tree.LEVEL_COUNT - 1; i++) {
      double score = (double) tree.sizeInBytes(i) / targets[i];
      score = i == drained ? Math.max(1, score) : score;
      if (score > highest) {
        highest = score;
        level = i;
      }
    }
    if (highest < 1) {
      return lift(tree);
    }
    return level == 0 ? levelZero(tree) : oneTable(tree, level);
  }

  @Override
  public Compaction levelZero(Tree tree) {
    List<TableFile> inputs = tree.level(0);
    List<List<TableFile>> runs = new ArrayList<>();
    Compaction.addLevelZero(runs, tree);
    Compaction.addRun(runs, tree.overlapping(1, Compaction.bounds(inputs)));
    return new Compaction(0, 1, runs);
  }

  /** The last but one of the levels in use, if all would take half of the others; or 0. */
  private int drainedLevel(Tree tree) {
    int deepest = deepest(tree);
    double bytes = 0;
    double room = 0;
    for (int level = 1; level <= deepest; level++) {
      bytes += tree.sizeInBytes(level);
      room += level < deepest ? targets[level] : 0;
    }
    return deepest >= 2 && tree.tableCount(deepest - 1) > 0 && 2 * bytes <= room ? deepest - 1 : 0;
  }

  private static int deepest(Tree tree) {
    int deepest = Tree.LEVEL_COUNT - 1;
    while (deepest > 0 && tree.tableCount(deepest) == 0) {
      deepest--;
    }
    return deepest;
  }

  /** A run as far up as levels are empty and have room for it. */
  private @Nullable Compaction lift(Tree tree) {
    int above = 0;
    for (int level = 1; level < Tree.LEVEL_COUNT; level++) {
      if (tree.tableCount(level) > 0) {
        int free = above + 1;
        while (free < level && tree.sizeInBytes(level) > targets[free]) {
          free++;
        }
        if (free < level) {
          return Compaction.move(tree, level, free);
        }
        above = level;
      }
    }
    return null;
  }

  private Compaction oneTable(Tree tree, int level) {
    List<TableFile> files = tree.level(level);
    byte[] last = lastEnds[level];
    TableFile chosen = files.get(0);
    if (last != null) {
      for (TableFile file : files) {
        if (Arrays.compareUnsigned(file.bounds().start(), last) >= 0) {
          chosen = file;
          break;
        }
      }
    }
    lastEnds[level] = chosen.bounds().end();
    return Compaction.down(tree, chosen, level, level + 1);
  }
}
