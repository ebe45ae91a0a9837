package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A closed range of values of one type: as longs for integers, dates, times and decimals of at most
 * 18 digits (unscaled), as doubles for floats. Empty if first is greater than last.
 *
 * @param nanInside whether NaN, which is greater than every number, belongs to it
 */
record Range(long first, long last, double lower, double upper, boolean nanInside) {
  static final Range ALL =
      new Range(
          Long.MIN_VALUE, Long.MAX_VALUE, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);

  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  /** Whether ranges of {@code type} can be expressed. */
  static boolean supports(ColumnType type) {
    return switch (type.physical()) {
      case INT, LONG, DOUBLE -> true;
      case DECIMAL -> type.isLongDecimal();
      case BOOLEAN, BYTES, INTERVAL, ENCODED -> false;
    };
  }

  /** The values {@code v} of {@code type} for which {@code v comparison constant} holds. */
  static Range of(ColumnType type, Comparison comparison, Object constant) {
    if (type.kind().isFloat()) {
      return ofDouble(comparison, ((Number) constant).doubleValue());
    }
    BigDecimal exact =
        constant instanceof BigDecimal decimal
            ? decimal.scaleByPowerOfTen(type.scale())
            : BigDecimal.valueOf(toLong(constant));
    BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).toBigInteger();
    BigInteger ceiling = exact.setScale(0, RoundingMode.CEILING).toBigInteger();
    return switch (comparison) {
      case LESS -> ofLongs(null, ceiling.subtract(BigInteger.ONE));
      case LESS_OR_EQUAL -> ofLongs(null, floor);
      case EQUAL, NOT_EQUAL -> ofLongs(ceiling, floor);
      case GREATER_OR_EQUAL -> ofLongs(ceiling, null);
      case GREATER -> ofLongs(floor.add(BigInteger.ONE), null);
    };
  }

  /** The long that a vector stores for a value of an integer, date or time type. */
  static long toLong(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    } else if (value instanceof LocalDate date) {
      return date.toEpochDay();
    } else if (value instanceof LocalTime time) {
      return time.toNanoOfDay() / 1000;
    } else if (value instanceof LocalDateTime timestamp) {
      return Values.toMicros(timestamp);
    } else if (value instanceof OffsetDateTime timestamp) {
      return Values.toMicros(timestamp.toInstant());
    }
    throw new IllegalArgumentException("not stored as a long: " + value.getClass());
  }

  private static Range ofLongs(@Nullable BigInteger first, @Nullable BigInteger last) {
    boolean empty =
        (first != null && first.compareTo(LONG_MAX) > 0)
            || (last != null && last.compareTo(LONG_MIN) < 0);
    return new Range(
        empty ? 1 : first == null ? Long.MIN_VALUE : first.max(LONG_MIN).longValue(),
        empty ? 0 : last == null ? Long.MAX_VALUE : last.min(LONG_MAX).longValue(),
        0,
        0,
        false);
  }

  private static Range ofDouble(Comparison comparison, double value) {
    boolean nan = Double.isNaN(value);
    return switch (comparison) {
      case LESS ->
          ofDoubles(Double.NEGATIVE_INFINITY, nan ? Double.POSITIVE_INFINITY : below(value), false);
      case LESS_OR_EQUAL ->
          ofDoubles(Double.NEGATIVE_INFINITY, nan ? Double.POSITIVE_INFINITY : value, nan);
      case EQUAL, NOT_EQUAL -> ofDoubles(value, value, nan);
      case GREATER_OR_EQUAL -> ofDoubles(value, Double.POSITIVE_INFINITY, true);
      case GREATER -> ofDoubles(above(value), Double.POSITIVE_INFINITY, !nan);
    };
  }

  private static Range ofDoubles(double lower, double upper, boolean nanInside) {
    return new Range(1, 0, lower, upper, nanInside);
  }

  /**
   * The greatest double below {@code value}; NaN, which no comparison accepts, if there is none.
   */
  private static double below(double value) {
    return value == Double.NEGATIVE_INFINITY ? Double.NaN : Math.nextDown(value);
  }

  private static double above(double value) {
    return value == Double.POSITIVE_INFINITY ? Double.NaN : Math.nextUp(value);
  }

  /** The values that are in both ranges, which are of one type. */
  Range intersect(Range other) {
    return new Range(
        Math.max(first, other.first),
        Math.min(last, other.last),
        Double.isNaN(lower) || Double.isNaN(other.lower)
            ? Double.NaN
            : Math.max(lower, other.lower),
        Double.isNaN(upper) || Double.isNaN(other.upper)
            ? Double.NaN
            : Math.min(upper, other.upper),
        nanInside && other.nanInside);
  }
}
