package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.vector.IntervalVector;

/** Multiplication of intervals. */
public final class Intervals {
  private static final int DAYS_PER_MONTH = 30;

  /** Decimals of a day that count: 0.1 * 30 must be 3 days, not 2.9999999999999996. */
  private static final double DAY_PRECISION = 1e9;

  private Intervals() {}

  /**
   * Stores an interval times {@code factor}: fractions of a month become days of 30 a month, those
   * of a day microseconds.
   */
  public static void store(
      long months, long days, long micros, double factor, IntervalVector result, int position) {
    double exactMonths = months * factor;
    double wholeMonths = truncate(exactMonths);
    double exactDays =
        Math.rint((days * factor + (exactMonths - wholeMonths) * DAYS_PER_MONTH) * DAY_PRECISION)
            / DAY_PRECISION;
    double wholeDays = truncate(exactDays);
    double beyondDays = (exactDays - wholeDays) * DateTimeText.MICROS_PER_DAY;
    // A factor of 1 must not send microseconds through a double.
    double exactMicros = (factor == 1 ? 0 : micros * factor) + beyondDays;
    if (!(Math.abs(wholeMonths) <= Integer.MAX_VALUE
        && Math.abs(wholeDays) <= Integer.MAX_VALUE
        && Math.abs(exactMicros) < Long.MAX_VALUE)) {
      throw new PpdbException(ErrorCode.DATETIME_OVERFLOW, "interval out of range");
    }
    long wholeMicros = Math.round(exactMicros) + (factor == 1 ? micros : 0);
    result.set(position, (int) wholeMonths, (int) wholeDays, wholeMicros);
  }

  private static double truncate(double value) {
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }
}
