package io.ppdb.jdbc.session;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A span of time: months, days and nanoseconds, kept apart because a month has no fixed number of
 * days nor a day of hours. Immutable.
 */
public final class Interval implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int months;
  private final int days;
  private final long nanos;

  public Interval(int months, int days, long nanos) {
    this.months = months;
    this.days = days;
    this.nanos = nanos;
  }

  public int months() {
    return months;
  }

  public int days() {
    return days;
  }

  public long nanos() {
    return nanos;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof Interval)) {
      return false;
    }
    Interval other = (Interval) object;
    return months == other.months && days == other.days && nanos == other.nanos;
  }

  @Override
  public int hashCode() {
    return (31 * months + days) * 31 + Long.hashCode(nanos);
  }

  /** Text as in {@code 1 year 2 mons 3 days 04:05:06.5}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    appendUnit(text, months / 12, "year");
    appendUnit(text, months % 12, "mon");
    appendUnit(text, days, "day");
    if (nanos != 0 || text.length() == 0) {
      appendTime(text);
    }
    return text.toString();
  }

  private static void appendUnit(StringBuilder text, int count, String unit) {
    if (count != 0) {
      text.append(text.length() == 0 ? "" : " ").append(count).append(' ').append(unit);
      text.append(count == 1 ? "" : "s");
    }
  }

  private void appendTime(StringBuilder text) {
    text.append(text.length() == 0 ? "" : " ").append(nanos < 0 ? "-" : "");
    long seconds = Math.abs(nanos / NANOS_PER_SECOND);
    long fraction = Math.abs(nanos % NANOS_PER_SECOND);
    appendTwoDigits(text, seconds / 3600).append(':');
    appendTwoDigits(text, seconds / 60 % 60).append(':');
    appendTwoDigits(text, seconds % 60);
    if (fraction != 0) {
      String digits = Long.toString(NANOS_PER_SECOND + fraction).substring(1);
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      text.append('.').append(digits, 0, end);
    }
  }

  private static StringBuilder appendTwoDigits(StringBuilder text, long value) {
    return text.append(value < 10 ? "0" : "").append(value);
  }
}
