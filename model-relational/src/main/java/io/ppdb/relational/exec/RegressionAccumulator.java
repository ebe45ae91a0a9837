package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Covariance, correlation and linear regression of pairs (y, x), in double precision, by the
 * updating formulas of Youngs and Cramer (1971), which do not cancel.
 */
final class RegressionAccumulator implements Accumulator {
  private static final int SUM_X = 0;
  private static final int SUM_Y = 1;
  private static final int SXX = 2;
  private static final int SYY = 3;
  private static final int SXY = 4;
  private static final int FIELDS = 5;

  private final AggregateSpec.Function function;
  private long[] counts = {};
  private double[] states = {};

  RegressionAccumulator(AggregateSpec.Function function) {
    this.function = function;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount > counts.length) {
      int capacity = Math.max(groupCount, 2 * counts.length);
      counts = Arrays.copyOf(counts, capacity);
      states = Arrays.copyOf(states, FIELDS * capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      add(
          groups == null ? 0 : groups[i],
          number(arguments[0], position),
          number(arguments[1], position));
    }
  }

  private void add(int group, double y, double x) {
    long seen = ++counts[group];
    int state = FIELDS * group;
    states[state + SUM_X] += x;
    states[state + SUM_Y] += y;
    if (seen > 1) {
      double deviationX = x * seen - states[state + SUM_X];
      double deviationY = y * seen - states[state + SUM_Y];
      double scale = 1.0 / ((double) seen * (seen - 1));
      states[state + SXX] += deviationX * deviationX * scale;
      states[state + SYY] += deviationY * deviationY * scale;
      states[state + SXY] += deviationX * deviationY * scale;
    }
  }

  private static double number(Vector vector, int position) {
    return vector instanceof DoubleVector doubles
        ? doubles.get(position)
        : Numerics.get(vector, position).doubleValue();
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      double value = counts[first + i] == 0 ? Double.NaN : value(first + i);
      boolean known = counts[first + i] > 0 && !isUndefined(first + i);
      if (known) {
        ((DoubleVector) result).set(i, value);
      } else {
        result.setNull(i);
      }
    }
  }

  /** Whether the pairs are too few, or all on one line that the function says nothing about. */
  private boolean isUndefined(int group) {
    int state = FIELDS * group;
    return switch (function) {
      case COVAR_SAMP -> counts[group] < 2;
      case CORR -> states[state + SXX] == 0 || states[state + SYY] == 0;
      case REGR_SLOPE, REGR_INTERCEPT, REGR_R2 -> states[state + SXX] == 0;
      default -> false;
    };
  }

  private double value(int group) {
    double n = counts[group];
    int state = FIELDS * group;
    double sxx = states[state + SXX];
    double syy = states[state + SYY];
    double sxy = states[state + SXY];
    return switch (function) {
      case COVAR_POP -> sxy / n;
      case COVAR_SAMP -> sxy / (n - 1);
      case CORR -> sxy / Math.sqrt(sxx * syy);
      case REGR_AVGX -> states[state + SUM_X] / n;
      case REGR_AVGY -> states[state + SUM_Y] / n;
      case REGR_SXX -> sxx;
      case REGR_SYY -> syy;
      case REGR_SXY -> sxy;
      case REGR_SLOPE -> sxy / sxx;
      case REGR_INTERCEPT -> (states[state + SUM_Y] - states[state + SUM_X] * sxy / sxx) / n;
      case REGR_R2 -> syy == 0 ? 1 : sxy * sxy / (sxx * syy);
      default -> throw new IllegalStateException("no regression: " + function);
    };
  }

  @Override
  public long sizeInBytes() {
    return 48L * counts.length;
  }
}
