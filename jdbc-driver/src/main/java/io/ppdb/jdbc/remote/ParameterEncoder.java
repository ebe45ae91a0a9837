package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.Interval;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of parameters as Bind has them: by the type that the server has found for each, converted
 * as the engine converts those of a session within the process. Text goes as it is, for the server
 * to read.
 */
final class ParameterEncoder {
  private final int oid;
  private final SqlType type;

  /**
   * An encoder of one parameter.
   *
   * @param oid the server's number of its type
   */
  ParameterEncoder(int oid) {
    this.oid = oid;
    this.type = WireTypes.isKnown(oid) ? WireTypes.type(oid) : SqlType.UNKNOWN;
  }

  /** Whether a value goes in binary form rather than as text. */
  boolean isBinary(@Nullable Object value) {
    return value != null
        && !(value instanceof String)
        && type != SqlType.VARCHAR
        && type != SqlType.UNKNOWN
        && !(value instanceof BigInteger)
        && type != SqlType.DECIMAL
        && type != SqlType.ARRAY
        && type != SqlType.JSON
        && !(type == SqlType.TIMESTAMPTZ && value instanceof LocalDateTime);
  }

  /** Writes length and bytes of a value. */
  void write(Wire wire, @Nullable Object value, ZoneId zone) throws SQLException {
    if (value == null) {
      wire.writeInt(-1);
    } else if (isBinary(value)) {
      writeBinary(wire, value, zone);
    } else {
      byte[] text = text(value).getBytes(StandardCharsets.UTF_8);
      wire.writeInt(text.length);
      wire.writeBytes(text);
    }
  }

  private String text(Object value) throws SQLException {
    if (type == SqlType.DECIMAL && !(value instanceof String) && !(value instanceof Number)) {
      throw mismatch(value);
    }
    if (type == SqlType.ARRAY && value instanceof List) {
      return arrayText((List<?>) value);
    }
    if ((type == SqlType.ARRAY || type == SqlType.JSON) && !(value instanceof String)) {
      throw mismatch(value);
    }
    return value instanceof BigDecimal ? ((BigDecimal) value).toPlainString() : value.toString();
  }

  private void writeBinary(Wire wire, Object value, ZoneId zone) throws SQLException {
    switch (type) {
      case BOOLEAN:
        if (!(value instanceof Boolean)) {
          throw mismatch(value);
        }
        wire.writeInt(1);
        wire.writeByte((Boolean) value ? 1 : 0);
        break;
      case SMALLINT:
        wire.writeInt(2);
        wire.writeShort((int) integer(value, Short.MIN_VALUE, Short.MAX_VALUE));
        break;
      case INTEGER:
        wire.writeInt(4);
        wire.writeInt((int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        break;
      case BIGINT:
        wire.writeInt(8);
        wire.writeLong(integer(value, Long.MIN_VALUE, Long.MAX_VALUE));
        break;
      case REAL:
        wire.writeInt(4);
        wire.writeInt(Float.floatToIntBits(number(value).floatValue()));
        break;
      case DOUBLE:
        wire.writeInt(8);
        wire.writeLong(Double.doubleToLongBits(number(value).doubleValue()));
        break;
      case BYTEA:
        if (!(value instanceof byte[])) {
          throw mismatch(value);
        }
        wire.writeInt(((byte[]) value).length);
        wire.writeBytes((byte[]) value);
        break;
      case DATE:
        wire.writeInt(4);
        wire.writeInt((int) (date(value).toEpochDay() - BinaryValues.EPOCH_DAYS));
        break;
      case TIME:
        if (!(value instanceof LocalTime)) {
          throw mismatch(value);
        }
        wire.writeInt(8);
        wire.writeLong(((LocalTime) value).toNanoOfDay() / 1000);
        break;
      case TIMESTAMP:
        wire.writeInt(8);
        wire.writeLong(micros(timestamp(value, zone)));
        break;
      case TIMESTAMPTZ:
        wire.writeInt(8);
        wire.writeLong(micros(LocalDateTime.ofInstant(instant(value), ZoneOffset.UTC)));
        break;
      case INTERVAL:
        if (!(value instanceof Interval)) {
          throw mismatch(value);
        }
        wire.writeInt(16);
        wire.writeLong(((Interval) value).nanos() / 1000);
        wire.writeInt(((Interval) value).days());
        wire.writeInt(((Interval) value).months());
        break;
      case UUID:
        if (!(value instanceof UUID)) {
          throw mismatch(value);
        }
        wire.writeInt(16);
        wire.writeLong(((UUID) value).getMostSignificantBits());
        wire.writeLong(((UUID) value).getLeastSignificantBits());
        break;
      default:
        throw mismatch(value);
    }
  }

  /** The text form of an array, whose elements are in quotes. */
  static String arrayText(List<?> values) {
    StringBuilder text = new StringBuilder("{");
    for (Object value : values) {
      if (text.length() > 1) {
        text.append(',');
      }
      if (value == null) {
        text.append("NULL");
      } else if (value instanceof List) {
        text.append(arrayText((List<?>) value));
      } else {
        String element =
            value instanceof BigDecimal
                ? ((BigDecimal) value).toPlainString()
                : value instanceof byte[] ? hex((byte[]) value) : value.toString();
        text.append('"').append(element.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return text.append('}').toString();
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder("\\x");
    for (byte each : bytes) {
      text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
    }
    return text.toString();
  }

  private Number number(Object value) throws SQLException {
    if (!(value instanceof Number)) {
      throw mismatch(value);
    }
    return (Number) value;
  }

  private long integer(Object value, long min, long max) throws SQLException {
    Number number = number(value);
    long integer;
    if (number instanceof BigDecimal || number instanceof Double || number instanceof Float) {
      try {
        integer =
            new BigDecimal(number.toString()).setScale(0, RoundingMode.HALF_UP).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw outOfRange(value);
      }
    } else {
      integer = number.longValue();
    }
    if (integer < min || integer > max) {
      throw outOfRange(value);
    }
    return integer;
  }

  private LocalDate date(Object value) throws SQLException {
    if (value instanceof LocalDate) {
      return (LocalDate) value;
    }
    if (value instanceof LocalDateTime) {
      return ((LocalDateTime) value).toLocalDate();
    }
    throw mismatch(value);
  }

  private LocalDateTime timestamp(Object value, ZoneId zone) throws SQLException {
    if (value instanceof LocalDateTime) {
      return (LocalDateTime) value;
    }
    if (value instanceof LocalDate) {
      return ((LocalDate) value).atStartOfDay();
    }
    return LocalDateTime.ofInstant(instant(value), zone);
  }

  private Instant instant(Object value) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).toInstant();
    }
    if (value instanceof ZonedDateTime) {
      return ((ZonedDateTime) value).toInstant();
    }
    if (value instanceof Instant) {
      return (Instant) value;
    }
    throw mismatch(value);
  }

  private static long micros(LocalDateTime value) {
    return ChronoUnit.MICROS.between(BinaryValues.EPOCH, value);
  }

  private SQLException outOfRange(Object value) {
    return SqlErrors.of("22003", "value " + value + " is out of range for " + type.sqlName());
  }

  private SQLException mismatch(Object value) {
    return SqlErrors.of(
        "42804",
        "a value of class "
            + value.getClass().getSimpleName()
            + " cannot be used as "
            + (type == SqlType.UNKNOWN ? "a type with number " + oid : type.sqlName()));
  }
}
