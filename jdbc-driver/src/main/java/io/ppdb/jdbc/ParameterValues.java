package io.ppdb.jdbc;

import io.ppdb.jdbc.session.Interval;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlType;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From what callers set to session values, the classes of {@link SqlType#valueClass}. */
final class ParameterValues {
  private ParameterValues() {}

  /** {@code value} as a session value; {@code expected} is the type of its parameter. */
  static @Nullable Object of(@Nullable Object value, SqlType expected) throws SQLException {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Float
        || value instanceof Double
        || value instanceof BigDecimal
        || value instanceof byte[]
        || value instanceof LocalDate
        || value instanceof LocalTime
        || value instanceof LocalDateTime
        || value instanceof OffsetDateTime
        || value instanceof UUID
        || value instanceof Interval) {
      return value;
    }
    if (value instanceof Array || value instanceof List || value.getClass().isArray()) {
      return elements(value);
    }
    if (value instanceof Byte || value instanceof Short) {
      return ((Number) value).intValue();
    }
    if (value instanceof BigInteger) {
      return new BigDecimal((BigInteger) value);
    }
    if (value instanceof Character) {
      return value.toString();
    }
    if (value instanceof Instant) {
      return ((Instant) value).atOffset(ZoneOffset.UTC);
    }
    if (value instanceof ZonedDateTime) {
      return ((ZonedDateTime) value).toOffsetDateTime();
    }
    return ofJavaSql(value, expected);
  }

  /** The elements of a java.sql.Array, a list or a Java array, as session values. */
  static List<@Nullable Object> elements(Object array) throws SQLException {
    if (array instanceof PpdbArray) {
      return ((PpdbArray) array).elements();
    }
    Object values =
        array instanceof Array
            ? ((Array) array).getArray()
            : array instanceof List ? ((List<?>) array).toArray() : array;
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < java.lang.reflect.Array.getLength(values); i++) {
      elements.add(of(java.lang.reflect.Array.get(values, i), SqlType.UNKNOWN));
    }
    return elements;
  }

  @SuppressWarnings("JavaUtilDate") // the class that callers of JDBC still pass
  private static Object ofJavaSql(Object value, SqlType expected) throws SQLException {
    if (value instanceof Timestamp) {
      return timestamp((Timestamp) value, expected, null);
    }
    if (value instanceof Date) {
      return LegacyTimes.toLocal((Date) value, null);
    }
    if (value instanceof Time) {
      return LegacyTimes.toLocal((Time) value, null);
    }
    if (value instanceof java.util.Date) {
      return timestamp(new Timestamp(((java.util.Date) value).getTime()), expected, null);
    }
    if (value instanceof Blob) {
      Blob blob = (Blob) value;
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    if (value instanceof Clob) {
      Clob clob = (Clob) value;
      return clob.getSubString(1, Math.toIntExact(clob.length()));
    }
    if (value instanceof InputStream) {
      return bytes((InputStream) value, -1);
    }
    if (value instanceof Reader) {
      return text((Reader) value, -1);
    }
    throw SqlErrors.of("07006", "PPDB has no type for a parameter of " + value.getClass());
  }

  static Object timestamp(
      Timestamp value, SqlType expected, java.util.@Nullable Calendar calendar) {
    return expected == SqlType.TIMESTAMPTZ
        ? LegacyTimes.toOffset(value, calendar)
        : LegacyTimes.toLocal(value, calendar);
  }

  /** A session value converted to the type that {@code jdbcType} of {@link Types} names. */
  static @Nullable Object as(@Nullable Object value, int jdbcType, int scale) throws SQLException {
    if (value == null) {
      return null;
    }
    switch (jdbcType) {
      case Types.BIT:
      case Types.BOOLEAN:
        return Conversions.toBoolean(value);
      case Types.TINYINT:
      case Types.SMALLINT:
        return Conversions.toClass(value, Short.class).intValue();
      case Types.INTEGER:
        return Conversions.toClass(value, Integer.class);
      case Types.BIGINT:
        return Conversions.toClass(value, Long.class);
      case Types.REAL:
        return Conversions.toFloat(Conversions.toDouble(value));
      case Types.FLOAT:
      case Types.DOUBLE:
        return Conversions.toDouble(value);
      case Types.NUMERIC:
      case Types.DECIMAL:
        BigDecimal number = Conversions.toDecimal(value);
        return scale < 0 ? number : number.setScale(scale, RoundingMode.HALF_UP);
      case Types.CHAR:
      case Types.VARCHAR:
      case Types.LONGVARCHAR:
      case Types.NCHAR:
      case Types.NVARCHAR:
      case Types.LONGNVARCHAR:
      case Types.CLOB:
      case Types.NCLOB:
        return Conversions.toText(value);
      case Types.BINARY:
      case Types.VARBINARY:
      case Types.LONGVARBINARY:
      case Types.BLOB:
        return Conversions.toBytes(value);
      case Types.DATE:
        return Conversions.toDate(value, ZoneId.systemDefault());
      case Types.TIME:
        return Conversions.toTime(value, ZoneId.systemDefault());
      case Types.TIMESTAMP:
        return Conversions.toDateTime(value, ZoneId.systemDefault());
      case Types.TIMESTAMP_WITH_TIMEZONE:
        return Conversions.toOffsetDateTime(value, ZoneId.systemDefault());
      case Types.ARRAY:
      case Types.OTHER:
      case Types.JAVA_OBJECT:
      case Types.NULL:
        return value;
      default:
        throw SqlErrors.notSupported("PPDB has no type for the java.sql.Types code " + jdbcType);
    }
  }

  /** The first {@code length} bytes of a stream, or all of them if that is negative. */
  static byte[] bytes(InputStream stream, long length) throws SQLException {
    try {
      return length < 0 ? stream.readAllBytes() : stream.readNBytes(Math.toIntExact(length));
    } catch (IOException e) {
      throw SqlErrors.of("58030", 0, "cannot read the stream of a parameter: " + e, e);
    }
  }

  /** The first {@code length} characters of a reader, or all of them if that is negative. */
  static String text(Reader reader, long length) throws SQLException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[4096];
    long remaining = length < 0 ? Long.MAX_VALUE : length;
    try {
      while (remaining > 0) {
        int count = reader.read(buffer, 0, (int) Math.min(buffer.length, remaining));
        if (count < 0) {
          break;
        }
        text.append(buffer, 0, count);
        remaining -= count;
      }
    } catch (IOException e) {
      throw SqlErrors.of("58030", 0, "cannot read the stream of a parameter: " + e, e);
    }
    return text.toString();
  }
}
