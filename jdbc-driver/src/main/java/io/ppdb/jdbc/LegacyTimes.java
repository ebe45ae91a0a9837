package io.ppdb.jdbc;

import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * Between java.time and the older java.sql classes, which are instants: a local value is read in
 * the zone of the calendar that the caller passes, or of the JVM.
 */
final class LegacyTimes {
  private LegacyTimes() {}

  static ZoneId zone(@Nullable Calendar calendar) {
    return calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
  }

  static Date date(LocalDate date, @Nullable Calendar calendar) {
    return calendar == null
        ? Date.valueOf(date)
        : new Date(date.atStartOfDay(zone(calendar)).toInstant().toEpochMilli());
  }

  static Time time(LocalTime time, @Nullable Calendar calendar) {
    // Keeps the milliseconds, which Time.valueOf drops.
    return new Time(LocalDate.EPOCH.atTime(time).atZone(zone(calendar)).toInstant().toEpochMilli());
  }

  static Timestamp timestamp(LocalDateTime timestamp, @Nullable Calendar calendar) {
    return calendar == null
        ? Timestamp.valueOf(timestamp)
        : Timestamp.from(timestamp.atZone(zone(calendar)).toInstant());
  }

  static Timestamp toTimestamp(Object value, @Nullable Calendar calendar) throws SQLException {
    return value instanceof OffsetDateTime
        ? Timestamp.from(((OffsetDateTime) value).toInstant())
        : timestamp(Conversions.toDateTime(value, zone(calendar)), calendar);
  }

  static LocalDate toLocal(Date date, @Nullable Calendar calendar) {
    return calendar == null
        ? date.toLocalDate()
        : LocalDate.ofInstant(java.time.Instant.ofEpochMilli(date.getTime()), zone(calendar));
  }

  static LocalTime toLocal(Time time, @Nullable Calendar calendar) {
    return LocalTime.ofInstant(java.time.Instant.ofEpochMilli(time.getTime()), zone(calendar));
  }

  static LocalDateTime toLocal(Timestamp timestamp, @Nullable Calendar calendar) {
    return calendar == null
        ? timestamp.toLocalDateTime()
        : LocalDateTime.ofInstant(timestamp.toInstant(), zone(calendar));
  }

  static OffsetDateTime toOffset(Timestamp timestamp, @Nullable Calendar calendar) {
    return timestamp.toInstant().atZone(zone(calendar)).toOffsetDateTime();
  }
}
