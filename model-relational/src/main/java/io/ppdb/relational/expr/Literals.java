package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.PpdbTypeSystem;
import io.ppdb.relational.vector.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.apache.calcite.util.TimestampWithTimeZoneString;
import org.jspecify.annotations.Nullable;

/** Calcite's literal values as the objects that {@link Values} names. */
public final class Literals {
  private static final BigDecimal MILLIS_PER_DAY = BigDecimal.valueOf(86_400_000L);

  private Literals() {}

  /** The value of a literal, or null for NULL. */
  public static @Nullable Object value(RexLiteral literal) {
    Comparable<?> value = literal.getValueAs(Comparable.class);
    return value == null ? null : value(literal.getType(), value);
  }

  /** The value of a literal of {@code type} that Calcite holds as {@code value}. */
  static Object value(RelDataType type, Comparable<?> value) {
    if (value instanceof NlsString string) {
      return string.getValue();
    } else if (value instanceof BigDecimal decimal) {
      return number(type, decimal);
    } else if (value instanceof Double number) {
      return number(type, new BigDecimal(number));
    } else if (value instanceof DateString date) {
      return LocalDate.ofEpochDay(DateTimeText.parseDate(date.toString()));
    } else if (value instanceof TimeString time) {
      return LocalTime.ofNanoOfDay(DateTimeText.parseTime(time.toString()) * 1000);
    } else if (value instanceof TimestampString timestamp) {
      long micros = DateTimeText.parseTimestamp(timestamp.toString());
      return ColumnType.fromCalcite(type).equals(ColumnType.TIMESTAMPTZ)
          ? Values.toLocalDateTime(micros).atOffset(ZoneOffset.UTC)
          : Values.toLocalDateTime(micros);
    } else if (value instanceof TimestampWithTimeZoneString timestamp) {
      long micros =
          DateTimeText.toInstant(
              DateTimeText.parseTimestamp(timestamp.getLocalTimestampString().toString()),
              timestamp.getTimeZone().toZoneId());
      return Values.toLocalDateTime(micros).atOffset(ZoneOffset.UTC);
    } else if (value instanceof ByteString bytes) {
      return bytes.getBytes();
    } else if (value instanceof Boolean || value instanceof UUID) {
      return value;
    }
    throw Errors.notSupported("literal of type " + type.getFullTypeString());
  }

  private static Object number(RelDataType type, BigDecimal value) {
    ColumnType columnType = ColumnType.fromCalcite(type);
    return switch (columnType.kind()) {
      case SMALLINT, INTEGER -> value.intValueExact();
      case BIGINT -> value.longValueExact();
      case REAL -> {
        if (Float.isInfinite(value.floatValue())) {
          throw Errors.outOfRange(columnType, value);
        }
        yield value.floatValue();
      }
      case DOUBLE -> value.doubleValue();
      case INTERVAL -> interval(type, value);
      case DECIMAL ->
          columnType.isUnconstrainedNumeric() && value.scale() >= PpdbTypeSystem.UNCONSTRAINED_SCALE
              ? withoutFormalScale(value)
              : Decimals.fit(value, columnType);
      default -> throw Errors.notSupported("literal " + value + " of type " + columnType);
    };
  }

  /** Calcite fills literals up with zeros to the formal scale of numeric without parameters. */
  private static BigDecimal withoutFormalScale(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
  }

  /** Calcite counts months, or milliseconds; whole days count as days if the qualifier has them. */
  private static Interval interval(RelDataType type, BigDecimal value) {
    if (type.getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_YEAR_MONTH) {
      return new Interval(value.intValueExact(), 0, 0);
    }
    SqlIntervalQualifier qualifier = type.getIntervalQualifier();
    int days = 0;
    BigDecimal millis = value;
    if (qualifier != null
        && switch (qualifier.getStartUnit()) {
          case DAY, WEEK -> true;
          default -> false;
        }) {
      BigDecimal[] parts = value.divideAndRemainder(MILLIS_PER_DAY);
      days = parts[0].intValueExact();
      millis = parts[1];
    }
    return new Interval(0, days, millis.movePointRight(3).longValue());
  }
}
