package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Variance and standard deviation, of a sample or a population.
 *
 * <p>Exact numbers are summed exactly, with their squares; floats by Youngs and Cramer's updating
 * formula (1971), which does not cancel.
 */
final class DeviationAccumulator implements Accumulator {
  private final boolean exact;
  private final boolean sample;
  private final boolean root;
  private long[] counts = {};
  private double[] sums = {};
  private double[] squares = {}; // of deviations from the mean
  private BigDecimal[] exactSums = {};
  private BigDecimal[] exactSquares = {};

  DeviationAccumulator(ColumnType argument, boolean sample, boolean root) {
    this.exact = Numerics.isExact(argument);
    this.sample = sample;
    this.root = root;
  }

  @Override
  public void ensureGroups(int groupCount) {
    if (groupCount <= counts.length) {
      return;
    }
    int known = counts.length;
    int capacity = Math.max(groupCount, known * 2);
    counts = Arrays.copyOf(counts, capacity);
    if (exact) {
      exactSums = Arrays.copyOf(exactSums, capacity);
      exactSquares = Arrays.copyOf(exactSquares, capacity);
      Arrays.fill(exactSums, known, capacity, BigDecimal.ZERO);
      Arrays.fill(exactSquares, known, capacity, BigDecimal.ZERO);
    } else {
      sums = Arrays.copyOf(sums, capacity);
      squares = Arrays.copyOf(squares, capacity);
    }
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int group = groups == null ? 0 : groups[i];
      long seen = ++counts[group];
      if (exact) {
        BigDecimal value = Numerics.get(arguments[0], position);
        exactSums[group] = exactSums[group].add(value);
        exactSquares[group] = exactSquares[group].add(value.multiply(value));
      } else {
        double value = ((DoubleVector) arguments[0]).get(position);
        sums[group] += value;
        if (seen > 1) {
          double deviation = value * seen - sums[group];
          squares[group] += deviation * deviation / ((double) seen * (seen - 1));
        }
      }
    }
  }

  @Override
  public void emit(int first, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      int group = first + i;
      long divisor = sample ? counts[group] - 1 : counts[group];
      if (divisor <= 0) {
        result.setNull(i);
      } else if (exact) {
        Numerics.store(exactResult(group, divisor), result, i);
      } else {
        double variance = squares[group] / divisor;
        ((DoubleVector) result).set(i, root ? Math.sqrt(variance) : variance);
      }
    }
  }

  /** (n * sum of squares - square of sum) / (n * divisor). */
  private BigDecimal exactResult(int group, long divisor) {
    BigDecimal seen = BigDecimal.valueOf(counts[group]);
    BigDecimal numerator =
        seen.multiply(exactSquares[group]).subtract(exactSums[group].multiply(exactSums[group]));
    if (numerator.signum() <= 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal variance = Numerics.divide(numerator, seen.multiply(BigDecimal.valueOf(divisor)));
    if (!root) {
      return variance;
    }
    // As many decimals as the variance has.
    int digits = Math.max(variance.precision() - variance.scale(), 0) + variance.scale() + 2;
    return variance
        .sqrt(new MathContext(digits, RoundingMode.HALF_UP))
        .setScale(variance.scale(), RoundingMode.HALF_UP);
  }

  @Override
  public long sizeInBytes() {
    return counts.length * (exact ? 150L : 24L);
  }
}
