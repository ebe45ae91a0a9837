package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Double precision, and real as doubles that are exactly representable as float. */
public final class DoubleVector extends Vector {
  private double[] values;

  public DoubleVector(ColumnType type, int capacity) {
    super(type);
    this.values = new double[capacity];
  }

  /** The value array itself; replaced by {@link #ensureCapacity}. */
  public double[] values() {
    return values;
  }

  public double get(int position) {
    return values[position];
  }

  public void set(int position, double value) {
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
    double[] from = ((DoubleVector) source).values;
    double[] to = values;
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
    double[] from = ((DoubleVector) source).values;
    for (int i = 0; i < count; i++) {
      values[positions[i]] = from[positions[i]];
    }
  }

  @Override
  long valueBytes() {
    return 8L * values.length;
  }
}
