package io.ppdb.graph.storage;

import io.ppdb.kv.codec.KeyWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Property values as elements of index keys.
 *
 * <p>Values that Gremlin calls equal have one form, whatever their Java type: an integral number is
 * a LONG, any other a DOUBLE, an instant a TIMESTAMPTZ. The form of a number outside the longs or
 * of an instant between two microseconds is rounded, so a reader tests such values again ({@link
 * #isExact}). Values without an order here (lists, maps, arrays, NaN …) are not in an index, and
 * predicates on them are not answered from one.
 */
@SuppressWarnings("JavaUtilDate") // Dates are values that users store.
public final class IndexValues {
  private static final double LONG_LIMIT = 0x1p63;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_MILLI = 1_000;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int MAX_INDEXED_CHARS = 4096;

  private IndexValues() {}

  /** Whether an index holds values like this one. */
  public static boolean isIndexable(@Nullable Object value) {
    if (value instanceof Double || value instanceof Float) {
      return !Double.isNaN(((Number) value).doubleValue());
    }
    if (value instanceof String text) {
      return text.length() <= MAX_INDEXED_CHARS && ValueCodec.isUnicode(text);
    }
    return (value instanceof Number && ValueType.of(value) != null)
        || value instanceof Boolean
        || value instanceof UUID
        || isInstant(value);
  }

  /** Whether two values with the form of this one are always equal. */
  public static boolean isExact(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof UUID
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte;
  }

  /** Adds the form of a value that {@link #isIndexable}. */
  static void write(KeyWriter key, Object value) {
    if (value instanceof String text) {
      key.addString(text);
    } else if (value instanceof Boolean bool) {
      key.addBoolean(bool);
    } else if (value instanceof UUID uuid) {
      key.addUuid(uuid);
    } else if (isInstant(value)) {
      key.addTimestampTz(toMicros(value));
    } else {
      writeNumber(key, (Number) value);
    }
  }

  static boolean isInstant(@Nullable Object value) {
    return value instanceof OffsetDateTime || value instanceof Instant || value instanceof Date;
  }

  /** Microseconds since the epoch, rounded down; the ends of the range stand for what is beyond. */
  private static long toMicros(Object value) {
    if (value instanceof Date date) {
      long millis = date.getTime();
      return Math.abs(millis) < Long.MAX_VALUE / MICROS_PER_MILLI
          ? millis * MICROS_PER_MILLI
          : Long.signum(millis) * Long.MAX_VALUE;
    }
    Instant instant = value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
    long seconds = instant.getEpochSecond();
    return Math.abs(seconds) < Long.MAX_VALUE / MICROS_PER_SECOND - 1
        ? seconds * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO
        : Long.signum(seconds) * Long.MAX_VALUE;
  }

  private static void writeNumber(KeyWriter key, Number value) {
    if (value instanceof BigInteger || value instanceof BigDecimal) {
      BigDecimal decimal =
          value instanceof BigInteger integer ? new BigDecimal(integer) : (BigDecimal) value;
      writeBig(key, decimal);
    } else if (value instanceof Double || value instanceof Float) {
      writeDouble(key, value.doubleValue());
    } else {
      key.addLong(value.longValue());
    }
  }

  private static void writeBig(KeyWriter key, BigDecimal value) {
    double nearest = value.doubleValue();
    if (Math.abs(nearest) <= LONG_LIMIT) {
      BigInteger integer = value.toBigInteger();
      if (integer.bitLength() < Long.SIZE && value.compareTo(new BigDecimal(integer)) == 0) {
        key.addLong(integer.longValue());
        return;
      }
    }
    // Not integral, but perhaps its nearest double is: that stays a DOUBLE, beside its neighbours.
    key.addDouble(nearest);
  }

  private static void writeDouble(KeyWriter key, double value) {
    if (value >= -LONG_LIMIT && value < LONG_LIMIT && value == Math.rint(value)) {
      key.addLong((long) value);
    } else {
      key.addDouble(value);
    }
  }
}
