package io.ppdb.relational.type;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/**
 * PostgreSQL's text forms of dates and times, between strings and the numbers that vectors store.
 *
 * <p>Reads ISO dates ({@code 2001-02-03}, year of at least four digits, {@code BC} behind), times
 * ({@code 04:05}, {@code 04:05:06.789}), both parted by a space or T, and behind a timestamp a
 * zone: {@code Z}, {@code +05}, {@code +05:30}, {@code UTC}, {@code Europe/Berlin}. Writes ISO
 * style.
 */
public final class DateTimeText {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

  private static final int MICROS_DIGITS = 6;

  private DateTimeText() {}

  /** Days since 1970-01-01. */
  public static int parseDate(String text) {
    Reader in = new Reader(text, ColumnType.DATE);
    long days = in.date();
    in.skipSpaces();
    if (!in.atEnd()) {
      in.time(); // a timestamp is a date too; its time is dropped
      in.zoneOrNothing();
      in.expectEnd();
    }
    return (int) days;
  }

  /** Microseconds since midnight. */
  public static long parseTime(String text) {
    Reader in = new Reader(text, ColumnType.TIME);
    long micros = in.time();
    in.expectEnd();
    return micros;
  }

  /** Microseconds since 1970 of a timestamp without zone; a zone behind it is ignored. */
  public static long parseTimestamp(String text) {
    Reader in = new Reader(text, ColumnType.TIMESTAMP);
    long micros = in.dateAndTime();
    in.zoneOrNothing();
    in.expectEnd();
    return micros;
  }

  /** Microseconds since 1970 at UTC; {@code zone} holds if the text names none. */
  public static long parseTimestamptz(String text, ZoneId zone) {
    Reader in = new Reader(text, ColumnType.TIMESTAMPTZ);
    long local = in.dateAndTime();
    ZoneId named = in.zoneOrNothing();
    in.expectEnd();
    return toInstant(local, named == null ? zone : named);
  }

  public static String formatDate(int days) {
    StringBuilder out = new StringBuilder(10);
    appendDate(out, LocalDate.ofEpochDay(days));
    return appendEra(out, LocalDate.ofEpochDay(days)).toString();
  }

  public static String formatTime(long micros) {
    StringBuilder out = new StringBuilder(15);
    appendTime(out, micros);
    return out.toString();
  }

