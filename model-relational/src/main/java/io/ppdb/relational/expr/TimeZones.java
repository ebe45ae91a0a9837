package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code AT TIME ZONE}, and {@code timezone(zone, time)}, which is the same. */
final class TimeZones {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private TimeZones() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("AT TIME ZONE", (c, a) -> atZone(c, a[0], a[1]));
    functions.put("TIMEZONE", (c, a) -> atZone(c, a[1], a[0]));
  }

  private static VectorExpression atZone(
      ExpressionCompiler compiler, VectorExpression time, VectorExpression zone) {
    boolean toLocal = time.type().kind() == TypeKind.TIMESTAMPTZ;
    ColumnType operand = toLocal ? ColumnType.TIMESTAMPTZ : ColumnType.TIMESTAMP;
    Cache zones = new Cache();
    return compiler.strict(
        toLocal ? ColumnType.TIMESTAMP : ColumnType.TIMESTAMPTZ,
        Kernel.of(
            (v, i, r) -> {
              long micros = ((LongVector) v[0]).get(i);
              ZoneId id = zones.get(v[1], i);
              ((LongVector) r)
                  .set(
                      i,
                      toLocal
                          ? DateTimeText.toLocal(micros, id)
                          : DateTimeText.toInstant(micros, id));
            }),
        compiler.cast(time, operand),
        zone.type().kind() == TypeKind.INTERVAL ? zone : StringFunctions.text(compiler, zone));
  }

  /** The last zone asked for. */
  private static final class Cache {
    private @Nullable String name;
    private ZoneId zone = ZoneOffset.UTC;

    ZoneId get(Vector zones, int position) {
      if (zones instanceof IntervalVector intervals) {
        return offset(intervals.get(position));
      }
      String wanted = ((BytesVector) zones).getString(position);
      if (!wanted.equals(name)) {
        zone = parse(wanted);
        name = wanted;
      }
      return zone;
    }
  }

  private static ZoneId offset(Interval interval) {
    if (interval.months() != 0 || interval.days() != 0) {
      throw Errors.invalidArgument(
          "interval time zone \"" + interval + "\" must not include months or days");
    }
    try {
      return ZoneOffset.ofTotalSeconds(Math.toIntExact(interval.micros() / MICROS_PER_SECOND));
    } catch (DateTimeException | ArithmeticException e) {
      throw Errors.invalidArgument("time zone displacement out of range: " + interval);
    }
  }

  /** A zone by its name; a bare number counts hours to the west, as POSIX has it. */
  static ZoneId parse(String name) {
    try {
      char first = name.isEmpty() ? ' ' : name.charAt(0);
      if (first == '+' || first == '-' || Character.isDigit(first)) {
        String digits = first == '+' || first == '-' ? name.substring(1) : name;
        return ZoneOffset.of((first == '-' ? "+" : "-") + digits);
      }
      return ZoneId.of(name, ZoneId.SHORT_IDS);
    } catch (DateTimeException e) {
      for (String known : ZoneId.getAvailableZoneIds()) {
        if (known.equalsIgnoreCase(name)) {
          return ZoneId.of(known);
        }
      }
      throw Errors.invalidArgument("time zone \"" + name + "\" not recognized");
    }
  }
}
