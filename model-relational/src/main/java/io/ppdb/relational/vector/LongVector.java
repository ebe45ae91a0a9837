package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bigint; time of day, timestamp and timestamptz in microseconds (since midnight, since 1970). */
public final class LongVector extends Vector {
  private long[] values;

  public LongVector(ColumnType type, int capacity) {
    super(type);
    this.values = new long[capacity];
  }

  /** The value array itself; replaced by {@link #ensureCapacity}. */
  public long[] values() {
    return values;
  }

  public long get(int position) {
    return values[position];
  }

  public void set(int position, long value) {
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
    long[] from = ((LongVector) source).values;
    long[] to = values;
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
    long[] from = ((LongVector) source).values;
    for (int i = 0; i < count; i++) {
      values[positions[i]] = from[positions[i]];
    }
  }

  @Override
  long valueBytes() {
    return 8L * values.length;
  }
}
