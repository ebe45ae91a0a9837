package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.vector.Vector;
import java.util.function.IntConsumer;

/**
 * The least or greatest value of a range, by a tree whose leaves are the rows of the partition and
 * whose nodes have the better one of two (a segment tree).
 */
final class RollingExtreme implements RollingAggregate {
  private static final int NONE = -1;

  private final Vector argument;
  private final int sign;
  private final int[] best = {NONE};
  private int start;
  private int size;

  /** The row of node i's subtree; the children of i are 2i and 2i + 1, the leaves begin at size. */
  private int[] tree = {};

  /**
   * @param sign -1 for the least value, 1 for the greatest
   */
  RollingExtreme(Vector argument, int sign) {
    this.argument = argument;
    this.sign = sign;
  }

  @Override
  public void begin(WindowPartition partition, IntConsumer checkCancelled) {
    start = partition.start();
    size = partition.size();
    tree = new int[2 * size];
    for (int i = 0; i < size; i++) {
      checkCancelled.accept(i);
      int row = partition.order()[start + i];
      tree[size + i] = argument.isNull(row) ? NONE : row;
    }
    for (int node = size - 1; node > 0; node--) {
      checkCancelled.accept(node);
      tree[node] = better(tree[2 * node], tree[2 * node + 1]);
    }
  }

  private int better(int first, int second) {
    if (first == NONE || second == NONE) {
      return first == NONE ? second : first;
    }
    return Comparison.compare(argument, second, argument, first) * sign > 0 ? second : first;
  }

  @Override
  public void emit(int[] bounds, int count, Vector result) {
    int row = NONE;
    for (int i = 0; i < count; i += 2) {
      int low = bounds[i] - start + size;
      int high = bounds[i + 1] - start + size;
      while (low < high) {
        if ((low & 1) == 1) {
          row = better(row, tree[low++]);
        }
        if ((high & 1) == 1) {
          row = better(row, tree[--high]);
        }
        low >>= 1;
        high >>= 1;
      }
    }
    best[0] = row;
    result.copy(argument, best, 1, 0);
  }

  @Override
  public long sizeInBytes() {
    return 4L * tree.length;
  }
}
