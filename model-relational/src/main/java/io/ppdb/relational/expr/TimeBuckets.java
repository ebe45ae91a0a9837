package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code time_bucket(width, time [, origin])} and {@code date_bin(width, time, origin)}: the start
 * of the bucket that a time falls into.
 *
 * <p>Buckets are counted from the origin. By default that is Monday, 2000-01-03, so that weeks
 * begin on Mondays, and 2000-01-01 for widths in months, as in TimescaleDB. Days have 24 hours:
 * timestamptz is bucketed in UTC. A width is months and years, or days and smaller units, not both.
 */
final class TimeBuckets {
  private static final long DEFAULT_ORIGIN = Values.toMicros(LocalDateTime.of(2000, 1, 3, 0, 0));
  private static final int MONTHS_A_YEAR = 12;

  private TimeBuckets() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("TIME_BUCKET", TimeBuckets::compile);
    functions.put("DATE_BIN", TimeBuckets::compile);
  }

  private static VectorExpression compile(ExpressionCompiler compiler, VectorExpression[] a) {
    ColumnType type =
        a[1].type().kind() == TypeKind.TIMESTAMPTZ ? ColumnType.TIMESTAMPTZ : ColumnType.TIMESTAMP;
    VectorExpression width = compiler.cast(a[0], ColumnType.INTERVAL);
    VectorExpression time = compiler.cast(a[1], type);
    if (a.length == 2) {
      return compiler.strict(type, TimeBuckets::bucket, width, time);
    }
    return compiler.strict(type, TimeBuckets::bucket, width, time, compiler.cast(a[2], type));
  }

  /**
   * Computes buckets of widths and times, from the default origin or from those of a third
   * argument.
   */
  static void bucket(Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    IntervalVector widths = (IntervalVector) arguments[0];
    long[] times = ((LongVector) arguments[1]).values();
    long[] origins = arguments.length == 3 ? ((LongVector) arguments[2]).values() : null;
    long[] buckets = ((LongVector) result).values();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int months = widths.months()[position];
      int days = widths.days()[position];
      long micros = widths.micros()[position];
      if (months == 0) {
        long origin = origins == null ? DEFAULT_ORIGIN : origins[position];
        long width = micros == 0 ? days * DateTimeText.MICROS_PER_DAY : fixedWidth(days, micros);
        if (width <= 0) {
          throw wrongWidth(widths.get(position));
        }
        buckets[position] = origin + Math.floorDiv(times[position] - origin, width) * width;
      } else {
        if (months < 0 || days != 0 || micros != 0) {
          throw wrongWidth(widths.get(position));
        }
        buckets[position] =
            monthBucket(months, times[position], origins == null ? 0 : origins[position], origins);
      }
    }
  }

  private static long fixedWidth(int days, long micros) {
    return Math.addExact(days * DateTimeText.MICROS_PER_DAY, micros);
  }

  private static long monthBucket(int months, long time, long origin, long @Nullable [] origins) {
    long first = origins == null ? 2000L * MONTHS_A_YEAR : monthOf(originMonth(origin));
    long month =
        first + Math.floorDiv(monthOf(Values.toLocalDateTime(time)) - first, months) * months;
    LocalDateTime start =
        LocalDateTime.of(
            Math.toIntExact(Math.floorDiv(month, MONTHS_A_YEAR)),
            Math.floorMod(month, MONTHS_A_YEAR) + 1,
            1,
            0,
            0);
    return Values.toMicros(start);
  }

  private static LocalDateTime originMonth(long origin) {
    LocalDateTime time = Values.toLocalDateTime(origin);
    if (time.getDayOfMonth() != 1 || Math.floorMod(origin, DateTimeText.MICROS_PER_DAY) != 0) {
      throw Errors.notSupported("an origin inside a month for buckets of months");
    }
    return time;
  }

  private static long monthOf(LocalDateTime time) {
    return (long) time.getYear() * MONTHS_A_YEAR + time.getMonthValue() - 1;
  }

  private static PpdbException wrongWidth(Interval width) {
    return new PpdbException(
        ErrorCode.INVALID_ARGUMENT,
        "bucket width "
            + width
            + "; expected a positive number of months, or of days and smaller units");
  }
}
