package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Conversions from session values (the classes of {@link SqlType#valueClass}) to what a getter asks
 * for. A value that does not fit is an error, never a truncation, save for the fraction of a number
 * read as an integer.
 */
final class Conversions {
  private Conversions() {}

  static boolean toBoolean(Object value) throws SQLException {
    if (value instanceof Boolean) {
      return (Boolean) value;
    }
    if (value instanceof Number) {
      return ((Number) value).doubleValue() != 0;
    }
    if (value instanceof String) {
      switch (((String) value).trim().toLowerCase(java.util.Locale.ROOT)) {
        case "true":
        case "t":
        case "yes":
        case "y":
        case "on":
        case "1":
          return true;
        case "false":
        case "f":
        case "no":
        case "n":
        case "off":
        case "0":
          return false;
        default:
          throw notReadable(value, "boolean");
      }
    }
    throw notReadable(value, "boolean");
  }

  /** An integer within {@code [min, max]}; {@code target} names the type for the message. */
  static long toInteger(Object value, long min, long max, String target) throws SQLException {
    long number;
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      number = ((Number) value).longValue();
    } else if (value instanceof Boolean) {
      number = (Boolean) value ? 1 : 0;
    } else {
      BigInteger whole = toDecimal(value, target).setScale(0, RoundingMode.DOWN).unscaledValue();
      if (whole.bitLength() > 63) {
        throw outOfRange(value, target);
      }
      number = whole.longValue();
    }
    return checkRange(number, min, max, target);
  }

  static long checkRange(long number, long min, long max, String target) throws SQLException {
    if (number < min || number > max) {
      throw outOfRange(number, target);
    }
    return number;
  }

  static double toDouble(Object value) throws SQLException {
    if (value instanceof Number) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? 1 : 0;
    }
    if (value instanceof String) {
      try {
        return Double.parseDouble(((String) value).trim());
      } catch (NumberFormatException e) {
        throw notReadable(value, "double");
      }
    }
    throw notReadable(value, "double");
  }

  static float toFloat(double number) throws SQLException {
    float narrowed = (float) number;
    if (Float.isInfinite(narrowed) && !Double.isInfinite(number)) {
      throw outOfRange(number, "float");
    }
    return narrowed;
  }

  static BigDecimal toDecimal(Object value) throws SQLException {
    return toDecimal(value, "BigDecimal");
  }

  private static BigDecimal toDecimal(Object value, String target) throws SQLException {
    try {
      if (value instanceof BigDecimal) {
        return (BigDecimal) value;
      }
      if (value instanceof BigInteger) {
        return new BigDecimal((BigInteger) value);
      }
      if (value instanceof Float) {
        return new BigDecimal(value.toString());
      }
      if (value instanceof Double) {
        return BigDecimal.valueOf((Double) value);
      }
      if (value instanceof Number) {
        return BigDecimal.valueOf(((Number) value).longValue());
      }
      if (value instanceof Boolean) {
        return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
      }
      if (value instanceof String) {
        return new BigDecimal(((String) value).trim());
      }
    } catch (NumberFormatException e) {
      throw notReadable(value, target);
    }
    throw notReadable(value, target);
  }

  static String toText(Object value) {
    if (value instanceof byte[]) {
      return TextForms.hex((byte[]) value);
    }
    if (value instanceof BigDecimal) {
      return ((BigDecimal) value).toPlainString();
    }
    if (value instanceof LocalDateTime) {
      return TextForms.timestamp((LocalDateTime) value);
    }
    if (value instanceof OffsetDateTime) {
      return TextForms.timestamp((OffsetDateTime) value);
    }
    if (value instanceof LocalTime) {
      return TextForms.time((LocalTime) value);
    }
    if (value instanceof List) {
      return TextForms.array((List<?>) value);
    }
    return value.toString();
  }

  static byte[] toBytes(Object value) throws SQLException {
    if (value instanceof byte[]) {
      return (byte[]) value;
    }
    if (value instanceof String) {
      return ((String) value).getBytes(StandardCharsets.UTF_8);
    }
    throw notReadable(value, "byte[]");
  }

  /** A date; an instant is shown in {@code zone}. */
  static LocalDate toDate(Object value, ZoneId zone) throws SQLException {
    if (value instanceof LocalDate) {
      return (LocalDate) value;
    }
    if (value instanceof LocalDateTime) {
      return ((LocalDateTime) value).toLocalDate();
    }
    if (value instanceof OffsetDateTime) {
      return toDateTime(value, zone).toLocalDate();
    }
    if (value instanceof String) {
      try {
        return TextForms.parseDate((String) value);
      } catch (DateTimeException e) {
        throw notReadable(value, "date");
      }
    }
    throw notReadable(value, "date");
  }

  /** A time of day; an instant is shown in {@code zone}. */
  static LocalTime toTime(Object value, ZoneId zone) throws SQLException {
    if (value instanceof LocalTime) {
      return (LocalTime) value;
    }
    if (value instanceof LocalDateTime) {
      return ((LocalDateTime) value).toLocalTime();
    }
    if (value instanceof OffsetDateTime) {
      return toDateTime(value, zone).toLocalTime();
    }
    if (value instanceof String) {
      try {
        return LocalTime.parse(((String) value).trim());
      } catch (DateTimeException e) {
        throw notReadable(value, "time");
      }
    }
    throw notReadable(value, "time");
  }

  /** A local date and time; an instant is shown in {@code zone}. */
  static LocalDateTime toDateTime(Object value, ZoneId zone) throws SQLException {
    if (value instanceof LocalDateTime) {
      return (LocalDateTime) value;
    }
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).atZoneSameInstant(zone).toLocalDateTime();
    }
    if (value instanceof LocalDate) {
      return ((LocalDate) value).atStartOfDay();
    }
    if (value instanceof LocalTime) {
      return LocalDate.EPOCH.atTime((LocalTime) value);
    }
    if (value instanceof String) {
      try {
        return TextForms.parseTimestamp((String) value);
      } catch (DateTimeException e) {
        throw notReadable(value, "timestamp");
      }
    }
    throw notReadable(value, "timestamp");
  }

  /** An instant with offset; a local value is read in {@code zone}. */
  static OffsetDateTime toOffsetDateTime(Object value, ZoneId zone) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return (OffsetDateTime) value;
    }
    if (value instanceof String) {
      try {
        return TextForms.parseOffsetTimestamp((String) value, zone);
      } catch (DateTimeException e) {
        throw notReadable(value, "timestamp with time zone");
      }
    }
    return toDateTime(value, zone).atZone(zone).toOffsetDateTime();
  }

  static UUID toUuid(Object value) throws SQLException {
    if (value instanceof UUID) {
      return (UUID) value;
    }
    if (value instanceof String) {
      try {
        return UUID.fromString(((String) value).trim());
      } catch (IllegalArgumentException e) {
        throw notReadable(value, "uuid");
      }
    }
    throw notReadable(value, "uuid");
  }

  /** The value as {@link java.sql.ResultSet#getObject(int)} shows it. */
  static @Nullable Object toObject(@Nullable Object value) throws SQLException {
    if (value instanceof Short) {
      return ((Short) value).intValue();
    }
    if (value instanceof LocalDate) {
      return LegacyTimes.date((LocalDate) value, null);
    }
    if (value instanceof LocalTime) {
      return LegacyTimes.time((LocalTime) value, null);
    }
    if (value instanceof LocalDateTime) {
      return LegacyTimes.timestamp((LocalDateTime) value, null);
    }
    return value;
  }

  /** The value as {@code target}, for {@link java.sql.ResultSet#getObject(int, Class)}. */
  static <T> T toClass(Object value, Class<T> target) throws SQLException {
    return target.cast(convert(value, target));
  }

  private static Object convert(Object value, Class<?> target) throws SQLException {
    if (target.isInstance(value) && target != Object.class) {
      return value;
    }
    if (target == String.class) {
      return toText(value);
    }
    if (target == Boolean.class) {
      return toBoolean(value);
    }
    if (Number.class.isAssignableFrom(target)) {
      return convertNumber(value, target);
    }
    if (target == byte[].class) {
      return toBytes(value);
    }
    if (target == UUID.class) {
      return toUuid(value);
    }
    if (target == Object.class) {
      return java.util.Objects.requireNonNull(toObject(value));
    }
    if (target.isArray() && value instanceof List) {
      return toJavaArray((List<?>) value, target.getComponentType());
    }
    if (target == java.sql.Blob.class) {
      return new javax.sql.rowset.serial.SerialBlob(toBytes(value));
    }
    if (target == java.sql.Clob.class || target == java.sql.NClob.class) {
      return MemoryClob.of(toText(value));
    }
    return convertTime(value, target);
  }

  private static Object toJavaArray(List<?> values, Class<?> component) throws SQLException {
    Object array = java.lang.reflect.Array.newInstance(component, values.size());
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value == null && component.isPrimitive()) {
        throw notReadable("NULL", component.getName());
      }
      Object converted =
          value == null || component == Object.class
              ? toObject(value)
              : convert(value, boxed(component));
      java.lang.reflect.Array.set(array, i, converted);
    }
    return array;
  }

  private static Class<?> boxed(Class<?> type) {
    return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
  }

  private static Object convertNumber(Object value, Class<?> target) throws SQLException {
    if (target == Byte.class) {
      return (byte) toInteger(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    }
    if (target == Short.class) {
      return (short) toInteger(value, Short.MIN_VALUE, Short.MAX_VALUE, "short");
    }
    if (target == Integer.class) {
      return (int) toInteger(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    }
    if (target == Long.class) {
      return toInteger(value, Long.MIN_VALUE, Long.MAX_VALUE, "long");
    }
    if (target == Float.class) {
      return toFloat(toDouble(value));
    }
    if (target == Double.class) {
      return toDouble(value);
    }
    if (target == BigDecimal.class || target == Number.class) {
      return toDecimal(value);
    }
    if (target == BigInteger.class) {
      return toDecimal(value).setScale(0, RoundingMode.DOWN).unscaledValue();
    }
    throw notReadable(value, target.getName());
  }

  private static Object convertTime(Object value, Class<?> target) throws SQLException {
    ZoneId zone = ZoneId.systemDefault();
    if (target == LocalDate.class) {
      return toDate(value, zone);
    }
    if (target == LocalTime.class) {
      return toTime(value, zone);
    }
    if (target == LocalDateTime.class) {
      return toDateTime(value, zone);
    }
    if (target == OffsetDateTime.class) {
      return toOffsetDateTime(value, zone);
    }
    if (target == ZonedDateTime.class) {
      return toOffsetDateTime(value, zone).toZonedDateTime();
    }
    if (target == Instant.class) {
      return toOffsetDateTime(value, zone).toInstant();
    }
    if (target == OffsetTime.class) {
      return toTime(value, zone).atOffset(zone.getRules().getOffset(Instant.now()));
    }
    if (target == java.sql.Date.class) {
      return LegacyTimes.date(toDate(value, zone), null);
    }
    if (target == java.sql.Time.class) {
      return LegacyTimes.time(toTime(value, zone), null);
    }
    if (target == Timestamp.class || target == java.util.Date.class) {
      return LegacyTimes.toTimestamp(value, null);
    }
    throw notReadable(value, target.getName());
  }

  private static SQLException outOfRange(Object value, String target) {
    return SqlErrors.of("22003", "value " + value + " is out of range for " + target);
  }

  static SQLException notReadable(Object value, String target) {
    String kind = value instanceof byte[] ? "bytea" : value.getClass().getSimpleName();
    String shown = value instanceof byte[] ? "" : " '" + value + "'";
    return SqlErrors.of("22018", "a " + kind + " value" + shown + " cannot be read as " + target);
  }
}
