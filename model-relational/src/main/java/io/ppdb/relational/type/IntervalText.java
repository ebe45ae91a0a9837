package io.ppdb.relational.type;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's text form of intervals: writes {@code 1 year 2 mons 3 days 04:05:06.789}, reads
 * that, {@code 1-2} (years and months), {@code ... ago} and ISO 8601 ({@code P1Y2M3DT4H5M6S}).
 */
public final class IntervalText {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  private static final BigDecimal DAYS_PER_MONTH = BigDecimal.valueOf(30);
  private static final BigDecimal MICROS_PER_DAY = BigDecimal.valueOf(24 * MICROS_PER_HOUR);

  private static final Pattern PART =
      Pattern.compile(
          "\\s*(?:([+-]?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d*)?))?"
              + "|([+-]?)(\\d+)-(\\d+)"
              + "|([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))\\s*([a-zA-Z]*))\\s*");
  private static final Pattern ISO_PART = Pattern.compile("([+-]?\\d+(?:\\.\\d*)?)([YMWDHS])");

  private IntervalText() {}

  /** Writes an interval as PostgreSQL's default style does. */
  public static String format(Interval interval) {
    StringBuilder out = new StringBuilder();
    boolean afterNegative = appendPart(out, interval.months() / 12, "year", false);
    afterNegative = appendPart(out, interval.months() % 12, "mon", afterNegative);
    afterNegative = appendPart(out, interval.days(), "day", afterNegative);
    long micros = interval.micros();
    if (micros != 0 || out.isEmpty()) {
      if (!out.isEmpty()) {
        out.append(' ');
      }
      if (micros < 0) {
        out.append('-');
      } else if (afterNegative) {
        out.append('+');
      }
      // The negative of the smallest long is itself; divide before taking absolute values.
      appendTwoDigits(out, Math.abs(micros / MICROS_PER_HOUR));
      out.append(':');
      appendTwoDigits(out, Math.abs(micros / MICROS_PER_MINUTE % 60));
      out.append(':');
      appendTwoDigits(out, Math.abs(micros / MICROS_PER_SECOND % 60));
      appendFraction(out, (int) Math.abs(micros % MICROS_PER_SECOND));
    }
    return out.toString();
  }

  private static boolean appendPart(
      StringBuilder out, int value, String unit, boolean afterNegative) {
    if (value == 0) {
      return afterNegative;
    }
    if (!out.isEmpty()) {
      out.append(' ');
    }
    if (afterNegative && value > 0) {
      out.append('+');
    }
    out.append(value).append(' ').append(unit);
    if (value != 1) {
      out.append('s');
    }
    return value < 0;
  }

  private static void appendTwoDigits(StringBuilder out, long value) {
    if (value < 10) {
      out.append('0');
    }
    out.append(value);
  }

  /** Appends a point and the digits of {@code micros} without trailing zeros; nothing for 0. */
  static void appendFraction(StringBuilder out, int micros) {
    if (micros == 0) {
      return;
    }
    String digits = Integer.toString(1_000_000 + micros);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    out.append('.').append(digits, 1, end);
  }

