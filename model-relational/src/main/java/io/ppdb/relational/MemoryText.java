package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of memory as PostgreSQL's settings have them: a number with B, kB, MB, GB or TB, of 1,024
 * each, or of kilobytes.
 */
final class MemoryText {
  private static final Pattern SIZE = Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(\\w*)\\s*");
  private static final Map<String, Long> UNITS =
      Map.of("b", 1L, "", 1L << 10, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30, "tb", 1L << 40);

  private MemoryText() {}

  /** The bytes that {@code text} says; INVALID_ARGUMENT unless they are from {@code least} up. */
  static long parse(String setting, String text, long least) {
    Matcher matcher = SIZE.matcher(text);
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    BigDecimal bytes =
        unit == null
            ? BigDecimal.ZERO
            : new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.compareTo(BigDecimal.valueOf(least)) < 0
        || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "invalid value for parameter \""
              + setting
              + "\": \""
              + text
              + "\"; expected a number of B, kB, MB, GB or TB (kB if it has no unit), at least "
              + format(least));
    }
    return bytes.longValue();
  }

  /** {@code bytes} by the largest unit of which they are a whole number. */
  static String format(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    long count = bytes;
    while (unit + 1 < units.length && count != 0 && count % 1024 == 0) {
      count /= 1024;
      unit++;
    }
    return count + units[unit];
  }
}
