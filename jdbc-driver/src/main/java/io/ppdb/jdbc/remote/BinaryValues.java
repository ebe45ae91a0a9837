package io.ppdb.jdbc.remote;

import io.ppdb.jdbc.session.Interval;
import io.ppdb.jdbc.session.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values in PostgreSQL's binary form, as objects of the classes that types name. */
final class BinaryValues {
  /** From which PostgreSQL counts. */
  static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);

  /** Its day since 1970. */
  static final int EPOCH_DAYS = 10_957;

  private static final int NEGATIVE = 0x4000;
  private static final int DIGITS = 4;
  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  private BinaryValues() {}

  static Object read(byte[] in, int start, int length, SqlType type) {
    switch (type) {
      case BOOLEAN:
        return in[start] != 0;
      case SMALLINT:
        return (int) BigEndian.getShort(in, start);
      case INTEGER:
        return BigEndian.getInt(in, start);
      case BIGINT:
        return BigEndian.getLong(in, start);
      case DECIMAL:
        return decimal(in, start);
      case REAL:
        return Float.intBitsToFloat(BigEndian.getInt(in, start));
      case DOUBLE:
        return Double.longBitsToDouble(BigEndian.getLong(in, start));
      case BYTEA:
        return Arrays.copyOfRange(in, start, start + length);
      case DATE:
        return LocalDate.ofEpochDay((long) BigEndian.getInt(in, start) + EPOCH_DAYS);
      case TIME:
        return LocalTime.ofNanoOfDay(BigEndian.getLong(in, start) * 1000);
      case TIMESTAMP:
        return timestamp(BigEndian.getLong(in, start));
      case TIMESTAMPTZ:
        return timestamp(BigEndian.getLong(in, start)).atOffset(ZoneOffset.UTC);
      case INTERVAL:
        return new Interval(
            BigEndian.getInt(in, start + 12),
            BigEndian.getInt(in, start + 8),
            BigEndian.getLong(in, start) * 1000);
      case UUID:
        return new UUID(BigEndian.getLong(in, start), BigEndian.getLong(in, start + 8));
      case JSON:
        return text(in, start + 1, length - 1);
      case ARRAY:
        return array(in, start);
      default:
        return text(in, start, length);
    }
  }

  private static String text(byte[] in, int start, int length) {
    return new String(in, start, length, StandardCharsets.UTF_8);
  }

  private static LocalDateTime timestamp(long micros) {
    return EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Digits to the base of 10,000: how many, the weight of the first, the sign, the scale. */
  private static BigDecimal decimal(byte[] in, int start) {
    int count = BigEndian.getShort(in, start);
    int weight = BigEndian.getShort(in, start + 2);
    boolean negative = BigEndian.getShort(in, start + 4) == NEGATIVE;
    int scale = BigEndian.getShort(in, start + 6);
    BigInteger digits = BigInteger.ZERO;
    long few = 0;
    for (int i = 0; i < count; i++) {
      int digit = BigEndian.getShort(in, start + 8 + 2 * i);
      if (i < 4) {
        few = few * 10_000 + digit;
      } else {
        if (i == 4) {
          digits = BigInteger.valueOf(few);
        }
        digits = digits.multiply(BASE).add(BigInteger.valueOf(digit));
      }
    }
    BigInteger unscaled = count > 4 ? digits : BigInteger.valueOf(few);
    BigDecimal value = new BigDecimal(unscaled, DIGITS * (count - 1 - weight)).setScale(scale);
    return negative ? value.negate() : value;
  }

  private static List<@Nullable Object> array(byte[] in, int start) {
    List<@Nullable Object> values = new ArrayList<>();
    if (BigEndian.getInt(in, start) == 0) {
      return values;
    }
    SqlType element = WireTypes.type(BigEndian.getInt(in, start + 8));
    int count = BigEndian.getInt(in, start + 12);
    int at = start + 20;
    for (int i = 0; i < count; i++) {
      int length = BigEndian.getInt(in, at);
      at += 4;
      values.add(length < 0 ? null : read(in, at, length, element));
      at += Math.max(0, length);
    }
    return values;
  }
}
