package io.ppdb.timeseries;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.vector.Values;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times from {@code first} to {@code last}, both included, in microseconds since 1970. */
record TimeRange(long first, long last) {
  static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);
  static final TimeRange NONE = new TimeRange(Long.MAX_VALUE, Long.MIN_VALUE);

  /** Whether a comparison of the designated timestamp is one that a range expresses. */
  static boolean expresses(ColumnComparison comparison) {
    return switch (comparison.operator()) {
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
      case IN, ANY, IS_NULL, IS_NOT_NULL -> false;
    };
  }

  /** The times for which all of {@code comparisons} hold, with the values of one execution. */
  static TimeRange of(List<ColumnComparison> comparisons, ExecutionContext context) {
    TimeRange range = ALL;
    for (ColumnComparison comparison : comparisons) {
      range = range.intersect(comparison, comparison.operand().value(context));
    }
    return range;
  }

  /** The times for which those of {@code comparisons} hold whose values are known already. */
  static TimeRange ofConstants(List<ColumnComparison> comparisons) {
    TimeRange range = ALL;
    for (ColumnComparison comparison : comparisons) {
      Operand operand = comparison.operand();
      if (operand.constant() != null) {
        range = range.intersect(comparison, operand.constant());
      }
    }
    return range;
  }

  boolean isEmpty() {
    return first > last;
  }

  boolean contains(long time) {
    return first <= time && time <= last;
  }

  private TimeRange intersect(ColumnComparison comparison, @Nullable Object value) {
    if (value == null) {
      return NONE;
    }
    long time = micros(value);
    return switch (comparison.operator()) {
      case EQUAL -> intersect(time, time);
      case LESS -> time == Long.MIN_VALUE ? NONE : intersect(Long.MIN_VALUE, time - 1);
      case LESS_OR_EQUAL -> intersect(Long.MIN_VALUE, time);
      case GREATER -> time == Long.MAX_VALUE ? NONE : intersect(time + 1, Long.MAX_VALUE);
      case GREATER_OR_EQUAL -> intersect(time, Long.MAX_VALUE);
      case IN, ANY, IS_NULL, IS_NOT_NULL ->
          throw new IllegalArgumentException(comparison.toString());
    };
  }

  private TimeRange intersect(long otherFirst, long otherLast) {
    return new TimeRange(Math.max(first, otherFirst), Math.min(last, otherLast));
  }

  private static long micros(Object value) {
    return value instanceof OffsetDateTime instant
        ? Values.toMicros(instant.toInstant())
        : Values.toMicros((LocalDateTime) value);
  }
}
