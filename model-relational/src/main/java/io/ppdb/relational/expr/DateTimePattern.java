package io.ppdb.relational.expr;

import io.ppdb.kv.PpdbException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A template of to_char, to_date and to_timestamp, such as {@code DD Mon YYYY HH24:MI}. Names of
 * months and days are English. Immutable.
 */
final class DateTimePattern {
  /** All fields, those that begin with another one before it. */
  private static final List<String> FIELDS =
      List.of(
          "Y,YYY", "YYYY", "YYY", "YY", "Y", "IYYY", "IYY", "IY", "ID", "IW", "IDDD", "HH24",
          "HH12", "HH", "MI", "MONTH", "MON", "MM", "MS", "SSSSS", "SSSS", "SS", "US", "FF1", "FF2",
          "FF3", "FF4", "FF5", "FF6", "DAY", "DY", "DDD", "DD", "D", "A.M.", "P.M.", "AM", "PM",
          "WW", "W", "CC", "Q", "J", "BC", "AD", "TZ", "OF");

  private final List<Part> parts = new ArrayList<>();

  /**
   * A field or a literal text.
   *
   * @param field the field in upper case, or "" for a literal
   * @param text the field as it was written, or the literal
   * @param fill whether it is padded: without FM before it
   * @param ordinal "th" or "TH" if it follows, else ""
   */
  private record Part(String field, String text, boolean fill, String ordinal) {}

  DateTimePattern(String template) {
    int at = 0;
    boolean fill = true;
    while (at < template.length()) {
      if (template.regionMatches(true, at, "FM", 0, 2)) {
        fill = false;
        at += 2;
        continue;
      }
      if (template.charAt(at) == '"') {
        int end = template.indexOf('"', at + 1);
        end = end < 0 ? template.length() : end;
        parts.add(new Part("", template.substring(at + 1, end), true, ""));
        at = end + 1;
        continue;
      }
      String field = fieldAt(template, at);
      if (field.isEmpty()) {
        parts.add(new Part("", template.substring(at, at + 1), true, ""));
        at++;
        continue;
      }
      String written = template.substring(at, at + field.length());
      at += field.length();
      String ordinal = "";
      if (template.regionMatches(true, at, "TH", 0, 2)) {
        ordinal = template.substring(at, at + 2);
        at += 2;
      }
      parts.add(new Part(field, written, fill, ordinal));
      fill = true;
    }
  }

  private static String fieldAt(String template, int at) {
    for (String field : FIELDS) {
      if (template.regionMatches(true, at, field, 0, field.length())) {
        return field;
      }
    }
    return "";
  }

