package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import org.apache.calcite.sql.SqlKind;

/**
 * Arithmetic with dates, times and intervals, as PostgreSQL defines it: months move the calendar
 * month and stop at its last day, days move the date, microseconds the clock. To a timestamptz,
 * months and days are added in the session's time zone.
 */
final class DateTimeArithmetic {
  private static final long MICROS_PER_DAY = DateTimeText.MICROS_PER_DAY;

  private DateTimeArithmetic() {}

  /** The expression for {@code kind} over operands at least one of which is no number. */
  static VectorExpression compile(
      SqlKind kind, ColumnType type, VectorExpression[] operands, ExpressionCompiler compiler) {
    if (kind == SqlKind.PLUS_PREFIX) {
      return operands[0];
    }
    if (kind == SqlKind.MINUS_PREFIX) {
      return compiler.strict(
          ColumnType.INTERVAL,
          Kernel.of((a, i, r) -> scale((IntervalVector) a[0], i, -1, (IntervalVector) r)),
          operands);
    }
    VectorExpression left = operands[0];
    VectorExpression right = operands[1];
    TypeKind a = left.type().kind();
    TypeKind b = right.type().kind();
    ZoneId zone = compiler.context().timeZone();
    if (kind == SqlKind.PLUS && a == TypeKind.INTERVAL && b != TypeKind.INTERVAL) {
      return compile(
          kind, type, new VectorExpression[] {right, left}, compiler); // interval + timestamp
    }
    if ((kind == SqlKind.PLUS || kind == SqlKind.MINUS) && b == TypeKind.INTERVAL) {
      return addInterval(left, right, kind == SqlKind.MINUS ? -1 : 1, type, compiler, zone);
    }
    if (a == TypeKind.DATE && b.isInteger() && (kind == SqlKind.PLUS || kind == SqlKind.MINUS)) {
      int sign = kind == SqlKind.PLUS ? 1 : -1;
      return compiler.strict(
          ColumnType.DATE,
          Kernel.of(
              (v, i, r) ->
                  ((IntVector) r)
                      .set(
                          i,
                          checkDate(
                              ((IntVector) v[0]).get(i) + sign * ((LongVector) v[1]).get(i)))),
          left,
          compiler.cast(right, ColumnType.BIGINT));
    }
    if (kind == SqlKind.MINUS && a != TypeKind.INTERVAL && b != TypeKind.INTERVAL) {
      return difference(left, right, type, compiler);
    }
    if (kind == SqlKind.TIMES || kind == SqlKind.DIVIDE) {
      VectorExpression interval = a == TypeKind.INTERVAL ? left : right;
      VectorExpression factor = a == TypeKind.INTERVAL ? right : left;
      if (interval.type().kind() == TypeKind.INTERVAL && factor.type().kind().isNumeric()) {
        boolean divide = kind == SqlKind.DIVIDE;
        return compiler.strict(
            ColumnType.INTERVAL,
            Kernel.of(
                (v, i, r) -> {
                  double number = ((DoubleVector) v[1]).get(i);
                  if (divide && number == 0) {
                    throw Errors.divisionByZero(((IntervalVector) v[0]).get(i));
                  }
                  scale((IntervalVector) v[0], i, divide ? 1 / number : number, (IntervalVector) r);
                }),
            interval,
            compiler.cast(factor, ColumnType.DOUBLE));
      }
    }
    throw new PpdbException(
        ErrorCode.UNDEFINED_FUNCTION,
        "operator does not exist: " + left.type() + " " + kind.sql + " " + right.type());
  }

  private static VectorExpression addInterval(
      VectorExpression left,
      VectorExpression interval,
      int sign,
      ColumnType type,
      ExpressionCompiler compiler,
      ZoneId zone) {
    Kernel kernel =
        switch (left.type().kind()) {
          case INTERVAL ->
              Kernel.of(
                  (a, i, r) ->
                      addIntervals(
                          (IntervalVector) a[0],
                          (IntervalVector) a[1],
                          sign,
                          i,
                          (IntervalVector) r));
          case DATE ->
              Kernel.of(
                  (a, i, r) ->
                      ((LongVector) r)
                          .set(
                              i,
                              add(
                                  ((IntVector) a[0]).get(i) * MICROS_PER_DAY,
                                  (IntervalVector) a[1],
                                  i,
                                  sign)));
          case TIMESTAMP ->
              Kernel.of(
                  (a, i, r) ->
                      ((LongVector) r)
                          .set(i, add(((LongVector) a[0]).get(i), (IntervalVector) a[1], i, sign)));
          case TIMESTAMPTZ ->
              Kernel.of(
                  (a, i, r) ->
                      ((LongVector) r)
                          .set(
                              i,
                              addZoned(
                                  ((LongVector) a[0]).get(i),
                                  (IntervalVector) a[1],
                                  i,
                                  sign,
                                  zone)));
          case TIME ->
              Kernel.of(
                  (a, i, r) ->
                      ((LongVector) r)
                          .set(
                              i,
                              Math.floorMod(
                                  ((LongVector) a[0]).get(i)
                                      + sign * ((IntervalVector) a[1]).micros()[i],
                                  MICROS_PER_DAY)));
          default ->
              throw new PpdbException(
                  ErrorCode.UNDEFINED_FUNCTION,
                  "operator does not exist: "
                      + left.type()
                      + (sign < 0 ? " - " : " + ")
                      + "interval");
        };
    ColumnType exact = left.type().kind() == TypeKind.DATE ? ColumnType.TIMESTAMP : left.type();
    return compiler.cast(compiler.strict(exact, kernel, left, interval), type);
  }

