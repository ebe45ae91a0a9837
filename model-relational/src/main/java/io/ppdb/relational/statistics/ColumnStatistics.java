package io.ppdb.relational.statistics;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the values of one column. Immutable.
 *
 * @param nullFraction the part of the rows in which it is NULL
 * @param distinctCount how many values it has
 * @param common the values that many rows have, most frequent first
 * @param bounds values that divide the rows without NULLs and common values into equal parts,
 *     ascending: the first and last value, and those between; empty if there are no such rows
 */
public record ColumnStatistics(
    double nullFraction, double distinctCount, List<CommonValue> common, List<SampleValue> bounds) {
  /** A value and the part of all rows that have it. */
  public record CommonValue(SampleValue value, double fraction) {}

  public ColumnStatistics {
    common = List.copyOf(common);
    bounds = List.copyOf(bounds);
  }

  /** The part of the rows whose values are in no list of common ones, and not NULL. */
  private double restFraction() {
    double rest = 1 - nullFraction;
    for (CommonValue value : common) {
      rest -= value.fraction;
    }
    return Math.max(0, rest);
  }

  /** The part of the rows that have some one value, which is not known yet. */
  public double equalFraction() {
    return (1 - nullFraction) / Math.max(1, distinctCount);
  }

  /** The part of the rows that have {@code value}. */
  public double equalFraction(SampleValue value) {
    double least = 1;
    for (CommonValue one : common) {
      if (one.value.equals(value)) {
        return one.fraction;
      }
      least = Math.min(least, one.fraction);
    }
    double rest = restFraction() / Math.max(1, distinctCount - common.size());
    return Math.min(rest, least);
  }

  /**
   * The part of the rows with values between two others.
   *
   * @param low null if there is no lower bound
   * @param high null if there is no upper bound
   */
  public double rangeFraction(
      @Nullable SampleValue low,
      boolean lowInclusive,
      @Nullable SampleValue high,
      boolean highInclusive) {
    double listed = 0;
    for (CommonValue one : common) {
      if ((low == null || isAfter(one.value, low, lowInclusive))
          && (high == null || isAfter(high, one.value, highInclusive))) {
        listed += one.fraction;
      }
    }
    double rest = restFraction();
    double oneValue = rest / Math.max(1, distinctCount - common.size());
    double from = low == null ? 0 : position(low);
    double to = high == null ? 1 : position(high);
    double others = rest * Math.max(0, to - from);
    if (high != null && highInclusive && to > 0 && to < 1) {
      others += oneValue;
    }
    if (low != null && !lowInclusive && from > 0 && from < 1) {
      others -= oneValue;
    }
    return Math.min(1 - nullFraction, listed + Math.min(rest, Math.max(0, others)));
  }

  private static boolean isAfter(SampleValue value, SampleValue bound, boolean inclusive) {
    int order = value.compareTo(bound);
    return order > 0 || (order == 0 && inclusive);
  }

  /** The part of the rows between the bounds that have less than {@code value}. */
  private double position(SampleValue value) {
    if (bounds.size() < 2) {
      return !bounds.isEmpty() && bounds.get(0).compareTo(value) < 0 ? 1 : 0;
    }
    int found = Collections.binarySearch(bounds, value);
    int parts = bounds.size() - 1;
    if (found >= 0) {
      return (double) found / parts;
    }
    int next = -found - 1;
    if (next == 0 || next > parts) {
      return next == 0 ? 0 : 1;
    }
    return (next - 1 + value.positionBetween(bounds.get(next - 1), bounds.get(next))) / parts;
  }
}
