package io.ppdb.jdbc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.regex.Pattern;

/** Text of dates, times and bytes as SQL writes them: {@code 2001-02-01 00:00:00.5+01}. */
final class TextForms {
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

  /** A date, and where they are given a time of day and an offset, parted by a space or a T. */
  private static final DateTimeFormatter INPUT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("[' ']['T']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalEnd()
          .appendPattern("[XXX][X]")
          .toFormatter();

  /** Elements of arrays that need no quotes. */
  private static final Pattern PLAIN_ELEMENT = Pattern.compile("[^{}\",\\\\\\s]+");

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private TextForms() {}

  static String time(LocalTime time) {
    return TIME.format(time);
  }

  static String timestamp(LocalDateTime timestamp) {
    return TIMESTAMP.format(timestamp);
  }

  static String timestamp(OffsetDateTime timestamp) {
    return OFFSET_TIMESTAMP.format(timestamp);
  }

  static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(2 + 2 * bytes.length).append("\\x");
    for (byte each : bytes) {
      text.append(HEX[each >> 4 & 0xF]).append(HEX[each & 0xF]);
    }
    return text.toString();
  }

  /** An array: {@code {1,NULL,"a b"}}. */
  static String array(List<?> elements) {
    StringBuilder text = new StringBuilder("{");
    for (Object element : elements) {
      if (text.length() > 1) {
        text.append(',');
      }
      if (element == null) {
        text.append("NULL");
      } else if (element instanceof Boolean) {
        text.append((Boolean) element ? 't' : 'f');
      } else {
        appendElement(Conversions.toText(element), text);
      }
    }
    return text.append('}').toString();
  }

  private static void appendElement(String element, StringBuilder text) {
    if (PLAIN_ELEMENT.matcher(element).matches() && !element.equalsIgnoreCase("null")) {
      text.append(element);
    } else {
      String escaped = element.replace("\\", "\\\\").replace("\"", "\\\"");
      text.append('"').append(escaped).append('"');
    }
  }

  static LocalDate parseDate(String text) {
    return LocalDate.from(INPUT.parse(text.trim()));
  }

  static LocalDateTime parseTimestamp(String text) {
    return dateTime(INPUT.parse(text.trim()));
  }

  static OffsetDateTime parseOffsetTimestamp(String text, ZoneId zone) {
    TemporalAccessor parsed = INPUT.parse(text.trim());
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      return OffsetDateTime.from(parsed);
    }
    return dateTime(parsed).atZone(zone).toOffsetDateTime();
  }

  private static LocalDateTime dateTime(TemporalAccessor parsed) {
    return parsed.isSupported(ChronoField.NANO_OF_DAY)
        ? LocalDateTime.from(parsed)
        : LocalDate.from(parsed).atStartOfDay();
  }
}
