package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Intervals, their months, days and microseconds in three arrays. */
public final class IntervalVector extends Vector {
  private int[] months;
  private int[] days;
  private long[] micros;

  public IntervalVector(ColumnType type, int capacity) {
    super(type);
    this.months = new int[capacity];
    this.days = new int[capacity];
    this.micros = new long[capacity];
  }

  public int[] months() {
    return months;
  }

  public int[] days() {
    return days;
  }

  public long[] micros() {
    return micros;
  }

  public Interval get(int position) {
    return new Interval(months[position], days[position], micros[position]);
  }

  public void set(int position, int newMonths, int newDays, long newMicros) {
    months[position] = newMonths;
    days[position] = newDays;
    micros[position] = newMicros;
  }

  @Override
  public int capacity() {
    return micros.length;
  }

  @Override
  void ensureValues(int count) {
    if (count > micros.length) {
      months = Arrays.copyOf(months, count);
      days = Arrays.copyOf(days, count);
      micros = Arrays.copyOf(micros, count);
    }
  }

  @Override
  void copyValues(Vector source, int @Nullable [] positions, int count, int at) {
    IntervalVector from = (IntervalVector) source;
    for (int i = 0; i < count; i++) {
      int position = positions == null ? i : positions[i];
      if (position >= 0) {
        set(at + i, from.months[position], from.days[position], from.micros[position]);
      }
    }
  }

  @Override
  void assignValues(Vector source, int[] positions, int count) {
    IntervalVector from = (IntervalVector) source;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      set(position, from.months[position], from.days[position], from.micros[position]);
    }
  }

  @Override
  long valueBytes() {
    return 16L * micros.length;
  }
}
