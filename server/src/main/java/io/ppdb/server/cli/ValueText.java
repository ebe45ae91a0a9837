package io.ppdb.server.cli;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;

/** Text of values as SQL writes them: {@code 2001-02-01 00:00:00.5+00}, {@code \x00ff}. */
final class ValueText {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(TIME)
          .toFormatter();
  private static final DateTimeFormatter OFFSET_TIMESTAMP =
      new DateTimeFormatterBuilder().append(TIMESTAMP).appendOffset("+HH:mm", "+00").toFormatter();

  private ValueText() {}

  static String of(Object value) {
    if (value instanceof Double d) {
      return ofDouble(d, Double.toString(d));
    }
    if (value instanceof Float f) {
      return ofDouble(f, Float.toString(f));
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof LocalDateTime timestamp) {
      return TIMESTAMP.format(timestamp);
    }
    if (value instanceof OffsetDateTime timestamp) {
      return OFFSET_TIMESTAMP.format(timestamp);
    }
    if (value instanceof LocalTime time) {
      return TIME.format(time);
    }
    if (value instanceof java.util.Date date) { // Gremlin's datetime()
      return OFFSET_TIMESTAMP.format(date.toInstant().atOffset(ZoneOffset.UTC));
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    return value.toString();
  }

  /** Whole numbers without {@code .0}, and plain digits where fifteen of them are enough. */
  private static String ofDouble(double value, String shortest) {
    if (!Double.isFinite(value)) {
      return shortest;
    }
    double magnitude = Math.abs(value);
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (magnitude >= 1e-4 && magnitude < 1e15) {
      return new BigDecimal(shortest).stripTrailingZeros().toPlainString();
    }
    int e = shortest.indexOf('E');
    String mantissa = shortest.substring(0, e); // outside these bounds there is always an exponent
    if (mantissa.endsWith(".0")) {
      mantissa = mantissa.substring(0, mantissa.length() - 2);
    }
    String exponent = shortest.substring(e + 1);
    return mantissa + "e" + (exponent.startsWith("-") ? exponent : "+" + exponent);
  }
}
