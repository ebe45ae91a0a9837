package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Truth values. */
public final class BooleanVector extends Vector {
  private boolean[] values;

  public BooleanVector(ColumnType type, int capacity) {
    super(type);
    this.values = new boolean[capacity];
  }

  /** The value array itself; replaced by {@link #ensureCapacity}. */
  public boolean[] values() {
    return values;
  }

  public boolean get(int position) {
    return values[position];
  }

  public void set(int position, boolean value) {
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
    boolean[] from = ((BooleanVector) source).values;
    boolean[] to = values;
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
    boolean[] from = ((BooleanVector) source).values;
    for (int i = 0; i < count; i++) {
      values[positions[i]] = from[positions[i]];
    }
  }

  @Override
  long valueBytes() {
    return values.length;
  }
}
