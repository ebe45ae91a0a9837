package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** sum and avg of integers and decimals. */
final class ExactSumAccumulator implements Accumulator {
  private final ExactSum sums = new ExactSum();
  private final boolean average;
  private final boolean zeroIfEmpty;

  ExactSumAccumulator(boolean average, boolean zeroIfEmpty) {
    this.average = average;
    this.zeroIfEmpty = zeroIfEmpty;
  }

  @Override
  public void ensureGroups(int groupCount) {
    sums.ensureGroups(groupCount);
  }

  @Override
  public void add(
      Vector[] arguments, int @Nullable [] selection, int count, int @Nullable [] groups) {
    sums.add(arguments[0], selection, count, groups);
  }

  @Override
  public void emit(int first, int count, Vector result) {
    if (result instanceof DecimalVector decimals && !result.type().isLongDecimal()) {
      decimals.beginCompact(sums.scale());
    }
    for (int i = 0; i < count; i++) {
      int group = first + i;
      if (sums.count(group) == 0 && !zeroIfEmpty) {
        result.setNull(i);
      } else if (average) {
        BigDecimal mean = Numerics.divide(sums.sum(group), BigDecimal.valueOf(sums.count(group)));
        Numerics.store(mean, result, i);
      } else if (sums.isLong(group) && result instanceof LongVector longs && sums.scale() == 0) {
        longs.set(i, sums.longSum(group));
      } else if (sums.isLong(group)
          && result instanceof DecimalVector decimals
          && decimals.isCompact()
          && decimals.scale() == sums.scale()
          && !result.type().isLongDecimal()) {
        decimals.unscaled()[i] = sums.longSum(group);
      } else {
        Numerics.store(sums.sum(group), result, i);
      }
    }
  }

  @Override
  public long sizeInBytes() {
    return sums.sizeInBytes();
  }
}
