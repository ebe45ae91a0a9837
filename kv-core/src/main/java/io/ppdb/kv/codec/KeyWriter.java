package io.ppdb.kv.codec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyType.Tag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes tuples of typed elements as keys whose unsigned byte order is the order of the tuples.
 *
 * <pre>{@code
 * byte[] key = writer.clear().addLong(tableId).addLong(indexId)
 *     .order(SortOrder.DESCENDING).addString("SEA").toByteArray();
 * }</pre>
 *
 * <p>Every element is a tag and a body; the byte format is {@code docs/format/keys.md}. No encoded
 * element is a prefix of another one, so the keys that begin with the bytes of some elements are
 * exactly the tuples that begin with these elements: {@link #toPrefixRange}.
 *
 * <p>{@link #order} holds for the elements that follow, until it is called again. Elements of a
 * nested tuple begin ascending; a descending tuple turns the order of all its elements round.
 *
 * <p>Made to be reused: after it has grown, adding an element allocates nothing (decimals beyond 18
 * digits excepted). Not thread-safe.
 */
public final class KeyWriter {
  /** How deep tuples may nest. */
  public static final int MAX_DEPTH = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 64;

  /** Below this a content byte of a string is escaped; see {@link #writeEscaped}. */
  private static final int FIRST_PLAIN_BYTE = 0x02;

  private static final int ESCAPE = 0x01;

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int length;

  private SortOrder order = SortOrder.ASCENDING;

  /** 0 or -1: what the bytes of the next element are XORed with; covers the tuples around it. */
  private int mask;

  private int depth;
  private int[] outerMasks = new int[4];
  private SortOrder[] outerOrders = new SortOrder[4];

  public KeyWriter() {
    Arrays.fill(outerOrders, SortOrder.ASCENDING);
  }

  /** The bytes that every key of an object begins with. */
  public static byte[] prefixOf(long objectId) {
    return new KeyWriter().addLong(objectId).toByteArray();
  }

  /** The keys of an object. */
  public static KeyRange rangeOf(long objectId) {
    return KeyRange.prefix(prefixOf(objectId));
  }

  /** Forgets everything written; the next element is the first of a new key, ascending. */
  public KeyWriter clear() {
    length = 0;
    depth = 0;
    return order(SortOrder.ASCENDING);
  }

  /**
   * Takes back what was written beyond {@code newLength}, a {@link #length} seen earlier outside of
   * nested tuples; the order becomes ascending.
   */
  public KeyWriter truncate(int newLength) {
    assert newLength <= length;
    length = newLength;
    depth = 0;
    return order(SortOrder.ASCENDING);
  }

  /** Sets how the elements that follow sort. */
  public KeyWriter order(SortOrder newOrder) {
    order = newOrder;
    mask = outerMask() ^ (newOrder.isDescending() ? -1 : 0);
    return this;
  }

  public KeyWriter addNull() {
    reserve(1);
    // The place of NULL does not follow the direction of its element, only that of outer tuples.
    writeByte(Tag.NULL, order.isNullsFirst() ? outerMask() : ~outerMask());
    return this;
  }

  public KeyWriter addBoolean(boolean value) {
    reserve(1);
    writeByte(value ? Tag.TRUE : Tag.FALSE, mask);
    return this;
  }

  public KeyWriter addLong(long value) {
    reserve(1 + Long.BYTES);
    writeLong(value, mask);
    return this;
  }

  /** Days since 1970-01-01. */
  public KeyWriter addDate(int epochDays) {
    reserve(1 + Integer.BYTES);
    writeByte(Tag.DATE, mask);
    writeFixedInt(epochDays ^ Integer.MIN_VALUE);
    return this;
  }

  /** Microseconds of the day, 0 to 24 hours inclusive. */
  public KeyWriter addTime(long micros) {
    if (micros < 0 || micros > KeyInterval.MICROS_PER_DAY) {
      throw new PpdbException(
          ErrorCode.DATETIME_OVERFLOW, "time of " + micros + " microseconds is not within a day");
    }
    reserve(1 + Long.BYTES);
    writeByte(Tag.TIME, mask);
    writeFixedLong(micros);
    return this;
  }

  /** Microseconds since 1970-01-01 00:00:00, without a time zone. */
  public KeyWriter addTimestamp(long epochMicros) {
    return addSignedLong(Tag.TIMESTAMP, epochMicros);
  }

  /** Microseconds since 1970-01-01 00:00:00 UTC. */
  public KeyWriter addTimestampTz(long epochMicros) {
    return addSignedLong(Tag.TIMESTAMPTZ, epochMicros);
  }

  /** See {@link KeyInterval} for the order. */
  public KeyWriter addInterval(int months, int days, long micros) {
    reserve(1 + 2 * Long.BYTES + 2 * Integer.BYTES);
    writeByte(Tag.INTERVAL, mask);
    writeFixedLong(KeyInterval.wholeDays(months, days, micros) ^ Long.MIN_VALUE);
    writeFixedLong(KeyInterval.microsOfDay(micros));
    writeFixedInt(months ^ Integer.MIN_VALUE);
    writeFixedInt(days ^ Integer.MIN_VALUE);
    return this;
  }

  public KeyWriter addInterval(KeyInterval interval) {
    return addInterval(interval.months(), interval.days(), interval.micros());
  }

  /** Orders as SQL does: -0.0 and 0.0 are one value, NaN is the greatest. */
  public KeyWriter addFloat(float value) {
    reserve(1 + Integer.BYTES);
    writeByte(Tag.FLOAT, mask);
    int bits = Float.floatToIntBits(value + 0.0f); // -0.0 + 0.0 is 0.0; every NaN is one NaN
    writeFixedInt(bits ^ ((bits >> 31) | Integer.MIN_VALUE));
    return this;
  }

  /** Orders as SQL does: -0.0 and 0.0 are one value, NaN is the greatest. */
  public KeyWriter addDouble(double value) {
    reserve(1 + Long.BYTES);
    writeByte(Tag.DOUBLE, mask);
    long bits = Double.doubleToLongBits(value + 0.0);
    writeFixedLong(bits ^ ((bits >> 63) | Long.MIN_VALUE));
    return this;
  }

  /** Unsigned order, as the text form sorts. */
  public KeyWriter addUuid(UUID value) {
    return addUuid(value.getMostSignificantBits(), value.getLeastSignificantBits());
  }

  public KeyWriter addUuid(long mostSignificantBits, long leastSignificantBits) {
    reserve(1 + 2 * Long.BYTES);
    writeByte(Tag.UUID, mask);
    writeFixedLong(mostSignificantBits);
    writeFixedLong(leastSignificantBits);
    return this;
  }

  /** A decimal by its value: 1.0 and 1.00 give the same key. */
  public KeyWriter addDecimal(BigDecimal value) {
    BigInteger unscaled = value.unscaledValue();
    if (unscaled.bitLength() < Long.SIZE) {
      return addDecimal(unscaled.longValue(), value.scale());
    }
    DecimalEncoding.write(this, unscaled, value.scale(), mask);
    return this;
  }

  /** The decimal {@code unscaled} × 10^-{@code scale}. */
  public KeyWriter addDecimal(long unscaled, int scale) {
    DecimalEncoding.write(this, unscaled, scale, mask);
    return this;
  }

  /** A string in the order of its code points, which is that of its UTF-8 bytes. */
  public KeyWriter addString(String value) {
    int charCount = value.length();
    // A char gives at most 3 bytes; only ASCII controls are escaped, and those are 2.
    reserve(2 + 3 * charCount);
    writeByte(Tag.STRING, mask);
    byte[] target = buffer;
    int position = length;
    for (int i = 0; i < charCount; i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        if (c < FIRST_PLAIN_BYTE) {
          target[position++] = (byte) (ESCAPE ^ mask);
          target[position++] = (byte) ((c + 1) ^ mask);
        } else {
          target[position++] = (byte) (c ^ mask);
        }
      } else if (c < 0x800) {
        target[position++] = (byte) ((0xC0 | (c >> 6)) ^ mask);
        target[position++] = (byte) ((0x80 | (c & 0x3F)) ^ mask);
      } else if (!Character.isSurrogate(c)) {
        target[position++] = (byte) ((0xE0 | (c >> 12)) ^ mask);
        target[position++] = (byte) ((0x80 | ((c >> 6) & 0x3F)) ^ mask);
        target[position++] = (byte) ((0x80 | (c & 0x3F)) ^ mask);
      } else {
        int codePoint = value.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(codePoint)) {
          throw unpairedSurrogate(i);
        }
        i++;
        target[position++] = (byte) ((0xF0 | (codePoint >> 18)) ^ mask);
        target[position++] = (byte) ((0x80 | ((codePoint >> 12) & 0x3F)) ^ mask);
        target[position++] = (byte) ((0x80 | ((codePoint >> 6) & 0x3F)) ^ mask);
        target[position++] = (byte) ((0x80 | (codePoint & 0x3F)) ^ mask);
      }
    }
    target[position++] = (byte) mask; // the terminator, 0x00
    length = position;
    return this;
  }

  /** A string given as valid UTF-8; the same key as {@link #addString}. */
  public KeyWriter addUtf8(byte[] utf8, int offset, int byteCount) {
    return addEscaped(Tag.STRING, utf8, offset, byteCount);
  }

  /** Bytes in unsigned lexicographic order. */
  public KeyWriter addBytes(byte[] value) {
    return addBytes(value, 0, value.length);
  }

  public KeyWriter addBytes(byte[] value, int offset, int byteCount) {
    return addEscaped(Tag.BYTES, value, offset, byteCount);
  }

  /** Opens a nested tuple; what follows up to {@link #endTuple} are its elements. */
  public KeyWriter beginTuple() {
    if (depth == MAX_DEPTH) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "key tuples nest deeper than " + MAX_DEPTH);
    }
    if (depth == outerMasks.length) {
      outerMasks = Arrays.copyOf(outerMasks, 2 * depth);
      outerOrders = Arrays.copyOf(outerOrders, 2 * depth);
    }
    reserve(1);
    writeByte(Tag.TUPLE, mask);
    outerMasks[depth] = mask;
    outerOrders[depth] = order;
    depth++;
    return order(SortOrder.ASCENDING);
  }

  /** Closes the innermost tuple; the order of its elements gives way to the one before. */
  public KeyWriter endTuple() {
    if (depth == 0) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "no key tuple is open");
    }
    reserve(1);
    writeByte(Tag.END, outerMask());
    depth--;
    return order(outerOrders[depth]);
  }

  /** Whole elements that are already encoded, such as the key columns an index entry ends with. */
  public KeyWriter addEncoded(byte[] encoded, int offset, int byteCount) {
    assert depth == 0;
    reserve(byteCount);
    System.arraycopy(encoded, offset, buffer, length, byteCount);
    length += byteCount;
    return this;
  }

  /** Bytes written so far. */
  public int length() {
    return length;
  }

  /** The bytes written so far begin here at index 0; overwritten and replaced by later writes. */
  public byte[] array() {
    return buffer;
  }

  public byte[] toByteArray() {
    assert depth == 0 : depth + " tuples are still open";
    return Arrays.copyOf(buffer, length);
  }

  /** All keys that begin with the elements written so far. */
  public KeyRange toPrefixRange() {
    return KeyRange.prefix(toByteArray());
  }

  /** Makes room for {@code byteCount} bytes, and for the 8 that integers are stored in at once. */
  void reserve(int byteCount) {
    int needed = length + byteCount + Long.BYTES;
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }

  /** Room must have been reserved. */
  void writeByte(int value, int byteMask) {
    buffer[length++] = (byte) (value ^ byteMask);
  }

  /**
   * A length byte around {@link Tag#LONG_ZERO} and as many bytes as the magnitude needs; of a
   * negative number the ones' complement of the magnitude. Room must have been reserved.
   */
  void writeLong(long value, int byteMask) {
    if (value == 0) {
      writeByte(Tag.LONG_ZERO, byteMask);
      return;
    }
    long magnitude = Math.abs(value); // of Long.MIN_VALUE the right one when read as unsigned
    int byteCount = Long.BYTES - (Long.numberOfLeadingZeros(magnitude) >> 3);
    long body = value > 0 ? value : ~magnitude;
    writeByte(Tag.LONG_ZERO + (value > 0 ? byteCount : -byteCount), byteMask);
    LONG.set(buffer, length, (body ^ byteMask) << (Long.SIZE - 8 * byteCount));
    length += byteCount;
  }

  private KeyWriter addSignedLong(int tag, long value) {
    reserve(1 + Long.BYTES);
    writeByte(tag, mask);
    writeFixedLong(value ^ Long.MIN_VALUE);
    return this;
  }

  private KeyWriter addEscaped(int tag, byte[] value, int offset, int byteCount) {
    reserve(2 + 2 * byteCount);
    writeByte(tag, mask);
    writeEscaped(value, offset, byteCount);
    writeByte(0x00, mask);
    return this;
  }

  /**
   * 0x00 becomes 01 01 and 0x01 becomes 01 02: what is left of 0x00 is the terminator, less than
   * any content, and needs no look at the byte after it.
   */
  private void writeEscaped(byte[] value, int offset, int byteCount) {
    byte[] target = buffer;
    int position = length;
    for (int i = offset, end = offset + byteCount; i < end; i++) {
      int b = value[i] & 0xFF;
      if (b < FIRST_PLAIN_BYTE) {
        target[position++] = (byte) (ESCAPE ^ mask);
        b++;
      }
      target[position++] = (byte) (b ^ mask);
    }
    length = position;
  }

  private void writeFixedLong(long value) {
    LONG.set(buffer, length, value ^ mask);
    length += Long.BYTES;
  }

  private void writeFixedInt(int value) {
    INT.set(buffer, length, value ^ mask);
    length += Integer.BYTES;
  }

  private int outerMask() {
    return depth == 0 ? 0 : outerMasks[depth - 1];
  }

  private static PpdbException unpairedSurrogate(int index) {
    return new PpdbException(
        ErrorCode.INVALID_ARGUMENT, "string is not Unicode: unpaired surrogate at index " + index);
  }
}
