package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.TextFormat;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
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

/** Java values as callers give them, as the objects that vectors take for a type. */
final class ParameterValues {
  private ParameterValues() {}

  static @Nullable Object[] convert(
      @Nullable Object[] values, List<ColumnType> types, ZoneId zone) {
    if (values.length != types.size()) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "the statement has "
              + types.size()
              + " parameters, but "
              + values.length
              + " values were given");
    }
    @Nullable Object[] converted = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = convert(values[i], types.get(i), zone);
    }
    return converted;
  }

  /** The value as an object of the class that {@code Values} names for {@code type}. */
  static @Nullable Object convert(@Nullable Object value, ColumnType type, ZoneId zone) {
    if (value == null) {
      return null;
    }
    Object converted =
        switch (type.kind()) {
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case SMALLINT -> integer(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
          case INTEGER -> integer(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case BIGINT -> value instanceof Number number ? (Object) exactLong(number, type) : null;
          case DECIMAL -> value instanceof Number number ? decimal(number, type) : null;
          case REAL -> value instanceof Number number ? (Object) number.floatValue() : null;
          case DOUBLE -> value instanceof Number number ? (Object) number.doubleValue() : null;
          case VARCHAR -> text(value);
          case BYTEA -> value instanceof byte[] ? value : null;
          case DATE ->
              value instanceof LocalDateTime timestamp
                  ? timestamp.toLocalDate()
                  : value instanceof LocalDate ? value : null;
          case TIME -> value instanceof LocalTime ? value : null;
          case TIMESTAMP -> timestamp(value, zone);
          case TIMESTAMPTZ -> instant(value, zone);
          case INTERVAL -> value instanceof Interval ? value : null;
          case UUID -> value instanceof UUID ? value : null;
          case JSON -> null;
          case ARRAY -> value instanceof List<?> list ? array(list, type, zone) : null;
        };
    if (converted != null) {
      return converted;
    }
    if (value instanceof String string) {
      return parse(string, type, zone);
    }
    throw new PpdbException(
        ErrorCode.DATATYPE_MISMATCH,
        "a value of class " + value.getClass().getSimpleName() + " cannot be used as " + type);
  }

  private static List<@Nullable Object> array(List<?> values, ColumnType type, ZoneId zone) {
    List<@Nullable Object> elements = new ArrayList<>(values.size());
    for (Object value : values) {
      elements.add(convert(value, type.elementType(), zone));
    }
    return elements;
  }

  private static @Nullable Object parse(String text, ColumnType type, ZoneId zone) {
    Vector vector = Vector.create(type, 1);
    vector.reset(1);
    TextFormat.parse(text, vector, 0, zone);
    return vector.getObject(0);
  }

  private static @Nullable Object integer(Object value, ColumnType type, int min, int max) {
    if (!(value instanceof Number number)) {
      return null;
    }
    long integer = exactLong(number, type);
    if (integer < min || integer > max) {
      throw outOfRange(value, type);
    }
    return (int) integer;
  }

  private static long exactLong(Number number, ColumnType type) {
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      return number.longValue();
    }
    try {
      BigDecimal rounded = decimal(number, ColumnType.NUMERIC).setScale(0, RoundingMode.HALF_UP);
      return rounded.longValueExact();
    } catch (ArithmeticException e) {
      throw new PpdbException(
          ErrorCode.NUMERIC_OUT_OF_RANGE, "value " + number + " is out of range for " + type, e);
    }
  }

  private static PpdbException outOfRange(Object value, ColumnType type) {
    return new PpdbException(
        ErrorCode.NUMERIC_OUT_OF_RANGE, "value " + value + " is out of range for " + type);
  }

  private static BigDecimal decimal(Number number, ColumnType type) {
    BigDecimal value =
        number instanceof BigDecimal decimal
            ? decimal
            : number instanceof BigInteger integer
                ? new BigDecimal(integer)
                : number instanceof Double || number instanceof Float
                    ? new BigDecimal(number.toString())
                    : BigDecimal.valueOf(number.longValue());
    if (value.scale() < 0) {
      value = value.setScale(0);
    }
    if (type.isUnconstrainedNumeric()) {
      return value;
    }
    BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision() && scaled.signum() != 0) {
      throw outOfRange(number, type);
    }
    return scaled;
  }

  private static Object text(Object value) {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  private static @Nullable Object timestamp(Object value, ZoneId zone) {
    if (value instanceof LocalDateTime) {
      return value;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    Object instant = instant(value, zone);
    return instant instanceof OffsetDateTime offset
        ? offset.atZoneSameInstant(zone).toLocalDateTime()
        : null;
  }

  private static @Nullable Object instant(Object value, ZoneId zone) {
    if (value instanceof OffsetDateTime offset) {
      return offset.withOffsetSameInstant(ZoneOffset.UTC);
    }
    if (value instanceof ZonedDateTime zoned) {
      return zoned.toOffsetDateTime().withOffsetSameInstant(ZoneOffset.UTC);
    }
    if (value instanceof Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    if (value instanceof LocalDateTime local) {
      return local.atZone(zone).toOffsetDateTime().withOffsetSameInstant(ZoneOffset.UTC);
    }
    return null;
  }
}
