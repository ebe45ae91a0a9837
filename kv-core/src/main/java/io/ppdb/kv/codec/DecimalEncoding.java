package io.ppdb.kv.codec;

import io.ppdb.kv.codec.KeyType.Tag;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Decimals in keys: the value is ±0.d₁d₂d₃… × 10^exponent with d₁ ≠ 0 and no trailing zeros.
 *
 * <pre>
 * tag by sign · exponent as a long · digits in pairs, each pair + 1 (0x01 … 0x64) · 0x00
 * </pre>
 *
 * Of negative numbers all bytes but the tag are complemented; zero is its tag alone.
 */
final class DecimalEncoding {
  private static final int MAX_LONG_DIGITS = 18;
  private static final long[] POWERS_OF_TEN = new long[MAX_LONG_DIGITS + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  private DecimalEncoding() {}

  static void write(KeyWriter writer, long unscaled, int scale, int mask) {
    long magnitude = Math.abs(unscaled);
    if (magnitude < 0 || magnitude >= POWERS_OF_TEN[MAX_LONG_DIGITS]) {
      write(writer, BigInteger.valueOf(unscaled), scale, mask);
      return;
    }
    writer.reserve(2 + Long.BYTES + MAX_LONG_DIGITS / 2 + 1);
    if (magnitude == 0) {
      writer.writeByte(Tag.DECIMAL_ZERO, mask);
      return;
    }
    long exponent = -(long) scale;
    while (magnitude % 10 == 0) {
      magnitude /= 10;
      exponent++;
    }
    int digitCount = 1;
    while (digitCount < MAX_LONG_DIGITS && magnitude >= POWERS_OF_TEN[digitCount]) {
      digitCount++;
    }
    int bodyMask = writeHead(writer, unscaled < 0, exponent + digitCount, mask);
    for (int digitsLeft = digitCount; digitsLeft > 0; digitsLeft -= 2) {
      if (digitsLeft == 1) {
        writer.writeByte((int) (10 * magnitude) + 1, bodyMask);
      } else {
        long power = POWERS_OF_TEN[digitsLeft - 2];
        writer.writeByte((int) (magnitude / power) + 1, bodyMask);
        magnitude %= power;
      }
    }
    writer.writeByte(0x00, bodyMask);
  }

  static void write(KeyWriter writer, BigInteger unscaled, int scale, int mask) {
    String digits = unscaled.abs().toString();
    int digitCount = digits.length();
    while (digits.charAt(digitCount - 1) == '0') {
      digitCount--;
    }
    writer.reserve(2 + Long.BYTES + digitCount / 2 + 2);
    int bodyMask = writeHead(writer, unscaled.signum() < 0, digits.length() - (long) scale, mask);
    for (int i = 0; i < digitCount; i += 2) {
      int pair = 10 * (digits.charAt(i) - '0');
      if (i + 1 < digitCount) {
        pair += digits.charAt(i + 1) - '0';
      }
      writer.writeByte(pair + 1, bodyMask);
    }
    writer.writeByte(0x00, bodyMask);
  }

  /** Returns the mask of the body. */
  private static int writeHead(KeyWriter writer, boolean negative, long exponent, int mask) {
    writer.writeByte(negative ? Tag.DECIMAL_NEGATIVE : Tag.DECIMAL_POSITIVE, mask);
    int bodyMask = negative ? ~mask : mask;
    writer.writeLong(exponent, bodyMask);
    return bodyMask;
  }

  /** The rest of a decimal that is not zero, its tag having been read; {@code mask} is 0 or -1. */
  static BigDecimal read(KeyReader reader, boolean negative, int mask) {
    int bodyMask = negative ? ~mask : mask;
    long exponent = reader.readLongBody(reader.nextByte(bodyMask), bodyMask);
    int first = reader.position();
    int last = first;
    while (reader.nextByte(bodyMask) != 0x00) {
      last = reader.position() - 1;
    }
    int pairCount = reader.position() - 1 - first;
    if (pairCount == 0) {
      throw reader.corrupt("decimal without digits");
    }
    int lastPair = pairAt(reader, last, bodyMask);
    if (pairAt(reader, first, bodyMask) < 10 || lastPair == 0) {
      throw reader.corrupt("decimal is not normalised");
    }
    int digitCount = 2 * pairCount - (lastPair % 10 == 0 ? 1 : 0);
    long scale = digitCount - exponent;
    if (scale != (int) scale) {
      throw reader.corrupt("decimal exponent " + exponent + " is out of range");
    }
    if (digitCount <= MAX_LONG_DIGITS) {
      long unscaled = 0;
      for (int i = first; i < last; i++) {
        unscaled = 100 * unscaled + pairAt(reader, i, bodyMask);
      }
      unscaled = lastPair % 10 == 0 ? 10 * unscaled + lastPair / 10 : 100 * unscaled + lastPair;
      return BigDecimal.valueOf(negative ? -unscaled : unscaled, (int) scale);
    }
    char[] digits = new char[2 * pairCount];
    for (int i = 0; i < pairCount; i++) {
      int pair = pairAt(reader, first + i, bodyMask);
      digits[2 * i] = (char) ('0' + pair / 10);
      digits[2 * i + 1] = (char) ('0' + pair % 10);
    }
    BigInteger unscaled = new BigInteger(new String(digits, 0, digitCount));
    return new BigDecimal(negative ? unscaled.negate() : unscaled, (int) scale);
  }

  private static int pairAt(KeyReader reader, int position, int mask) {
    int pair = reader.byteAt(position, mask) - 1;
    if (pair > 99) {
      throw reader.corrupt("digit pair of a decimal is " + pair + ", at most 99 expected");
    }
    return pair;
  }
}
