package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Values;
import io.ppdb.relational.vector.Vector;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** to_char, to_date, to_timestamp; times made of their parts; ages and tidy intervals. */
final class FormatFunctions {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int DAYS_PER_MONTH = 30;

  private FormatFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("TO_CHAR", FormatFunctions::toChar);
    functions.put("TO_DATE", FormatFunctions::toDate);
    functions.put("MAKE_TIME", FormatFunctions::makeTime);
    functions.put("MAKE_TIMESTAMP", FormatFunctions::makeTimestamp);
    functions.put("AGE", FormatFunctions::age);
    functions.put("JUSTIFY_HOURS", (c, a) -> justify(c, a, true, false));
    functions.put("JUSTIFY_DAYS", (c, a) -> justify(c, a, false, true));
    functions.put("JUSTIFY_INTERVAL", (c, a) -> justify(c, a, true, true));
  }

  /** The last template that was used, ready to be used again. */
  private static final class Cache<T> {
    private final Function<String, T> compile;
    private @Nullable String text;
    private @Nullable T compiled;

    Cache(Function<String, T> compile) {
      this.compile = compile;
    }

    T get(Vector templates, int position) {
      String wanted = ((BytesVector) templates).getString(position);
      T known = compiled;
      if (known == null || !wanted.equals(text)) {
        known = compile.apply(wanted);
        compiled = known;
        text = wanted;
      }
      return known;
    }
  }

  private static VectorExpression toChar(ExpressionCompiler compiler, VectorExpression[] a) {
    TypeKind kind = a[0].type().kind();
    VectorExpression template = StringFunctions.text(compiler, a[1]);
    if (kind.isNumeric()) {
      Cache<NumberPattern> patterns = new Cache<>(NumberPattern::new);
      return compiler.strict(
          ColumnType.TEXT,
          Kernel.of(
              (v, i, r) ->
                  ((BytesVector) r)
                      .setString(i, patterns.get(v[1], i).format(((DecimalVector) v[0]).get(i)))),
          compiler.cast(a[0], ColumnType.NUMERIC),
          template);
    }
    if (kind == TypeKind.INTERVAL) {
      throw Errors.notSupported("to_char of an interval");
    }
    boolean zoned = kind == TypeKind.TIMESTAMPTZ;
    ZoneId zone = compiler.context().timeZone();
    Cache<DateTimePattern> patterns = new Cache<>(DateTimePattern::new);
    return compiler.strict(
        ColumnType.TEXT,
        Kernel.of(
            (v, i, r) -> {
              long micros = ((LongVector) v[0]).get(i);
              LocalDateTime time =
                  Values.toLocalDateTime(zoned ? DateTimeText.toLocal(micros, zone) : micros);
              DateTimePattern pattern = patterns.get(v[1], i);
              ((BytesVector) r)
                  .setString(
                      i,
                      zoned
                          ? pattern.format(time, zoneName(zone), offset(zone, time))
                          : pattern.format(time, "", "+00"));
            }),
        compiler.cast(a[0], zoned ? ColumnType.TIMESTAMPTZ : ColumnType.TIMESTAMP),
        template);
  }

  private static String zoneName(ZoneId zone) {
    return zone.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  private static String offset(ZoneId zone, LocalDateTime time) {
    ZoneOffset offset = time.atZone(zone).getOffset();
    String id = offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    return id.endsWith(":00") ? id.substring(0, id.length() - 3) : id;
  }

  private static VectorExpression toDate(ExpressionCompiler compiler, VectorExpression[] a) {
    Cache<DateTimePattern> patterns = new Cache<>(DateTimePattern::new);
    return compiler.strict(
        ColumnType.DATE,
        Kernel.of(
            (v, i, r) ->
                ((IntVector) r)
                    .set(
                        i,
                        Math.toIntExact(
                            patterns
                                .get(v[1], i)
                                .parse(((BytesVector) v[0]).getString(i))
                                .toLocalDate()
                                .toEpochDay()))),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  /** to_timestamp of a text by a template, in the session's zone. */
  static VectorExpression toTimestamp(ExpressionCompiler compiler, VectorExpression[] a) {
    Cache<DateTimePattern> patterns = new Cache<>(DateTimePattern::new);
    ZoneId zone = compiler.context().timeZone();
    return compiler.strict(
        ColumnType.TIMESTAMPTZ,
        Kernel.of(
            (v, i, r) -> {
              LocalDateTime time = patterns.get(v[1], i).parse(((BytesVector) v[0]).getString(i));
              ((LongVector) r).set(i, DateTimeText.toInstant(micros(time), zone));
            }),
        StringFunctions.text(compiler, a[0]),
        StringFunctions.text(compiler, a[1]));
  }

  private static long micros(LocalDateTime time) {
    return time.toLocalDate().toEpochDay() * MICROS_PER_DAY
        + time.toLocalTime().toNanoOfDay() / 1000;
  }

  private static VectorExpression makeTime(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.TIME,
        Kernel.of((v, i, r) -> ((LongVector) r).set(i, clock(v, 0, i))),
        compiler.cast(a[0], ColumnType.INTEGER),
        compiler.cast(a[1], ColumnType.INTEGER),
        compiler.cast(a[2], ColumnType.DOUBLE));
  }

  private static long clock(Vector[] v, int first, int position) {
    int hour = ((IntVector) v[first]).get(position);
    int minute = ((IntVector) v[first + 1]).get(position);
    double second = ((DoubleVector) v[first + 2]).get(position);
    try {
      if (!(second >= 0 && second < 60)) {
        throw new DateTimeException("second " + second);
      }
      return LocalTime.of(hour, minute).toSecondOfDay() * 1_000_000L
          + Math.round(second * 1_000_000);
    } catch (DateTimeException e) {
      throw Errors.dateTimeOverflow(
          "time field value out of range: " + hour + ":" + minute + ":" + second);
    }
  }

  private static VectorExpression makeTimestamp(ExpressionCompiler compiler, VectorExpression[] a) {
    VectorExpression[] arguments = new VectorExpression[a.length];
    for (int i = 0; i < a.length; i++) {
      arguments[i] = compiler.cast(a[i], i < 5 ? ColumnType.INTEGER : ColumnType.DOUBLE);
    }
    return compiler.strict(
        ColumnType.TIMESTAMP,
        Kernel.of(
            (v, i, r) -> {
              int year = ((IntVector) v[0]).get(i);
              int month = ((IntVector) v[1]).get(i);
              int day = ((IntVector) v[2]).get(i);
              try {
                long days = LocalDate.of(year, month, day).toEpochDay();
                ((LongVector) r).set(i, days * MICROS_PER_DAY + clock(v, 3, i));
              } catch (DateTimeException e) {
                throw Errors.dateTimeOverflow(
                    "date field value out of range: " + year + "-" + month + "-" + day);
              }
            }),
        arguments);
  }

  /** The difference of two times in years, months, days and a rest; of one time, to today. */
  private static VectorExpression age(ExpressionCompiler compiler, VectorExpression[] a) {
    ZoneId zone = compiler.context().timeZone();
    boolean zoned = a[0].type().kind() == TypeKind.TIMESTAMPTZ;
    VectorExpression first = a[0];
    VectorExpression second = a[a.length - 1];
    if (a.length == 1) {
      LocalDate today = compiler.context().statementInstant().atZone(zone).toLocalDate();
      first = new Constant(ColumnType.TIMESTAMP, today.atStartOfDay());
      second = compiler.cast(a[0], ColumnType.TIMESTAMP);
      zoned = false;
    }
    boolean local = zoned;
    ColumnType type = zoned ? ColumnType.TIMESTAMPTZ : ColumnType.TIMESTAMP;
    return compiler.strict(
        ColumnType.INTERVAL,
        Kernel.of(
            (v, i, r) -> {
              long from = ((LongVector) v[1]).get(i);
              long to = ((LongVector) v[0]).get(i);
              Interval age =
                  local
                      ? age(DateTimeText.toLocal(from, zone), DateTimeText.toLocal(to, zone))
                      : age(from, to);
              ((IntervalVector) r).set(i, age.months(), age.days(), age.micros());
            }),
        compiler.cast(first, type),
        compiler.cast(second, type));
  }

  private static Interval age(long from, long to) {
    if (from > to) {
      Interval other = age(to, from);
      return new Interval(-other.months(), -other.days(), -other.micros());
    }
    LocalDate start = LocalDate.ofEpochDay(Math.floorDiv(from, MICROS_PER_DAY));
    LocalDate end = LocalDate.ofEpochDay(Math.floorDiv(to, MICROS_PER_DAY));
    long micros = Math.floorMod(to, MICROS_PER_DAY) - Math.floorMod(from, MICROS_PER_DAY);
    if (micros < 0) {
      micros += MICROS_PER_DAY;
      end = end.minusDays(1);
    }
    // Months are counted from the start; what is left of the last one is counted in its days.
    int months =
        (end.getYear() - start.getYear()) * 12 + end.getMonthValue() - start.getMonthValue();
    int days = end.getDayOfMonth() - start.getDayOfMonth();
    if (days < 0) {
      months--;
      days += start.lengthOfMonth();
    }
    return new Interval(months, days, micros);
  }

  /** 24 hours become a day, 30 days a month, so far as asked for; signs agree afterwards. */
  private static VectorExpression justify(
      ExpressionCompiler compiler, VectorExpression[] a, boolean hours, boolean days) {
    return compiler.strict(
        ColumnType.INTERVAL,
        Kernel.of(
            (v, i, r) -> {
              Interval interval = ((IntervalVector) v[0]).get(i);
              long micros = interval.micros();
              long day = interval.days();
              long month = interval.months();
              if (hours) {
                day += micros / MICROS_PER_DAY;
                micros %= MICROS_PER_DAY;
              }
              if (days) {
                month += day / DAYS_PER_MONTH;
                day %= DAYS_PER_MONTH;
                boolean below = day < 0 || (day == 0 && hours && micros < 0);
                boolean above = day > 0 || (day == 0 && hours && micros > 0);
                if (month > 0 && below) {
                  day += DAYS_PER_MONTH;
                  month--;
                } else if (month < 0 && above) {
                  day -= DAYS_PER_MONTH;
                  month++;
                }
              }
              if (hours && day > 0 && micros < 0) {
                micros += MICROS_PER_DAY;
                day--;
              } else if (hours && day < 0 && micros > 0) {
                micros -= MICROS_PER_DAY;
                day++;
              }
              ((IntervalVector) r).set(i, Math.toIntExact(month), Math.toIntExact(day), micros);
            }),
        compiler.cast(a[0], ColumnType.INTERVAL));
  }
}