  /** A timestamp plus {@code sign} times an interval. */
  static long add(long timestamp, IntervalVector interval, int position, int sign) {
    long moved =
        addMonthsAndDays(
            timestamp,
            sign * (long) interval.months()[position],
            sign * (long) interval.days()[position]);
    try {
      return Math.addExact(moved, Math.multiplyExact(sign, interval.micros()[position]));
    } catch (ArithmeticException e) {
      throw outOfRange(e);
    }
  }

  private static long addZoned(
      long instant, IntervalVector interval, int position, int sign, ZoneId zone) {
    long moved = instant;
    if (interval.months()[position] != 0 || interval.days()[position] != 0) {
      long local =
          addMonthsAndDays(
              DateTimeText.toLocal(instant, zone),
              sign * (long) interval.months()[position],
              sign * (long) interval.days()[position]);
      moved = DateTimeText.toInstant(local, zone);
    }
    return Math.addExact(moved, sign * interval.micros()[position]);
  }

  private static long addMonthsAndDays(long timestamp, long months, long days) {
    if (months == 0) {
      return timestamp + days * MICROS_PER_DAY;
    }
    try {
      long day =
          LocalDate.ofEpochDay(Math.floorDiv(timestamp, MICROS_PER_DAY))
              .plusMonths(months)
              .plusDays(days)
              .toEpochDay();
      return Math.addExact(
          Math.multiplyExact(day, MICROS_PER_DAY), Math.floorMod(timestamp, MICROS_PER_DAY));
    } catch (DateTimeException | ArithmeticException e) {
      throw outOfRange(e);
    }
  }

  /** date - date in days; timestamp - timestamp in days and a rest; time - time as a clock. */
  private static VectorExpression difference(
      VectorExpression left, VectorExpression right, ColumnType type, ExpressionCompiler compiler) {
    if (left.type().kind() == TypeKind.DATE
        && right.type().kind() == TypeKind.DATE
        && type.kind() != TypeKind.INTERVAL) {
      return compiler.cast(
          compiler.strict(
              ColumnType.INTEGER,
              Kernel.of(
                  (a, i, r) ->
                      ((IntVector) r)
                          .set(i, ((IntVector) a[0]).get(i) - ((IntVector) a[1]).get(i))),
              left,
              right),
          type);
    }
    ColumnType common = Types.common(left.type(), right.type());
    if (common.kind() == TypeKind.DATE) {
      common = ColumnType.TIMESTAMP;
    }
    boolean clock = common.kind() == TypeKind.TIME;
    return compiler.cast(
        compiler.strict(
            ColumnType.INTERVAL,
            Kernel.of(
                (a, i, r) -> {
                  long micros = ((LongVector) a[0]).get(i) - ((LongVector) a[1]).get(i);
                  long days = clock ? 0 : micros / MICROS_PER_DAY;
                  ((IntervalVector) r).set(i, 0, (int) days, micros - days * MICROS_PER_DAY);
                }),
            compiler.cast(left, common),
            compiler.cast(right, common)),
        type);
  }

  private static void addIntervals(
      IntervalVector left, IntervalVector right, int sign, int position, IntervalVector result) {
    try {
      result.set(
          position,
          Math.addExact(
              left.months()[position], Math.multiplyExact(sign, right.months()[position])),
          Math.addExact(left.days()[position], Math.multiplyExact(sign, right.days()[position])),
          Math.addExact(
              left.micros()[position], Math.multiplyExact((long) sign, right.micros()[position])));
    } catch (ArithmeticException e) {
      throw outOfRange(e);
    }
  }

  private static void scale(
      IntervalVector interval, int position, double factor, IntervalVector result) {
    Intervals.store(
        interval.months()[position],
        interval.days()[position],
        interval.micros()[position],
        factor,
        result,
        position);
  }

  private static int checkDate(long days) {
    if (days != (int) days) {
      throw outOfRange(null);
    }
    return (int) days;
  }

  private static PpdbException outOfRange(@org.jspecify.annotations.Nullable Throwable cause) {
    return new PpdbException(
        ErrorCode.DATETIME_OVERFLOW, "date, time or interval out of range", cause);
  }
}
