package io.ppdb.database.gremlin;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
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
 * <p>The type of a column is known before the traversal runs; a value that does not fit it, because
 * elements of one label hold values of several types, is an error that names both.
 */
final class ValueConversion {
  private ValueConversion() {}

  /** {@code value} as one of {@code column}'s type; null stays null. */
  static @Nullable Object convert(@Nullable Object value, ColumnType type, String column) {
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
          case DATE -> value instanceof LocalDate ? value : null;
          case TIME -> value instanceof LocalTime ? value : null;
          case TIMESTAMP -> value instanceof LocalDateTime ? value : null;
          case TIMESTAMPTZ -> toInstant(value);
          case UUID -> value instanceof UUID ? value : null;
          case INTERVAL -> null;
        };
    if (converted == null) {
      throw new PpdbException(
          ErrorCode.DATATYPE_MISMATCH,
          "gremlin: column \""
              + column
              + "\" is "
              + type
              + ", but the traversal gave "
              + value.getClass().getSimpleName()
              + " '"
              + value
              + "'");
    }
    return converted;
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
    Object whole = toLong(value);
    return whole instanceof Long number ? BigDecimal.valueOf(number) : null;
  }

  private static @Nullable Object toInstant(Object value) {
    try {
      if (value instanceof OffsetDateTime moment) {
        return moment.withOffsetSameInstant(ZoneOffset.UTC);
      }
      if (value instanceof Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
      }
      return value instanceof Date moment ? moment.toInstant().atOffset(ZoneOffset.UTC) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Elements as their ids, properties as their values, everything else as Java writes it. */
  private static String toText(Object value) {
    if (value instanceof Element element) {
      return String.valueOf(element.id());
    }
    return value instanceof Property<?> property
        ? String.valueOf(property.value())
        : String.valueOf(value);
  }
}
