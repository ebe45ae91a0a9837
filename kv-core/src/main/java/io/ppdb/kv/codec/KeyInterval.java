package io.ppdb.kv.codec;

/**
 * An interval as it stands in a key. Order is by length, a month counting 30 days and a day 24
 * hours; intervals of equal length but different fields are neighbours, fewer months first.
 */
public record KeyInterval(int months, int days, long micros) implements Comparable<KeyInterval> {
  static final long MICROS_PER_DAY = 86_400_000_000L;
  static final int DAYS_PER_MONTH = 30;

  /** Whole days of the length, rounded down. */
  static long wholeDays(int months, int days, long micros) {
    return (long) months * DAYS_PER_MONTH + days + Math.floorDiv(micros, MICROS_PER_DAY);
  }

  /** What the length has beyond {@link #wholeDays}, in [0, {@link #MICROS_PER_DAY}). */
  static long microsOfDay(long micros) {
    return Math.floorMod(micros, MICROS_PER_DAY);
  }

  @Override
  public int compareTo(KeyInterval other) {
    int order =
        Long.compare(
            wholeDays(months, days, micros), wholeDays(other.months, other.days, other.micros));
    if (order == 0) {
      order = Long.compare(microsOfDay(micros), microsOfDay(other.micros));
    }
    if (order == 0) {
      order = Integer.compare(months, other.months);
    }
    return order == 0 ? Integer.compare(days, other.days) : order;
  }
}