  /**
   * Reads an interval.
   *
   * @throws PpdbException INVALID_TEXT_REPRESENTATION naming the text
   */
  public static Interval parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.startsWith("P") || trimmed.startsWith("p")) {
        return parseIso(trimmed.toUpperCase(Locale.ROOT));
      }
      return parseParts(trimmed);
    } catch (NumberFormatException e) {
      throw invalid(text);
    } catch (ArithmeticException e) {
      throw new PpdbException(
          ErrorCode.DATETIME_OVERFLOW, "interval field value out of range: \"" + text + "\"", e);
    }
  }

  private static Interval parseParts(String text) {
    String rest = text.startsWith("@") ? text.substring(1) : text;
    boolean ago = false;
    if (rest.toLowerCase(Locale.ROOT).endsWith("ago")) {
      ago = true;
      rest = rest.substring(0, rest.length() - 3);
    }
    Sum sum = new Sum();
    Matcher part = PART.matcher(rest);
    int end = 0;
    while (part.find() && part.start() == end && part.end() > end) {
      end = part.end();
      if (part.group(2) != null) {
        BigDecimal seconds =
            part.group(4) == null ? BigDecimal.ZERO : new BigDecimal(pad(part.group(4)));
        BigDecimal clock =
            new BigDecimal(part.group(2))
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(part.group(3)).multiply(BigDecimal.valueOf(60)))
                .add(seconds);
        sum.add("-".equals(part.group(1)) ? clock.negate() : clock, "second");
      } else if (part.group(6) != null) {
        int months =
            Math.addExact(
                Math.multiplyExact(12, Integer.parseInt(part.group(6))),
                Integer.parseInt(part.group(7)));
        sum.add(BigDecimal.valueOf("-".equals(part.group(5)) ? -months : months), "month");
      } else {
        String unit = part.group(9);
        sum.add(new BigDecimal(pad(part.group(8))), unit.isEmpty() ? "second" : unit);
      }
    }
    if (end == 0 || end != rest.length()) {
      throw invalid(text);
    }
    return sum.toInterval(ago);
  }

  private static Interval parseIso(String text) {
    Sum sum = new Sum();
    int timeStart = text.indexOf('T');
    Matcher part = ISO_PART.matcher(text);
    int end = 1;
    while (part.find(end) && part.start() == (end == timeStart ? end + 1 : end)) {
      boolean inTime = timeStart >= 0 && part.start() > timeStart;
      String unit =
          switch (part.group(2)) {
            case "Y" -> "year";
            case "M" -> inTime ? "minute" : "month";
            case "W" -> "week";
            case "D" -> "day";
            case "H" -> "hour";
            default -> "second";
          };
      sum.add(new BigDecimal(pad(part.group(1))), unit);
      end = part.end();
      if (end == text.length()) {
        return sum.toInterval(false);
      }
    }
    throw invalid(text);
  }

  /** BigDecimal reads "1." but not ".5" with a sign in all forms; give it a digit on both sides. */
  private static String pad(String number) {
    return number.endsWith(".") ? number + "0" : number;
  }

  private static PpdbException invalid(String text) {
    return new PpdbException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type interval: \"" + text + "\"");
  }

  /** Adds up parts; fractions of a unit go down to the next smaller ones. */
  private static final class Sum {
    private BigDecimal months = BigDecimal.ZERO;
    private BigDecimal days = BigDecimal.ZERO;
    private BigDecimal micros = BigDecimal.ZERO;

    void add(BigDecimal amount, String unit) {
      switch (unit.toLowerCase(Locale.ROOT)) {
        case "us", "usec", "usecs", "microsecond", "microseconds" -> addMicros(amount, 1);
        case "ms", "msec", "msecs", "millisecond", "milliseconds" -> addMicros(amount, 1000);
        case "s", "sec", "secs", "second", "seconds" -> addMicros(amount, MICROS_PER_SECOND);
        case "m", "min", "mins", "minute", "minutes" -> addMicros(amount, MICROS_PER_MINUTE);
        case "h", "hr", "hrs", "hour", "hours" -> addMicros(amount, MICROS_PER_HOUR);
        case "d", "day", "days" -> addDays(amount);
        case "w", "week", "weeks" -> addDays(amount.multiply(BigDecimal.valueOf(7)));
        case "mon", "mons", "month", "months" -> addMonths(amount, 1);
        case "y", "yr", "yrs", "year", "years" -> addWholeMonths(amount, 12);
        case "dec", "decade", "decades" -> addWholeMonths(amount, 120);
        case "c", "cent", "century", "centuries" -> addWholeMonths(amount, 1200);
        case "mil", "millennium", "millennia" -> addWholeMonths(amount, 12_000);
        default -> throw new NumberFormatException(unit);
      }
    }

    private void addMicros(BigDecimal amount, long factor) {
      micros = micros.add(amount.multiply(BigDecimal.valueOf(factor)));
    }

    private void addDays(BigDecimal amount) {
      BigDecimal whole = amount.setScale(0, RoundingMode.DOWN);
      days = days.add(whole);
      micros = micros.add(amount.subtract(whole).multiply(MICROS_PER_DAY));
    }

    private void addMonths(BigDecimal amount, long factor) {
      BigDecimal exact = amount.multiply(BigDecimal.valueOf(factor));
      BigDecimal whole = exact.setScale(0, RoundingMode.DOWN);
      months = months.add(whole);
      addDays(exact.subtract(whole).multiply(DAYS_PER_MONTH));
    }

    /** Fractions of years and more round to whole months. */
    private void addWholeMonths(BigDecimal amount, long factor) {
      months =
          months.add(
              amount.multiply(BigDecimal.valueOf(factor)).setScale(0, RoundingMode.HALF_EVEN));
    }

    Interval toInterval(boolean negate) {
      int wholeMonths = months.intValueExact();
      int wholeDays = days.intValueExact();
      long wholeMicros = micros.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
      return negate
          ? new Interval(
              Math.negateExact(wholeMonths),
              Math.negateExact(wholeDays),
              Math.negateExact(wholeMicros))
          : new Interval(wholeMonths, wholeDays, wholeMicros);
    }
  }
}
