package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * sum and avg of floats. The order of additions, and so the last digits, are not specified: a batch
 * without groups is added up in four sums at once, which is 2.5 times as fast.
 */
final class DoubleSumAccumulator implements Accumulator {
  private final boolean average;
  private final boolean zeroIfEmpty;
  private double[] sums = {};
  private long[] counts = {};

  /** Which groups have an infinite value, as far as anybody had to ask. */
  private boolean[] infinite = {};

  DoubleSumAccumulator(boolean average, boolean zeroIfEmpty) {
    this.average = average;
    this.zeroIfEmpty = zeroIfEmpty;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > sums.length) {
      int capacity = Math.max(groupCount, sums.length * 2);
      sums = Arrays.copyOf(sums, capacity);
      counts = Arrays.copyOf(counts, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    double[] values = ((DoubleVector) arguments[0]).values();
    double check;
    if (groups == null) {
      sums[0] += selection == null ? sum(values, count) : sum(values, selection, count);
      counts[0] += count;
      check = sums[0];
    } else {
      check = addGrouped(values, selection, count, groups);
    }
    if (!Double.isFinite(check)) {
      checkOverflow(values, selection, count, groups);
    }
  }

  /** Returns a number that is finite if all sums are. */
  private double addGrouped(double[] values, int @Nullable [] selection, int count, int[] groups) {
    double[] states = sums;
    long[] seen = counts;
    double check = 0;
    for (int i = 0; i < count; i++) {
      int group = groups[i];
      double sum = states[group] + values[selection == null ? i : selection[i]];
      states[group] = sum;
      seen[group]++;
      check += sum * 0;
    }
    return check;
  }

  /** A sum may be infinite only if a value is. */
  private void checkOverflow(
      double[] values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (infinite.length < sums.length) {
      infinite = Arrays.copyOf(infinite, sums.length);
    }
    for (int i = 0; i < count; i++) {
      infinite[groups == null ? 0 : groups[i]] |=
          Double.isInfinite(values[selection == null ? i : selection[i]]);
    }
    for (int i = 0; i < (groups == null ? 1 : count); i++) {
      int group = groups == null ? 0 : groups[i];
      if (Double.isInfinite(sums[group]) && !infinite[group]) {
        throw new PpdbException(ErrorCode.NUMERIC_OUT_OF_RANGE, "value out of range: overflow");
      }
    }
  }

  private static double sum(double[] values, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < count; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  private static double sum(double[] values, int[] selection, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[selection[i]];
    }
    return sum;
  }

  @Override
  public void emit(int first, int count, Vector result) {
    double[] out = ((DoubleVector) result).values();
    boolean single = result.type().kind() == TypeKind.REAL;
    for (int i = 0; i < count; i++) {
      long seen = counts[first + i];
      if (seen == 0 && !zeroIfEmpty) {
        result.setNull(i);
      } else {
        double value = average ? sums[first + i] / seen : sums[first + i];
        out[i] = single ? (float) value : value;
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return 16L * sums.length;
  }
}
