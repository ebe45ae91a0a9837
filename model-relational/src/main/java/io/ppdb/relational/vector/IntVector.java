package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Smallint, integer, and date as days since 1970-01-01. */
public final class IntVector extends Vector {
  private int[] values;

  public IntVector(ColumnType type, int capacity) {
    super(type);
    this.values = new int[capacity];
  }

  /** The value array itself; replaced by {@link #ensureCapacity}. */
  public int[] values() {
    return values;
  }

  public int get(int position) {
    return values[position];
  }

  public void set(int position, int value) {
    values[position] = value;
  }

  @Override
  public int capacity() {
    return values.length;
  }

  @Override
  void ensureValues(int count) {
    if (count > values.length) {
      values = Arrays.copyOf(values, count);
    }
  }

  @Override
  void copyValues(Vector source, int @Nullable [] positions, int count, int at) {
    int[] from = ((IntVector) source).values;
    int[] to = values;
    if (positions == null) {
      System.arraycopy(from, 0, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      if (position >= 0) {
        to[at + i] = from[position];
      }
    }
  }

  @Override
  void assignValues(Vector source, int[] positions, int count) {
    int[] from = ((IntVector) source).values;
    for (int i = 0; i < count; i++) {
      values[positions[i]] = from[positions[i]];
    }
  }

  @Override
  long valueBytes() {
    return 4L * values.length;
  }
}
