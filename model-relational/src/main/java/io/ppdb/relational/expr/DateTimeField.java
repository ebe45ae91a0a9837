package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A part of a date, time or interval that EXTRACT reads and date_trunc cuts behind. */
enum DateTimeField {
  MICROSECONDS(0),
  MILLISECONDS(3),
  SECOND(6),
  MINUTE(0),
  HOUR(0),
  DAY(0),
  DOW(0),
  ISODOW(0),
  DOY(0),
  WEEK(0),
  MONTH(0),
  QUARTER(0),
  YEAR(0),
  ISOYEAR(0),
  DECADE(0),
  CENTURY(0),
  MILLENNIUM(0),
  EPOCH(6),
  JULIAN(0),
  TIMEZONE(0),
  TIMEZONE_HOUR(0),
  TIMEZONE_MINUTE(0);

  private static final long MICROS_PER_SECOND = DateTimeText.MICROS_PER_SECOND;
  private static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  private static final long MICROS_PER_DAY = DateTimeText.MICROS_PER_DAY;
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  /** Digits behind the point of the extracted number. */
  private final int scale;

  DateTimeField(int scale) {
    this.scale = scale;
  }

  int scale() {
    return scale;
  }

  /** The field that {@code name} means, in singular or plural, any case. */
  static DateTimeField parse(String name, ColumnType type) {
    String upper = name.trim().toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "MICROSECOND", "MICROSECONDS", "US", "USEC" -> MICROSECONDS;
      case "MILLISECOND", "MILLISECONDS", "MS", "MSEC" -> MILLISECONDS;
      case "SECONDS", "SEC", "S" -> SECOND;
      case "MINUTES", "MIN" -> MINUTE;
      case "HOURS" -> HOUR;
      case "DAYS" -> DAY;
      case "WEEKS" -> WEEK;
      case "MONTHS", "MON" -> MONTH;
      case "QUARTERS" -> QUARTER;
      case "YEARS" -> YEAR;
      case "DECADES" -> DECADE;
      case "CENTURIES" -> CENTURY;
      case "MILLENNIA", "MILLENNIUMS" -> MILLENNIUM;
      default -> {
        for (DateTimeField field : values()) {
          if (field.name().equals(upper)) {
            yield field;
          }
        }
        throw Errors.invalidArgument("unit \"" + name + "\" not recognized for type " + type);
      }
    };
  }

  /**
   * The field of a local date and time, times ten to the power of {@link #scale}.
   *
   * @param micros microseconds since 1970 of the local clock
   */
  long extract(long micros) {
    long timeOfDay = Math.floorMod(micros, MICROS_PER_DAY);
    switch (this) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> {
        return extractTime(timeOfDay);
      }
      case EPOCH -> {
        return micros;
      }
      default -> {
        return extractDate(LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY)));
      }
    }
  }

  /** The field of a time of day, times ten to the power of {@link #scale}. */
  long extractTime(long micros) {
    return switch (this) {
      case MICROSECONDS, MILLISECONDS, SECOND -> micros % MICROS_PER_MINUTE;
      case MINUTE -> micros / MICROS_PER_MINUTE % 60;
      case HOUR -> micros / MICROS_PER_HOUR;
      case EPOCH -> micros;
      default -> throw unsupported(ColumnType.TIME);
    };
  }

  private long extractDate(LocalDate date) {
    int year = date.getYear();
    return switch (this) {
      case DAY -> date.getDayOfMonth();
      case DOW -> date.getDayOfWeek().getValue() % 7;
      case ISODOW -> date.getDayOfWeek().getValue();
      case DOY -> date.getDayOfYear();
      case WEEK -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTH -> date.getMonthValue();
      case QUARTER -> date.get(IsoFields.QUARTER_OF_YEAR);
      case YEAR -> year > 0 ? year : year - 1;
      case ISOYEAR -> date.get(IsoFields.WEEK_BASED_YEAR);
      case DECADE -> Math.floorDiv(year, 10);
      case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - year + 1) / 100);
      case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - year + 1) / 1000);
      case JULIAN -> date.toEpochDay() + JULIAN_DAY_OF_1970;
      default -> throw unsupported(ColumnType.TIMESTAMP);
    };
  }

  /** The field of an interval, times ten to the power of {@link #scale}. */
  long extractInterval(int months, int days, long micros) {
    return switch (this) {
      case MICROSECONDS, MILLISECONDS, SECOND -> micros % MICROS_PER_MINUTE;
      case MINUTE -> micros / MICROS_PER_MINUTE % 60;
      case HOUR -> micros / MICROS_PER_HOUR;
      case DAY -> days;
      case MONTH -> months % 12;
      case QUARTER -> months % 12 / 3 + 1;
      case YEAR -> months / 12;
      case DECADE -> months / 120;
      case CENTURY -> months / 1200;
      case MILLENNIUM -> months / 12_000;
      // A year counts 365.25 days here, a rest of months 30 days each.
      case EPOCH ->
          Math.addExact(
              micros,
              (months / 12) * (MICROS_PER_DAY * 1461 / 4)
                  + (months % 12) * 30L * MICROS_PER_DAY
                  + days * MICROS_PER_DAY);
      default -> throw unsupported(ColumnType.INTERVAL);
    };
  }

  /** A local date and time with everything below this field set to its start. */
  long truncate(long micros) {
    return switch (this) {
      case MICROSECONDS -> micros;
      case MILLISECONDS -> micros - Math.floorMod(micros, 1000L);
      case SECOND -> micros - Math.floorMod(micros, MICROS_PER_SECOND);
      case MINUTE -> micros - Math.floorMod(micros, MICROS_PER_MINUTE);
      case HOUR -> micros - Math.floorMod(micros, MICROS_PER_HOUR);
      case DAY -> micros - Math.floorMod(micros, MICROS_PER_DAY);
      default ->
          truncate(LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY))).toEpochDay()
              * MICROS_PER_DAY;
    };
  }

  private LocalDate truncate(LocalDate date) {
    int year = date.getYear();
    return switch (this) {
      case WEEK ->
          date.minus(date.getDayOfWeek().getValue() - DayOfWeek.MONDAY.getValue(), ChronoUnit.DAYS);
      case MONTH -> date.withDayOfMonth(1);
      case QUARTER -> date.withDayOfMonth(1).withMonth((date.getMonthValue() - 1) / 3 * 3 + 1);
      case YEAR -> LocalDate.of(year, 1, 1);
      case DECADE -> LocalDate.of(Math.floorDiv(year, 10) * 10, 1, 1);
      case CENTURY -> LocalDate.of(Math.floorDiv(year - 1, 100) * 100 + 1, 1, 1);
      case MILLENNIUM -> LocalDate.of(Math.floorDiv(year - 1, 1000) * 1000 + 1, 1, 1);
      default -> throw unsupported(ColumnType.TIMESTAMP);
    };
  }

  private RuntimeException unsupported(ColumnType type) {
    return Errors.invalidArgument(
        "unit \"" + name().toLowerCase(Locale.ROOT) + "\" not supported for type " + type);
  }
}
