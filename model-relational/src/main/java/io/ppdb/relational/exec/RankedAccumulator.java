package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.expr.Intervals;
import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of where a value stands among the others: percentiles and the most frequent value.
 * Gets rows as {@link OrderedAccumulator} hands them on, so each group's lie together, in order.
 */
final class RankedAccumulator implements Accumulator {
  private final AggregateSpec.Function function;
  private final Vector values;
  private int valueCount;
  private int[] starts = {};
  private int[] counts = {};
  private double[] fractions = {};

  RankedAccumulator(AggregateSpec.Function function, ColumnType type) {
    this.function = function;
    this.values = Vector.create(type, 0);
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > counts.length) {
      int known = counts.length;
      int capacity = Math.max(groupCount, 2 * known);
      starts = Arrays.copyOf(starts, capacity);
      counts = Arrays.copyOf(counts, capacity);
      fractions = Arrays.copyOf(fractions, capacity);
      Arrays.fill(fractions, known, capacity, Double.NaN);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    Vector sorted = arguments[arguments.length - 1];
    values.copy(sorted, selection, count, valueCount);
    for (int i = 0; i < count; i++) {
      int group = groups == null ? 0 : groups[i];
      if (counts[group]++ == 0) {
        starts[group] = valueCount + i;
        if (function != AggregateSpec.Function.MODE) {
          fractions[group] = fraction(arguments[0], selection == null ? i : selection[i]);
        }
      }
    }
    valueCount += count;
  }

  private static double fraction(Vector vector, int position) {
    double fraction =
        vector instanceof DoubleVector doubles
            ? doubles.get(position)
            : Numerics.get(vector, position).doubleValue();
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new PpdbException(
          ErrorCode.NUMERIC_OUT_OF_RANGE,
          "percentile value " + fraction + " is not between 0 and 1");
    }
    return fraction;
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      int group = first + i;
      if (counts[group] == 0) {
        result.setNull(i);
        continue;
      }
      switch (function) {
        case MODE -> pick(mostFrequent(group), result, i);
        case PERCENTILE_DISC -> {
          int rank = (int) Math.ceil(fractions[group] * counts[group]);
          pick(starts[group] + Math.max(rank, 1) - 1, result, i);
        }
        default -> interpolate(group, result, i);
      }
    }
  }

  private void pick(int position, Vector result, int at) {
    result.copy(values, new int[] {position}, 1, at);
  }

  private int mostFrequent(int group) {
    int end = starts[group] + counts[group];
    int best = starts[group];
    int bestLength = 0;
    int runStart = best;
    for (int i = best + 1; i <= end; i++) {
      if (i == end || Comparison.compare(values, runStart, values, i) != 0) {
        if (i - runStart > bestLength) {
          bestLength = i - runStart;
          best = runStart;
        }
        runStart = i;
      }
    }
    return best;
  }

  private void interpolate(int group, Vector result, int at) {
    double place = fractions[group] * (counts[group] - 1);
    int below = starts[group] + (int) Math.floor(place);
    int above = starts[group] + (int) Math.ceil(place);
    double part = place - Math.floor(place);
    if (values instanceof IntervalVector intervals) {
      interpolate(intervals.get(below), intervals.get(above), part, (IntervalVector) result, at);
      return;
    }
    double low = number(below);
    ((DoubleVector) result).set(at, below == above ? low : low + part * (number(above) - low));
  }

  private static void interpolate(
      Interval low, Interval high, double part, IntervalVector result, int at) {
    Intervals.store(
        high.months() - low.months(),
        high.days() - low.days(),
        high.micros() - low.micros(),
        part,
        result,
        at);
    Interval step = result.get(at);
    result.set(
        at, low.months() + step.months(), low.days() + step.days(), low.micros() + step.micros());
  }

  private double number(int position) {
    return values instanceof DoubleVector doubles
        ? doubles.get(position)
        : Numerics.get(values, position).doubleValue();
  }

  @Override
  public long sizeInBytes() {
    return values.sizeInBytes() + 16L * counts.length;
  }
}
