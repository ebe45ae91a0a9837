package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as PostgreSQL's settings have them: a number of us, ms, s, min, h or d, or of
 * milliseconds.
 */
final class DurationText {
  private static final Pattern DURATION =
      Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(\\w*)\\s*");

  private static final Map<String, BigDecimal> MILLIS_OF_UNIT =
      Map.of(
          "us", new BigDecimal("0.001"),
          "ms", BigDecimal.ONE,
          "", BigDecimal.ONE,
          "s", BigDecimal.valueOf(1000),
          "min", BigDecimal.valueOf(60_000),
          "h", BigDecimal.valueOf(3_600_000),
          "d", BigDecimal.valueOf(86_400_000));

  private static final List<String> LARGEST_FIRST = List.of("d", "h", "min", "s");

  private DurationText() {}

  /** The milliseconds that {@code text} says, rounded, from 0 up; else INVALID_ARGUMENT. */
  static long parseMillis(String setting, String text) {
    Matcher matcher = DURATION.matcher(text);
    BigDecimal unit =
        matcher.matches() ? MILLIS_OF_UNIT.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    BigDecimal millis =
        unit == null
            ? BigDecimal.valueOf(-1)
            : new BigDecimal(matcher.group(1)).multiply(unit).setScale(0, RoundingMode.HALF_EVEN);
    if (millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "invalid value for parameter \""
              + setting
              + "\": \""
              + text
              + "\"; expected a number of us, ms, s, min, h or d (ms if it has no unit), from 0 to "
              + Integer.MAX_VALUE
              + " ms");
    }
    return millis.longValue();
  }

  /** {@code millis} by the largest unit of which they are a whole number; 0 without one. */
  static String format(long millis) {
    if (millis == 0) {
      return "0";
    }
    for (String unit : LARGEST_FIRST) {
      long length = MILLIS_OF_UNIT.getOrDefault(unit, BigDecimal.ONE).longValue();
      if (millis % length == 0) {
        return millis / length + unit;
      }
    }
    return millis + "ms";
  }
}
