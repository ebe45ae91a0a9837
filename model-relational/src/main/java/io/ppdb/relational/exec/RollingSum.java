package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts, sums and means of exact numbers: of a range they are the difference of two sums from the
 * beginning of the partition, which are as exact, in 128 bits or as decimals.
 */
final class RollingSum implements RollingAggregate {
  private static final int WORD_BITS = 64;

  private final AggregateSpec spec;
  private final @Nullable Vector argument;
  private final boolean sums;
  private int start;

  /** How many values there are before each place. */
  private int[] counts = {};

  /** The sum before each place, as scaled longs add up. */
  private long[] lows = {};

  private long[] highs = {};

  /** The sum before each place if the values are no scaled longs. */
  private BigDecimal[] wide = {};

  /**
   * @param argument null for {@code count(*)}
   * @param sums whether the values are added up, not only counted
   */
  RollingSum(AggregateSpec spec, @Nullable Vector argument, boolean sums) {
    this.spec = spec;
    this.argument = argument;
    this.sums = sums;
  }

  static boolean isExact(Vector argument) {
    return argument instanceof IntVector
        || argument instanceof LongVector
        || argument instanceof DecimalVector;
  }

  @Override
  public void begin(WindowPartition partition, IntConsumer checkCancelled) {
    start = partition.start();
    int size = partition.size();
    boolean isWide = argument instanceof DecimalVector decimals && !decimals.isCompact();
    counts = new int[size + 1];
    lows = new long[sums && !isWide ? size + 1 : 0];
    highs = new long[lows.length];
    wide = new BigDecimal[sums && isWide ? size + 1 : 0];
    if (wide.length > 0) {
      wide[0] = BigDecimal.ZERO;
    }
    for (int i = 0; i < size; i++) {
      checkCancelled.accept(i);
      int row = partition.order()[start + i];
      boolean counted = argument == null || !argument.isNull(row);
      counts[i + 1] = counts[i] + (counted ? 1 : 0);
      if (wide.length > 0) {
        wide[i + 1] = counted ? wide[i].add(((DecimalVector) vector()).get(row)) : wide[i];
      } else if (sums) {
        long value = counted ? unscaled(vector(), row) : 0;
        lows[i + 1] = lows[i] + value;
        boolean carries = Long.compareUnsigned(lows[i + 1], lows[i]) < 0;
        highs[i + 1] = highs[i] + (value >> (WORD_BITS - 1)) + (value != 0 && carries ? 1 : 0);
      }
    }
  }

  private Vector vector() {
    if (argument == null) {
      throw new IllegalStateException("count(*) has no argument to add up");
    }
    return argument;
  }

  private static long unscaled(Vector vector, int row) {
    return vector instanceof IntVector ints
        ? ints.get(row)
        : vector instanceof LongVector longs
            ? longs.get(row)
            : ((DecimalVector) vector).unscaled()[row];
  }

  @Override
  public void emit(int[] bounds, int count, Vector result) {
    long values = 0;
    for (int i = 0; i < count; i += 2) {
      values += counts[bounds[i + 1] - start] - counts[bounds[i] - start];
    }
    switch (spec.function()) {
      case COUNT -> ((LongVector) result).set(0, values);
      case AVG -> {
        if (values == 0) {
          result.setNull(0);
        } else {
          BigDecimal mean = Numerics.divide(sum(bounds, count), BigDecimal.valueOf(values));
          Numerics.store(mean, result, 0);
        }
      }
      default -> {
        if (values == 0 && spec.function() != AggregateSpec.Function.SUM0) {
          result.setNull(0);
        } else {
          Numerics.store(sum(bounds, count), result, 0);
        }
      }
    }
  }

  private BigDecimal sum(int[] bounds, int count) {
    if (wide.length > 0) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < count; i += 2) {
        sum = sum.add(wide[bounds[i + 1] - start]).subtract(wide[bounds[i] - start]);
      }
      return sum;
    }
    long low = 0;
    long high = 0;
    for (int i = 0; i < count; i += 2) {
      int from = bounds[i] - start;
      int to = bounds[i + 1] - start;
      long difference = lows[to] - lows[from];
      high += highs[to] - highs[from] - (Long.compareUnsigned(lows[to], lows[from]) < 0 ? 1 : 0);
      low += difference;
      high += Long.compareUnsigned(low, difference) < 0 ? 1 : 0;
    }
    int scale = argument instanceof DecimalVector decimals ? decimals.scale() : 0;
    return high == low >> (WORD_BITS - 1)
        ? BigDecimal.valueOf(low, scale)
        : new BigDecimal(
            BigInteger.valueOf(high)
                .shiftLeft(WORD_BITS)
                .add(new BigInteger(Long.toUnsignedString(low))),
            scale);
  }

  @Override
  public long sizeInBytes() {
    return 4L * counts.length + 16L * lows.length + 48L * wide.length;
  }
}
