package io.ppdb.server.postgres;

import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;

/**
 * PostgreSQL's binary form of numeric: digits to the base of 10,000.
 *
 * <pre>
 *   count of digits (2) · weight of the first (2) · sign (2) · decimals shown (2) · digits (2 each)
 * </pre>
 *
 * The value is the sum of {@code digit[i] * 10000^(weight - i)}.
 */
final class NumericCodec {
  private static final int BASE = 10_000;
  private static final int BASE_DIGITS = 4;
  private static final int NEGATIVE = 0x4000;
  private static final BigInteger BIG_BASE = BigInteger.valueOf(BASE);

  private NumericCodec() {}

  static void write(ByteBuf out, BigDecimal value) {
    int scale = Math.max(0, value.scale());
    BigDecimal shown = value.setScale(scale);
    int fractionGroups = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
    BigInteger rest = shown.setScale(fractionGroups * BASE_DIGITS).unscaledValue().abs();
    int groupCount = 0;
    short[] groups = new short[Math.max(8, rest.bitLength() / 13 + 1)];
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(BIG_BASE);
      groups[groupCount++] = parts[1].shortValue();
      rest = parts[0];
    }
    int weight = groupCount - fractionGroups - 1;
    int last = 0;
    while (last < groupCount && groups[last] == 0) {
      last++;
    }
    out.writeShort(groupCount - last);
    out.writeShort(groupCount == 0 ? 0 : weight);
    out.writeShort(shown.signum() < 0 ? NEGATIVE : 0);
    out.writeShort(scale);
    for (int i = groupCount - 1; i >= last; i--) {
      out.writeShort(groups[i]);
    }
  }

  static BigDecimal read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < 8) {
      throw invalid("8 bytes of a header, seen " + in.remaining());
    }
    int count = in.getShort();
    int weight = in.getShort();
    int sign = in.getShort() & 0xffff;
    int scale = in.getShort();
    if (sign != 0 && sign != NEGATIVE) {
      throw invalid("a finite number; NaN and infinity are no values of numeric here");
    }
    if (count < 0 || scale < 0 || in.remaining() != 2 * count) {
      throw invalid(count + " digits and " + scale + " decimals in " + bytes.length + " bytes");
    }
    BigInteger unscaled = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit >= BASE) {
        throw invalid("digits from 0 to 9999, seen " + digit);
      }
      unscaled = unscaled.multiply(BIG_BASE).add(BigInteger.valueOf(digit));
    }
    BigDecimal value =
        new BigDecimal(sign == 0 ? unscaled : unscaled.negate())
            .scaleByPowerOfTen((weight - count + 1) * BASE_DIGITS);
    return value.setScale(scale, RoundingMode.DOWN);
  }

  private static ProtocolException invalid(String expected) {
    return new ProtocolException("22P03", "a binary numeric: expected " + expected);
  }
}
