package io.ppdb.relational.exec;

import io.ppdb.relational.exec.AsofJoinOperator.Nearest;
import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a right side by key and time: the keys are numbered by a hash table, the rows of one
 * key lie together in the order of their times, in which one is found by binary search.
 *
 * <p>Rows with a NULL in a key or as the time are not in it. Of rows with the same key and time the
 * last one counts if times before are looked for, else the first.
 */
final class AsofIndex {
  private final GroupIndex groups;
  private final Vector times;

  /** Row numbers by key, then by time. */
  private final int[] rows;

  /** Where the rows of each key begin; those of the last one end with the array. */
  private final int[] starts;

  private int[] found = {};

  /**
   * An index of {@code rowCount} rows.
   *
   * @param checkCancelled is run now and then and may throw
   */
  AsofIndex(Vector[] keys, Vector times, int rowCount, Runnable checkCancelled) {
    this.groups = new GroupIndex(types(keys));
    this.times = times;
    int[] live = liveRows(keys, times, rowCount);
    int[] groupOf = groupsOf(keys, live, rowCount, checkCancelled);
    int[] counts = new int[groups.groupCount() + 1];
    for (int row : live) {
      counts[groupOf[row] + 1]++;
    }
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
    this.starts = counts.clone();
    this.rows = new int[live.length];
    for (int row : byTime(times, rowCount, checkCancelled)) {
      if (groupOf[row] >= 0) {
        rows[counts[groupOf[row]]++] = row;
      }
    }
  }

  private static List<ColumnType> types(Vector[] keys) {
    return Arrays.stream(keys).map(Vector::type).toList();
  }

  private static int[] liveRows(Vector[] keys, Vector times, int rowCount) {
    int[] live = new int[rowCount];
    int count = 0;
    for (int row = 0; row < rowCount; row++) {
      if (!times.isNull(row) && !hasNull(keys, row)) {
        live[count++] = row;
      }
    }
    return Arrays.copyOf(live, count);
  }

  private static boolean hasNull(Vector[] keys, int row) {
    for (Vector key : keys) {
      if (key.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  /** The number of each row's key; -1 for rows that are not in the index. */
  private int[] groupsOf(Vector[] keys, int[] live, int rowCount, Runnable checkCancelled) {
    int[] groupOf = new int[rowCount];
    Arrays.fill(groupOf, -1);
    VectorBatch batch = new VectorBatch(keys);
    batch.setRowCount(rowCount);
    int[] numbers = new int[VectorBatch.MAX_ROWS];
    for (int start = 0; start < live.length; start += VectorBatch.MAX_ROWS) {
      checkCancelled.run();
      int count = Math.min(VectorBatch.MAX_ROWS, live.length - start);
      int[] selection = Arrays.copyOfRange(live, start, start + count);
      batch.setSelection(selection, count);
      groups.assign(batch, numbers);
      for (int i = 0; i < count; i++) {
        groupOf[selection[i]] = numbers[i];
      }
    }
    return groupOf;
  }

  private static int[] byTime(Vector times, int rowCount, Runnable checkCancelled) {
    RowBuffer buffer = new RowBuffer(List.of(times.type()));
    VectorBatch all = new VectorBatch(times);
    all.setRowCount(rowCount);
    buffer.append(all);
    return new RowSorter(buffer, List.of(new SortKey(0, false, false)), checkCancelled).sort();
  }

  /**
   * Finds the nearest right row for each live row of a left batch.
   *
   * @param keys the keys of the left rows
   * @param leftTimes their times
   * @param matches receives the row of live row i at index i, -1 if there is none
   */
  void find(VectorBatch batch, Vector[] keys, Vector leftTimes, Nearest nearest, int[] matches) {
    int count = batch.size();
    if (found.length < count) {
      found = new int[count];
    }
    VectorBatch keyed = new VectorBatch(keys);
    keyed.setRowCount(batch.rowCount());
    keyed.setSelection(batch.selection(), count);
    groups.find(keyed, found);
    for (int i = 0; i < count; i++) {
      int position = batch.position(i);
      boolean isNone = found[i] < 0 || leftTimes.isNull(position) || hasNull(keys, position);
      matches[i] = isNone ? -1 : nearest(found[i], leftTimes, position, nearest);
    }
  }

  private int nearest(int group, Vector leftTimes, int position, Nearest nearest) {
    int start = starts[group];
    int end = starts[group + 1];
    boolean equalIsBefore = nearest == Nearest.AT_OR_BEFORE || nearest == Nearest.AFTER;
    int low = start;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Comparison.compare(times, rows[middle], leftTimes, position);
      if (order < 0 || (order == 0 && equalIsBefore)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    boolean isBefore = nearest == Nearest.AT_OR_BEFORE || nearest == Nearest.BEFORE;
    int index = isBefore ? low - 1 : low;
    return index < start || index >= end ? -1 : rows[index];
  }

  long sizeInBytes() {
    return groups.sizeInBytes() + times.sizeInBytes() + 4L * rows.length + 4L * starts.length;
  }
}