  /** The time in this form; {@code zone} and {@code offset} are shown where they are asked for. */
  String format(LocalDateTime time, String zone, String offset) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      if (part.field.isEmpty()) {
        out.append(part.text);
        continue;
      }
      String value =
          switch (part.field) {
            case "TZ" -> part.text.equals("tz") ? zone.toLowerCase(Locale.ROOT) : zone;
            case "OF" -> offset;
            default -> value(part, time);
          };
      out.append(value).append(ordinal(value, part.ordinal));
    }
    return out.toString();
  }

  private static String value(Part part, LocalDateTime time) {
    int yearOfEra = time.get(ChronoField.YEAR_OF_ERA);
    return switch (part.field) {
      case "Y,YYY" -> yearOfEra / 1000 + "," + digits(yearOfEra % 1000, 3, true);
      case "YYYY" -> digits(yearOfEra, 4, part.fill);
      case "YYY" -> digits(yearOfEra % 1000, 3, part.fill);
      case "YY" -> digits(yearOfEra % 100, 2, part.fill);
      case "Y" -> digits(yearOfEra % 10, 1, part.fill);
      case "IYYY" -> digits(time.get(IsoFields.WEEK_BASED_YEAR), 4, part.fill);
      case "IYY" -> digits(time.get(IsoFields.WEEK_BASED_YEAR) % 1000, 3, part.fill);
      case "IY" -> digits(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, part.fill);
      case "ID" -> digits(time.getDayOfWeek().getValue(), 1, part.fill);
      case "IW" -> digits(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, part.fill);
      case "IDDD" ->
          digits(
              (time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) - 1) * 7
                  + time.getDayOfWeek().getValue(),
              3,
              part.fill);
      case "HH24" -> digits(time.getHour(), 2, part.fill);
      case "HH12", "HH" -> digits((time.getHour() + 11) % 12 + 1, 2, part.fill);
      case "MI" -> digits(time.getMinute(), 2, part.fill);
      case "SS" -> digits(time.getSecond(), 2, part.fill);
      case "MS", "FF3" -> digits(time.getNano() / 1_000_000, 3, true);
      case "US", "FF6" -> digits(time.getNano() / 1000, 6, true);
      case "FF1" -> digits(time.getNano() / 100_000_000, 1, true);
      case "FF2" -> digits(time.getNano() / 10_000_000, 2, true);
      case "FF4" -> digits(time.getNano() / 100_000, 4, true);
      case "FF5" -> digits(time.getNano() / 10_000, 5, true);
      case "SSSS", "SSSSS" -> Integer.toString(time.toLocalTime().toSecondOfDay());
      case "MM" -> digits(time.getMonthValue(), 2, part.fill);
      case "MONTH" -> name(time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), part, 9);
      case "MON" -> name(time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH), part, 0);
      case "DAY" ->
          name(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), part, 9);
      case "DY" ->
          name(time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH), part, 0);
      case "DDD" -> digits(time.getDayOfYear(), 3, part.fill);
      case "DD" -> digits(time.getDayOfMonth(), 2, part.fill);
      case "D" -> digits(time.getDayOfWeek().getValue() % 7 + 1, 1, part.fill);
      case "AM", "PM" -> cased(time.getHour() < 12 ? "AM" : "PM", part);
      case "A.M.", "P.M." -> cased(time.getHour() < 12 ? "A.M." : "P.M.", part);
      case "WW" -> digits((time.getDayOfYear() - 1) / 7 + 1, 2, part.fill);
      case "W" -> digits((time.getDayOfMonth() - 1) / 7 + 1, 1, part.fill);
      case "CC" -> digits((yearOfEra + 99) / 100, 2, part.fill);
      case "Q" -> digits(time.get(IsoFields.QUARTER_OF_YEAR), 1, part.fill);
      case "J" -> Long.toString(time.getLong(JulianFields.JULIAN_DAY));
      default -> cased(time.getYear() > 0 ? "AD" : "BC", part);
    };
  }

  private static String digits(int value, int width, boolean fill) {
    String text = Integer.toString(value);
    return fill ? "0".repeat(Math.max(0, width - text.length())) + text : text;
  }

  private static String name(String name, Part part, int width) {
    String padded = part.fill ? name + " ".repeat(Math.max(0, width - name.length())) : name;
    boolean capital =
        Character.isUpperCase(part.text.charAt(0)) && Character.isLowerCase(part.text.charAt(1));
    return capital ? padded : cased(padded.toUpperCase(Locale.ROOT), part);
  }

  private static String cased(String value, Part part) {
    return Character.isLowerCase(part.text.charAt(0)) ? value.toLowerCase(Locale.ROOT) : value;
  }

  private static String ordinal(String number, String wanted) {
    if (wanted.isEmpty()) {
      return "";
    }
    int length = number.length();
    boolean teen = length > 1 && number.charAt(length - 2) == '1';
    String suffix =
        switch (teen ? '0' : number.charAt(length - 1)) {
          case '1' -> "st";
          case '2' -> "nd";
          case '3' -> "rd";
          default -> "th";
        };
    return wanted.equals("TH") ? suffix.toUpperCase(Locale.ROOT) : suffix;
  }

  /** The time that {@code text} has in this form; what it does not say is as in the year 1. */
  LocalDateTime parse(String text) {
    return new Reader(text).read();
  }

  /** One text at work. */
  private final class Reader {
    private final String text;
    private int at;
    private int year = 1;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int hour;
    private int minute;
    private int second;
    private int nano;
    private boolean isTwelveHours;
    private boolean afternoon;
    private long julianDay = -1;
    private boolean beforeChrist;

    Reader(String text) {
      this.text = text;
    }

    LocalDateTime read() {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (part.field.isEmpty()) {
          skip(part.text);
        } else {
          while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
          }
          boolean digitsFollow = i + 1 < parts.size() && !parts.get(i + 1).field.isEmpty();
          take(part, digitsFollow);
        }
      }
      try {
        return time();
      } catch (DateTimeException e) {
        throw Errors.dateTimeOverflow("date/time field value out of range: \"" + text + "\"");
      }
    }

    private LocalDateTime time() {
      if (isTwelveHours) {
        if (hour < 1 || hour > 12) {
          throw Errors.invalidArgument(
              "hour \"" + hour + "\" is invalid for the 12-hour clock: \"" + text + "\"");
        }
        hour = hour % 12 + (afternoon ? 12 : 0);
      }
      LocalTime clock = LocalTime.of(hour, minute, second, nano);
      LocalDate date =
          julianDay >= 0
              ? LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, julianDay)
              : dayOfYear > 0
                  ? LocalDate.ofYearDay(year, dayOfYear)
                  : LocalDate.of(beforeChrist ? 1 - year : year, month, day);
      return date.atTime(clock);
    }

    /** A separator stands for any other; letters for as many characters. */
    private void skip(String literal) {
      for (int i = 0; i < literal.length() && at < text.length(); i++) {
        boolean letter = Character.isLetterOrDigit(literal.charAt(i));
        if (letter || !Character.isLetterOrDigit(text.charAt(at))) {
          at++;
        }
      }
    }

    private void take(Part part, boolean fieldFollows) {
      switch (part.field) {
        case "YYYY", "IYYY" -> year = number(fieldFollows ? 4 : 9, part);
        case "YYY", "YY", "Y" -> year = century(number(part.field.length(), part));
        case "MM" -> month = number(2, part);
        case "DD" -> day = number(2, part);
        case "DDD" -> dayOfYear = number(3, part);
        case "HH24" -> hour = number(2, part);
        case "HH12", "HH" -> {
          hour = number(2, part);
          isTwelveHours = true;
        }
        case "MI" -> minute = number(2, part);
        case "SS" -> second = number(2, part);
        case "MS", "FF3" -> nano = fraction(3, part);
        case "US", "FF6" -> nano = fraction(6, part);
        case "FF1", "FF2", "FF4", "FF5" -> nano = fraction(part.field.charAt(2) - '0', part);
        case "J" -> julianDay = number(9, part);
        case "MONTH", "MON" -> month = month(part);
        case "DAY", "DY" -> skipDay(part);
        case "AM", "PM", "A.M.", "P.M." -> {
          afternoon = Character.toUpperCase(peek(part)) == 'P';
          isTwelveHours = true;
          at += part.field.length();
        }
        case "BC", "AD" -> {
          beforeChrist = Character.toUpperCase(peek(part)) == 'B';
          at += 2;
        }
        default ->
            throw Errors.invalidArgument(
                "formatting field \"" + part.field + "\" is only supported in to_char");
      }
    }

    private char peek(Part part) {
      if (at >= text.length()) {
        throw invalid(part);
      }
      return text.charAt(at);
    }

    private PpdbException invalid(Part part) {
      return Errors.invalidArgument(
          "invalid value \"" + text.substring(at) + "\" for \"" + part.text + "\"");
    }

    private int number(int most, Part part) {
      int start = at;
      while (at < text.length() && at - start < most && Character.isDigit(text.charAt(at))) {
        at++;
      }
      if (start == at) {
        throw invalid(part);
      }
      return Integer.parseInt(text.substring(start, at));
    }

    private int fraction(int most, Part part) {
      int start = at;
      int value = number(most, part);
      for (int digits = at - start; digits < 9; digits++) {
        value *= 10;
      }
      return value;
    }

    /** Two digits mean the years from 1970 to 2069. */
    private int century(int value) {
      return value >= 100
          ? (value < 520 ? value + 2000 : value + 1000)
          : value < 70 ? value + 2000 : value + 1900;
    }

    private int month(Part part) {
      for (Month candidate : Month.values()) {
        String full = candidate.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        String name = part.field.equals("MON") ? full.substring(0, 3) : full;
        if (text.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          return candidate.getValue();
        }
      }
      throw invalid(part);
    }

    private void skipDay(Part part) {
      for (DayOfWeek candidate : DayOfWeek.values()) {
        String full = candidate.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        String name = part.field.equals("DY") ? full.substring(0, 3) : full;
        if (text.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          return;
        }
      }
      throw invalid(part);
    }
  }
}
