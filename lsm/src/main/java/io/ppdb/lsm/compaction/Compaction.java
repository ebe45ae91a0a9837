package io.ppdb.lsm.compaction;

import io.ppdb.lsm.tree.TableFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables to be merged into one level.
 *
 * @param level where they come from; the output level if they are rewritten in any case
 * @param outputLevel where the result goes
 * @param runs the tables, in groups that are sorted and share no key within themselves
 */
public record Compaction(int level, int outputLevel, List<List<TableFile>> runs) {

  /** All tables that the result replaces. */
  public List<TableFile> inputs() {
    List<TableFile> inputs = new ArrayList<>();
    runs.forEach(inputs::addAll);
    return inputs;
  }

  /** Whether the one input can go down as it is. */
  public boolean isTrivialMove() {
    return outputLevel > level && runs.size() == 1 && runs.get(0).size() == 1;
  }
}
