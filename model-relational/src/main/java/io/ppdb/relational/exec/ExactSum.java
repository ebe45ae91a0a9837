package io.ppdb.relational.exec;

import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Exact sums of integers and decimals, one for each group.
 *
 * <p>Scaled longs are added up in 128 bits, which no number of rows can overflow. Values that are
 * not scaled longs, or have another scale than the first batch, go to a {@link BigDecimal} beside
 * it.
 */
final class ExactSum {
  private static final int WORD_BITS = 64;

  private long[] low = {};
  private long[] high = {};
  private long[] counts = {};
  private BigDecimal @Nullable [] wide;
  private int scale = -1; // not known before the first batch

  void ensureGroups(int groupCount) {
    if (groupCount > low.length) {
      int capacity = Math.max(groupCount, low.length * 2);
      low = Arrays.copyOf(low, capacity);
      high = Arrays.copyOf(high, capacity);
      counts = Arrays.copyOf(counts, capacity);
      if (wide != null) {
        wide = Arrays.copyOf(wide, capacity);
      }
    }
  }

  void add(Vector argument, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (argument instanceof IntVector ints) {
      scale = 0;
      addInts(ints.values(), selection, count, groups);
    } else if (argument instanceof LongVector longs) {
      scale = 0;
      addLongs(longs.values(), selection, count, groups);
    } else {
      DecimalVector decimals = (DecimalVector) argument;
      if (decimals.isCompact() && (scale < 0 || scale == decimals.scale())) {
        scale = decimals.scale();
        addLongs(decimals.unscaled(), selection, count, groups);
      } else {
        addWide(decimals, selection, count, groups);
      }
    }
  }

  private void addInts(
      int[] values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (groups == null) {
      long sum = 0; // 2^12 ints cannot overflow it
      for (int i = 0; i < count; i++) {
        sum += values[selection == null ? i : selection[i]];
      }
      addTo(0, sum);
      counts[0] += count;
      return;
    }
    for (int i = 0; i < count; i++) {
      int group = groups[i];
      addTo(group, values[selection == null ? i : selection[i]]);
      counts[group]++;
    }
  }

  private void addLongs(
      long[] values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    if (groups == null) {
      addLongs(values, selection, count);
      return;
    }
    long[] lows = low;
    long[] highs = high;
    long[] seen = counts;
    for (int i = 0; i < count; i++) {
      int group = groups[i];
      long value = values[selection == null ? i : selection[i]];
      long before = lows[group];
      long sum = before + value;
      lows[group] = sum;
      // Sign extension of the value plus the carry out of the low word.
      highs[group] += (value >> 63) + (((before & value) | ((before | value) & ~sum)) >>> 63);
      seen[group]++;
    }
  }

  /** All rows belong to group 0: the sum stays in registers. */
  private void addLongs(long[] values, int @Nullable [] selection, int count) {
    long sum = 0;
    long carry = 0;
    for (int i = 0; i < count; i++) {
      long value = values[selection == null ? i : selection[i]];
      long after = sum + value;
      carry += (value >> 63) + (((sum & value) | ((sum | value) & ~after)) >>> 63);
      sum = after;
    }
    long before = low[0];
    long after = before + sum;
    low[0] = after;
    high[0] += carry + (((before & sum) | ((before | sum) & ~after)) >>> 63);
    counts[0] += count;
  }

  private void addTo(int group, long value) {
    long before = low[group];
    long sum = before + value;
    low[group] = sum;
    high[group] += (value >> 63) + (((before & value) | ((before | value) & ~sum)) >>> 63);
  }

  private void addWide(
      DecimalVector values, int @Nullable [] selection, int count, int @Nullable [] groups) {
    BigDecimal[] sums = wide;
    if (sums == null) {
      sums = new BigDecimal[low.length];
      Arrays.fill(sums, BigDecimal.ZERO);
      wide = sums;
    }
    for (int i = 0; i < count; i++) {
      int group = groups == null ? 0 : groups[i];
      BigDecimal value = values.get(selection == null ? i : selection[i]);
      BigDecimal before = sums[group];
      sums[group] = before == null ? value : before.add(value);
      counts[group]++;
    }
  }

  /** How many values a group has. */
  long count(int group) {
    return counts[group];
  }

  /** Whether the sum of a group is a long at {@link #scale()}. */
  boolean isLong(int group) {
    return wide == null && high[group] == low[group] >> 63;
  }

  long longSum(int group) {
    return low[group];
  }

  int scale() {
    return Math.max(scale, 0);
  }

  BigDecimal sum(int group) {
    BigInteger unscaled =
        BigInteger.valueOf(high[group])
            .shiftLeft(WORD_BITS)
            .add(new BigInteger(Long.toUnsignedString(low[group])));
    BigDecimal sum = new BigDecimal(unscaled, scale());
    BigDecimal beside = wide == null ? null : wide[group];
    return beside == null ? sum : sum.add(beside);
  }

  long sizeInBytes() {
    return 24L * low.length + (wide == null ? 0 : 80L * wide.length);
  }
}
