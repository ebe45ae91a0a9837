package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.Intervals;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** sum and avg of intervals, part by part. */
final class IntervalSumAccumulator implements Accumulator {
  private final boolean average;
  private long[] months = {};
  private long[] days = {};
  private long[] micros = {};
  private long[] counts = {};

  IntervalSumAccumulator(boolean average) {
    this.average = average;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > counts.length) {
      int capacity = Math.max(groupCount, counts.length * 2);
      months = Arrays.copyOf(months, capacity);
      days = Arrays.copyOf(days, capacity);
      micros = Arrays.copyOf(micros, capacity);
      counts = Arrays.copyOf(counts, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    IntervalVector values = (IntervalVector) arguments[0];
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      months[group] += values.months()[position];
      days[group] += values.days()[position];
      try {
        micros[group] = Math.addExact(micros[group], values.micros()[position]);
      } catch (ArithmeticException e) {
        throw new PpdbException(ErrorCode.DATETIME_OVERFLOW, "sum of intervals out of range", e);
      }
      counts[group]++;
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      int group = first + i;
      if (counts[group] == 0) {
        result.setNull(i);
      } else {
        double factor = average ? 1.0 / counts[group] : 1;
        Intervals.store(
            months[group], days[group], micros[group], factor, (IntervalVector) result, i);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return 32L * counts.length;
  }
}