  public static String formatTimestamp(long micros) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
    StringBuilder out = new StringBuilder(26);
    appendDate(out, date);
    appendTime(out.append(' '), Math.floorMod(micros, MICROS_PER_DAY));
    return appendEra(out, date).toString();
  }

  /** Writes an instant as local time of {@code zone} with its offset. */
  public static String formatTimestamptz(long micros, ZoneId zone) {
    int offsetSeconds = offsetSeconds(micros, zone);
    long local = micros + offsetSeconds * MICROS_PER_SECOND;
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(local, MICROS_PER_DAY));
    StringBuilder out = new StringBuilder(32);
    appendDate(out, date);
    appendTime(out.append(' '), Math.floorMod(local, MICROS_PER_DAY));
    int absolute = Math.abs(offsetSeconds);
    out.append(offsetSeconds < 0 ? '-' : '+');
    appendTwo(out, absolute / 3600);
    if (absolute % 3600 != 0) {
      appendTwo(out.append(':'), absolute / 60 % 60);
      if (absolute % 60 != 0) {
        appendTwo(out.append(':'), absolute % 60);
      }
    }
    return appendEra(out, date).toString();
  }

  /** The instant at which clocks of {@code zone} show {@code localMicros}. */
  public static long toInstant(long localMicros, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    if (rules.isFixedOffset()) {
      return localMicros - rules.getOffset(Instant.EPOCH).getTotalSeconds() * MICROS_PER_SECOND;
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
    // As in PostgreSQL, a time inside a gap moves on by the gap; inside an overlap standard time
    // counts.
    ZoneOffset offset = rules.getOffset(local);
    var transition = rules.getTransition(local);
    if (transition != null && transition.isOverlap()) {
      offset = transition.getOffsetAfter();
    }
    return localMicros - offset.getTotalSeconds() * MICROS_PER_SECOND;
  }

  /** What clocks of {@code zone} show at an instant, as microseconds since 1970. */
  public static long toLocal(long instantMicros, ZoneId zone) {
    return instantMicros + offsetSeconds(instantMicros, zone) * MICROS_PER_SECOND;
  }

  /** The offset of {@code zone} from UTC at an instant. */
  public static int offsetSeconds(long instantMicros, ZoneId zone) {
    return zone.getRules()
        .getOffset(Instant.ofEpochSecond(Math.floorDiv(instantMicros, MICROS_PER_SECOND)))
        .getTotalSeconds();
  }

  private static void appendDate(StringBuilder out, LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    if (year < 1000) {
      out.append(year < 10 ? "000" : year < 100 ? "00" : "0");
    }
    out.append(year);
    appendTwo(out.append('-'), date.getMonthValue());
    appendTwo(out.append('-'), date.getDayOfMonth());
  }

  private static StringBuilder appendEra(StringBuilder out, LocalDate date) {
    return date.getYear() > 0 ? out : out.append(" BC");
  }

  private static void appendTime(StringBuilder out, long micros) {
    int seconds = (int) (micros / MICROS_PER_SECOND);
    appendTwo(out, seconds / 3600);
    appendTwo(out.append(':'), seconds / 60 % 60);
    appendTwo(out.append(':'), seconds % 60);
    IntervalText.appendFraction(out, (int) (micros % MICROS_PER_SECOND));
  }

  private static void appendTwo(StringBuilder out, int value) {
    if (value < 10) {
      out.append('0');
    }
    out.append(value);
  }

  /** Scans one text from left to right. */
  private static final class Reader {
    private final String text;
    private final ColumnType type;
    private int index;

    Reader(String text, ColumnType type) {
      this.text = text;
      this.type = type;
      skipSpaces();
    }

    long dateAndTime() {
      long days = date();
      long micros = 0;
      if (index < text.length() && (peek() == ' ' || peek() == 'T' || peek() == 't')) {
        index++;
        skipSpaces();
        if (index < text.length() && Character.isDigit(peek())) {
          micros = time();
        }
      }
      try {
        return Math.addExact(Math.multiplyExact(days, MICROS_PER_DAY), micros);
      } catch (ArithmeticException e) {
        throw outOfRange(0, e);
      }
    }

    private PpdbException outOfRange(int start, RuntimeException cause) {
      return new PpdbException(
          ErrorCode.DATETIME_OVERFLOW,
          "date/time field value out of range: \"" + text.substring(start) + "\"",
          cause);
    }

    long date() {
      int start = index;
      int year = number(4, 7);
      expect('-');
      int month = number(1, 2);
      expect('-');
      int day = number(1, 2);
      if (text.endsWith("BC")) {
        year = 1 - year;
      }
      try {
        return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
      } catch (DateTimeException | ArithmeticException e) {
        throw outOfRange(start, e);
      }
    }

    long time() {
      int hour = number(1, 2);
      expect(':');
      int minute = number(1, 2);
      int second = 0;
      int micros = 0;
      if (index < text.length() && peek() == ':') {
        index++;
        second = number(1, 2);
        if (index < text.length() && peek() == '.') {
          index++;
          micros = fraction();
        }
      }
      long total = ((hour * 60L + minute) * 60 + second) * MICROS_PER_SECOND + micros;
      if (minute > 59 || second > 60 || total > MICROS_PER_DAY) {
        throw new PpdbException(
            ErrorCode.DATETIME_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
      }
      return total;
    }

    /** Microseconds of a fraction, rounded at the seventh digit. */
    private int fraction() {
      int micros = 0;
      int digits = 0;
      boolean roundUp = false;
      while (index < text.length() && Character.isDigit(peek())) {
        int digit = text.charAt(index++) - '0';
        if (digits < MICROS_DIGITS) {
          micros = micros * 10 + digit;
        } else if (digits == MICROS_DIGITS) {
          roundUp = digit >= 5;
        }
        digits++;
      }
      for (int i = digits; i < MICROS_DIGITS; i++) {
        micros *= 10;
      }
      return roundUp ? micros + 1 : micros;
    }

    /** A zone up to the end, or null if nothing (or an era) follows. */
    @org.jspecify.annotations.Nullable
    ZoneId zoneOrNothing() {
      skipSpaces();
      String rest = text.substring(index).trim();
      if (rest.endsWith("BC")) {
        rest = rest.substring(0, rest.length() - 2).trim();
      }
      index = text.length();
      if (rest.isEmpty()) {
        return null;
      }
      try {
        if (rest.charAt(0) == '+' || rest.charAt(0) == '-') {
          return ZoneOffset.of(rest.length() == 2 ? rest.charAt(0) + "0" + rest.charAt(1) : rest);
        }
        return ZoneId.of(rest.equals("z") ? "Z" : rest);
      } catch (DateTimeException e) {
        throw invalid();
      }
    }

    void skipSpaces() {
      while (index < text.length() && peek() == ' ') {
        index++;
      }
    }

    boolean atEnd() {
      return index == text.length() || text.substring(index).trim().equals("BC");
    }

    void expectEnd() {
      skipSpaces();
      if (!atEnd()) {
        throw invalid();
      }
    }

    private char peek() {
      return text.charAt(index);
    }

    private void expect(char wanted) {
      if (index >= text.length() || peek() != wanted) {
        throw invalid();
      }
      index++;
    }

    private int number(int minDigits, int maxDigits) {
      int value = 0;
      int digits = 0;
      while (index < text.length() && Character.isDigit(peek()) && digits < maxDigits) {
        value = value * 10 + (text.charAt(index++) - '0');
        digits++;
      }
      if (digits < minDigits) {
        throw invalid();
      }
      return value;
    }

    private PpdbException invalid() {
      return new PpdbException(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "invalid input syntax for type " + type + ": \"" + text + "\"");
    }
  }
}
