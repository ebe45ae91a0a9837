package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;

/** Functions on dates and times. The current time is that of the statement. */
final class DateTimeFunctions {
  private DateTimeFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("NOW", (c, a) -> now(c, ColumnType.TIMESTAMPTZ));
    functions.put("CURRENT_TIMESTAMP", (c, a) -> now(c, ColumnType.TIMESTAMPTZ));
    functions.put("STATEMENT_TIMESTAMP", (c, a) -> now(c, ColumnType.TIMESTAMPTZ));
    functions.put("TRANSACTION_TIMESTAMP", (c, a) -> now(c, ColumnType.TIMESTAMPTZ));
    functions.put("LOCALTIMESTAMP", (c, a) -> now(c, ColumnType.TIMESTAMP));
    functions.put("LOCALTIME", (c, a) -> now(c, ColumnType.TIME));
    functions.put("CURRENT_TIME", (c, a) -> now(c, ColumnType.TIME));
    functions.put("CURRENT_DATE", (c, a) -> now(c, ColumnType.DATE));
    functions.put("DATE_TRUNC", DateTimeFunctions::dateTrunc);
    functions.put(
        "DATE_PART",
        (c, a) -> c.cast(extract(c, constantUnit("date_part", a), a[1]), ColumnType.DOUBLE));
    TimeBuckets.register(functions);
    functions.put("MAKE_DATE", DateTimeFunctions::makeDate);
    functions.put("TO_TIMESTAMP", DateTimeFunctions::toTimestamp);
    functions.put("DATETIME_PLUS", DateTimeFunctions::plus);
  }

  private static VectorExpression now(ExpressionCompiler compiler, ColumnType type) {
    Instant instant = compiler.context().statementInstant();
    Constant now =
        new Constant(
            ColumnType.TIMESTAMPTZ,
            Values.toLocalDateTime(Values.toMicros(instant)).atOffset(java.time.ZoneOffset.UTC));
    return compiler.cast(now, type);
  }

  private static String constantUnit(String function, VectorExpression[] arguments) {
    String unit = arguments.length == 0 ? null : Functions.constantText(arguments[0]);
    if (unit == null) {
      throw Errors.notSupported(function + " with a unit that is not a constant");
    }
    return unit;
  }

  /** EXTRACT: a numeric with as many decimals as the field has. */
  static VectorExpression extract(
      ExpressionCompiler compiler, String unit, VectorExpression argument) {
    ColumnType type = argument.type();
    if (type.kind() == TypeKind.VARCHAR) {
      return extract(compiler, unit, compiler.cast(argument, ColumnType.TIMESTAMP));
    }
    DateTimeField field = DateTimeField.parse(unit, type);
    ZoneId zone = compiler.context().timeZone();
    return compiler.strict(
        ColumnType.NUMERIC,
        (arguments, selection, count, result) -> {
          DecimalVector out = (DecimalVector) result;
          out.beginCompact(field.scale());
          long[] values = out.unscaled();
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            values[position] = extract(field, arguments[0], position, zone);
          }
        },
        argument);
  }

  private static long extract(DateTimeField field, Vector vector, int position, ZoneId zone) {
    return switch (vector.type().kind()) {
      case DATE -> field.extract(((IntVector) vector).get(position) * DateTimeText.MICROS_PER_DAY);
      case TIME -> field.extractTime(((LongVector) vector).get(position));
      case TIMESTAMP -> field.extract(((LongVector) vector).get(position));
      case TIMESTAMPTZ -> {
        long micros = ((LongVector) vector).get(position);
        int offset = DateTimeText.offsetSeconds(micros, zone);
        yield switch (field) {
          case EPOCH -> micros;
          case TIMEZONE -> offset;
          case TIMEZONE_HOUR -> offset / 3600;
          case TIMEZONE_MINUTE -> offset / 60 % 60;
          default -> field.extract(micros + offset * DateTimeText.MICROS_PER_SECOND);
        };
      }
      case INTERVAL -> {
        IntervalVector interval = (IntervalVector) vector;
        yield field.extractInterval(
            interval.months()[position], interval.days()[position], interval.micros()[position]);
      }
      default -> throw Errors.invalidArgument("EXTRACT is not defined for type " + vector.type());
    };
  }

  private static VectorExpression dateTrunc(ExpressionCompiler compiler, VectorExpression[] a) {
    return truncate(compiler, constantUnit("date_trunc", a), a[1]);
  }

  private static VectorExpression truncate(
      ExpressionCompiler compiler, String unit, VectorExpression argument) {
    ColumnType type =
        argument.type().kind() == TypeKind.TIMESTAMPTZ
            ? ColumnType.TIMESTAMPTZ
            : ColumnType.TIMESTAMP;
    DateTimeField field = DateTimeField.parse(unit, type);
    boolean zoned = type.kind() == TypeKind.TIMESTAMPTZ;
    ZoneId zone = compiler.context().timeZone();
    return compiler.strict(
        type,
        (arguments, selection, count, result) -> {
          long[] values = ((LongVector) arguments[0]).values();
          long[] out = ((LongVector) result).values();
          for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection[i];
            out[position] =
                zoned
                    ? DateTimeText.toInstant(
                        field.truncate(DateTimeText.toLocal(values[position], zone)), zone)
                    : field.truncate(values[position]);
          }
        },
        compiler.cast(argument, type));
  }

  /** FLOOR(time TO unit) and CEIL(time TO unit). */
  static VectorExpression floorOrCeil(
      ExpressionCompiler compiler, String unit, VectorExpression argument, boolean floor) {
    if (!floor) {
      throw Errors.notSupported("CEIL of a date or time to a unit");
    }
    return truncate(compiler, unit, argument);
  }

  private static VectorExpression makeDate(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.DATE,
        Kernel.of(
            (v, i, r) -> {
              int year = ((IntVector) v[0]).get(i);
              int month = ((IntVector) v[1]).get(i);
              int day = ((IntVector) v[2]).get(i);
              try {
                ((IntVector) r).set(i, (int) LocalDate.of(year, month, day).toEpochDay());
              } catch (java.time.DateTimeException e) {
                throw new io.ppdb.kv.PpdbException(
                    io.ppdb.kv.ErrorCode.DATETIME_OVERFLOW,
                    "date field value out of range: " + year + "-" + month + "-" + day,
                    e);
              }
            }),
        compiler.cast(a[0], ColumnType.INTEGER),
        compiler.cast(a[1], ColumnType.INTEGER),
        compiler.cast(a[2], ColumnType.INTEGER));
  }

  /** to_timestamp(seconds since 1970). */
  private static VectorExpression toTimestamp(ExpressionCompiler compiler, VectorExpression[] a) {
    if (a.length != 1) {
      return FormatFunctions.toTimestamp(compiler, a);
    }
    return compiler.strict(
        ColumnType.TIMESTAMPTZ,
        Kernel.of(
            (v, i, r) -> {
              double seconds = ((io.ppdb.relational.vector.DoubleVector) v[0]).get(i);
              if (!(Math.abs(seconds) < 9e12)) {
                throw Errors.outOfRange(ColumnType.TIMESTAMPTZ, seconds);
              }
              ((LongVector) r).set(i, Math.round(seconds * DateTimeText.MICROS_PER_SECOND));
            }),
        compiler.cast(a[0], ColumnType.DOUBLE));
  }

  private static VectorExpression plus(ExpressionCompiler compiler, VectorExpression[] a) {
    return DateTimeArithmetic.compile(
        org.apache.calcite.sql.SqlKind.PLUS, a[0].type(), a, compiler);
  }
}
