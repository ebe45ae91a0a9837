package io.ppdb.relational.type;

/**
 * A span of time as PostgreSQL has it: months, days and microseconds, kept apart because a month
 * has no fixed number of days and a day no fixed number of hours.
 *
 * <p>The record's equality is field by field; SQL's comparison, which takes a month as 30 days and
 * a day as 24 hours, is {@link #compareTo}.
 */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {
  public static final Interval ZERO = new Interval(0, 0, 0);

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  @Override
  public int compareTo(Interval other) {
    return compare(months, days, micros, other.months, other.days, other.micros);
  }

  /** Compares two intervals given by their parts: a month as 30 days, a day as 24 hours. */
  public static int compare(
      int months1, int days1, long micros1, int months2, int days2, long micros2) {
    int byDay =
        Long.compare(wholeDays(months1, days1, micros1), wholeDays(months2, days2, micros2));
    return byDay != 0 ? byDay : Long.compare(microsOfDay(micros1), microsOfDay(micros2));
  }

  /** The whole days of an interval when a month counts 30 days; ordering key, first part. */
  public static long wholeDays(int months, int days, long micros) {
    return months * 30L + days + Math.floorDiv(micros, MICROS_PER_DAY);
  }

  /** The microseconds beyond {@link #wholeDays}; ordering key, second part. */
  public static long microsOfDay(long micros) {
    return Math.floorMod(micros, MICROS_PER_DAY);
  }

  /** PostgreSQL's text form. */
  @Override
  public String toString() {
    return IntervalText.format(this);
  }
}
