package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * array_agg: the values of a group in the order they come, NULLs among them. All values lie in one
 * vector; those of a group are a list of their positions, linked backwards.
 */
final class ArrayAggregator implements Accumulator {
  private final Vector values;
  private final boolean emptyIfNone;
  private int valueCount;

  /** For each value the one before it in its group, or -1. */
  private int[] previous = {};

  /** For each group its last value, or -1. */
  private int[] last = {};

  private int[] sizes = {};
  private final int[] single = new int[1];

  /**
   * @param element the type of the values
   * @param emptyIfNone whether no values make an empty array, as in a sub-query, and not NULL
   */
  ArrayAggregator(ColumnType element, boolean emptyIfNone) {
    this.values = Vector.create(element, 0);
    this.emptyIfNone = emptyIfNone;
  }

  @Override
  public boolean wantsNulls() {
    return true;
  }

  @Override
  public void ensureGroups(int groupCount) {
    int known = last.length;
    if (groupCount > known) {
      int capacity = Math.max(groupCount, known * 2);
      last = Arrays.copyOf(last, capacity);
      Arrays.fill(last, known, capacity, -1);
      sizes = Arrays.copyOf(sizes, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (valueCount + count > previous.length) {
      previous = Arrays.copyOf(previous, Math.max(valueCount + count, 2 * previous.length));
    }
    for (int i = 0; i < count; i++) {
      int group = groups == null ? 0 : groups[i];
      single[0] = selection == null ? i : selection[i];
      values.copy(arguments[0], single, 1, valueCount);
      previous[valueCount] = last[group];
      last[group] = valueCount++;
      sizes[group]++;
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      int size = sizes[first + i];
      if (size == 0 && !emptyIfNone) {
        result.setNull(i);
        continue;
      }
      int[] positions = new int[size];
      int position = last[first + i];
      for (int at = size - 1; at >= 0; at--) {
        positions[at] = position;
        position = previous[position];
      }
      ArrayCodec.set((BytesVector) result, i, values, positions, size);
    }
  }

  @Override
  public long sizeInBytes() {
    return values.sizeInBytes() + 4L * (previous.length + last.length + sizes.length);
  }
}
