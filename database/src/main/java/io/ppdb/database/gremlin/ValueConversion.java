package io.ppdb.database.gremlin;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.UUID;
import org.apache.tinkerpop.gremlin.structure.Element;
import org.apache.tinkerpop.gremlin.structure.Property;
import org.jspecify.annotations.Nullable;

/**
 * Values of traversals as SQL values, of the classes that {@code Values} names.
 *
 * <p>The type of a column is fixed when the statement is prepared, from what properties have held
 * until then. A value of another type is turned into it as long as nothing but the precision of a
 * floating-point number is lost; otherwise it is an error that names column, type and value.
 */
@SuppressWarnings("JavaUtilDate") // Dates are values that users store.
final class ValueConversion {
  private static final int MAX_SHOWN_CHARS = 100;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private ValueConversion() {}

  /** {@code value} as one of {@code column}'s type; null stays null. */
  static @Nullable Object convert(@Nullable Object given, ColumnType type, String column) {
    Object value = given instanceof Property<?> property ? property.value() : given;
    if (value == null) {
      return null;
    }
    Object converted =
        switch (type.kind()) {
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case SMALLINT, INTEGER -> toInteger(value);
          case BIGINT -> toLong(value);
          case DECIMAL -> toDecimal(value);
          case REAL -> value instanceof Number number ? (Object) number.floatValue() : null;
          case DOUBLE -> value instanceof Number number ? (Object) number.doubleValue() : null;
          case VARCHAR -> toText(value);
          case BYTEA -> value instanceof byte[] ? value : null;
          case DATE -> value instanceof LocalDate date && fitsDate(date) ? value : null;
          case TIME -> value instanceof LocalTime ? value : null;
          case TIMESTAMP ->
              value instanceof LocalDateTime time && fitsMicros(time.toEpochSecond(ZoneOffset.UTC))
                  ? value
                  : null;
          case TIMESTAMPTZ -> toInstant(value);
          case UUID -> value instanceof UUID ? value : null;
          case INTERVAL, JSON, ARRAY -> null;
        };
    if (converted == null) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "gremlin: column \""
              + column
              + "\" was "
              + type
              + " when the statement was prepared, but the traversal gave the "
              + value.getClass().getSimpleName()
              + " '"
              + shortened(String.valueOf(value))
              + "'; prepare it again, or ask for values of one type");
    }
    return converted;
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "…";
  }

  private static boolean fitsDate(LocalDate date) {
    return date.toEpochDay() == (int) date.toEpochDay();
  }

  /** Whether microseconds since 1970 are a long. */
  private static boolean fitsMicros(long epochSecond) {
    return Math.abs(epochSecond) < Long.MAX_VALUE / MICROS_PER_SECOND;
  }

  private static @Nullable Object toInteger(Object value) {
    Object number = toLong(value);
    return number instanceof Long whole && whole == whole.intValue() ? whole.intValue() : null;
  }

  private static @Nullable Object toLong(Object value) {
    if (value instanceof BigInteger big) {
      return big.bitLength() < Long.SIZE ? big.longValue() : null;
    }
    return value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
        ? ((Number) value).longValue()
        : null;
  }

  private static @Nullable Object toDecimal(Object value) {
    if (value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof BigInteger big) {
      return new BigDecimal(big);
    }
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? new BigDecimal(value.toString()) : null;
    }
    Object whole = toLong(value);
    return whole instanceof Long number ? BigDecimal.valueOf(number) : null;
  }

  private static @Nullable Object toInstant(Object value) {
    Instant instant;
    if (value instanceof OffsetDateTime moment) {
      instant = moment.toInstant();
    } else if (value instanceof Date date) {
      instant = Instant.ofEpochMilli(date.getTime());
    } else if (value instanceof Instant moment) {
      instant = moment;
    } else {
      return null;
    }
    return fitsMicros(instant.getEpochSecond()) ? instant.atOffset(ZoneOffset.UTC) : null;
  }

  /** Elements as their ids, everything else as Java writes it. */
  private static String toText(Object value) {
    return String.valueOf(value instanceof Element element ? element.id() : value);
  }
}
