package io.ppdb.lsm.compaction;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.Tree;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether no level below some level has a key. Keys are asked rising, so each level is walked once.
 */
public final class LowestCheck implements Predicate<Slice> {
  private final Tree tree;
  private final int outputLevel;
  private final int[] positions = new int[Tree.LEVEL_COUNT];

  /** A check of the levels below {@code outputLevel}, which must not change meanwhile. */
  public LowestCheck(Tree tree, int outputLevel) {
    this.tree = tree;
    this.outputLevel = outputLevel;
  }

  /** Whether no level below has anything in {@code range}; asked in any order. */
  public boolean isLowest(KeyRange range) {
    for (int level = outputLevel + 1; level < Tree.LEVEL_COUNT; level++) {
      if (!tree.overlapping(level, range).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean test(Slice key) {
    for (int level = outputLevel + 1; level < Tree.LEVEL_COUNT; level++) {
      List<TableFile> files = tree.level(level);
      int at = positions[level];
      while (at < files.size() && files.get(at).isBefore(key)) {
        at++;
      }
      positions[level] = at;
      if (at < files.size() && files.get(at).covers(key)) {
        return false;
      }
    }
    return true;
  }
}
