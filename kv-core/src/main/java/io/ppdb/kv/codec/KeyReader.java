package io.ppdb.kv.codec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.codec.KeyType.Tag;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Reads the elements of a key that {@link KeyWriter} wrote, straight from the array they lie in.
 *
 * <p>Keys describe themselves: type and direction are in the tag, so reading needs no schema. A
 * NULL is read by {@link #readNull}; every other read expects its type. Bytes that no writer
 * produces fail with CORRUPTION, which names the place and shows the key.
 *
 * <p>Made to be reused. Not thread-safe.
 */
public final class KeyReader {
  private static final byte[] NO_BYTES = {};
  private static final int SHOWN_BYTES = 64;

  private byte[] array = NO_BYTES;
  private int start;
  private int position;
  private int end;

  /**
   * Tuples entered and not left; bit i of {@code descendingTuples} is the direction of the i-th.
   */
  private int depth;

  private long descendingTuples;

  public KeyReader() {}

  public KeyReader(byte[] key) {
    reset(key);
  }

  public KeyReader reset(byte[] key) {
    return reset(key, 0, key.length);
  }

  /** Shows the same bytes as {@code key} does now; they must not change while being read. */
  public KeyReader reset(Slice key) {
    return reset(key.array(), key.offset(), key.length());
  }

  public KeyReader reset(byte[] newArray, int offset, int byteCount) {
    array = newArray;
    start = offset;
    position = offset;
    end = offset + byteCount;
    depth = 0;
    return this;
  }

  /** Whether an element follows in the tuple being read. */
  public boolean hasNext() {
    return peekType() != KeyType.END;
  }

  /** The type of the next element; {@link KeyType#END} if the tuple being read has no more. */
  public KeyType peekType() {
    if (position == end) {
      if (depth > 0) {
        throw corrupt("key ends within a nested tuple");
      }
      return KeyType.END;
    }
    KeyType type = KeyType.ofFirstByte(array[position]);
    if (type == null || (type == KeyType.END && !atTupleEnd())) {
      throw corrupt("no element begins with this byte");
    }
    return type;
  }

  /** Whether the next element is NULL; if so, moves past it. */
  public boolean readNull() {
    if (peekType() != KeyType.NULL) {
      return false;
    }
    position++;
    return true;
  }

  public boolean readBoolean() {
    int mask = directionOf(KeyType.BOOLEAN);
    return nextByte(mask) == Tag.TRUE;
  }

  public long readLong() {
    int mask = directionOf(KeyType.LONG);
    return readLongBody(nextByte(mask), mask);
  }

  /** Days since 1970-01-01. */
  public int readDate() {
    int mask = enter(KeyType.DATE);
    return (int) nextFixed(Integer.BYTES, mask) ^ Integer.MIN_VALUE;
  }

  /** Microseconds of the day. */
  public long readTime() {
    int mask = enter(KeyType.TIME);
    long micros = nextFixed(Long.BYTES, mask);
    if (micros < 0 || micros > KeyInterval.MICROS_PER_DAY) {
      throw corrupt("time of " + micros + " microseconds is not within a day");
    }
    return micros;
  }

  /** Microseconds since 1970-01-01 00:00:00. */
  public long readTimestamp() {
    int mask = enter(KeyType.TIMESTAMP);
    return nextFixed(Long.BYTES, mask) ^ Long.MIN_VALUE;
  }

  /** Microseconds since 1970-01-01 00:00:00 UTC. */
  public long readTimestampTz() {
    int mask = enter(KeyType.TIMESTAMPTZ);
    return nextFixed(Long.BYTES, mask) ^ Long.MIN_VALUE;
  }

  public KeyInterval readInterval() {
    int mask = enter(KeyType.INTERVAL);
    long wholeDays = nextFixed(Long.BYTES, mask) ^ Long.MIN_VALUE;
    long microsOfDay = nextFixed(Long.BYTES, mask);
    int months = (int) nextFixed(Integer.BYTES, mask) ^ Integer.MIN_VALUE;
    int days = (int) nextFixed(Integer.BYTES, mask) ^ Integer.MIN_VALUE;
    // The length and two fields give the third; modulo 2^64 the result is exact if it fits at all.
    long daysOfMicros = wholeDays - (long) months * KeyInterval.DAYS_PER_MONTH - days;
    long micros = daysOfMicros * KeyInterval.MICROS_PER_DAY + microsOfDay;
    if (KeyInterval.microsOfDay(micros) != microsOfDay
        || KeyInterval.wholeDays(months, days, micros) != wholeDays) {
      throw corrupt("fields of an interval contradict its length");
    }
    return new KeyInterval(months, days, micros);
  }

  public float readFloat() {
    int mask = enter(KeyType.FLOAT);
    int bits = (int) nextFixed(Integer.BYTES, mask);
    bits ^= (~bits >> 31) | Integer.MIN_VALUE;
    float value = Float.intBitsToFloat(bits);
    if (Float.floatToIntBits(value + 0.0f) != bits) {
      throw corrupt("float is a negative zero or an unusual NaN");
    }
    return value;
  }

  public double readDouble() {
    int mask = enter(KeyType.DOUBLE);
    long bits = nextFixed(Long.BYTES, mask);
    bits ^= (~bits >> 63) | Long.MIN_VALUE;
    double value = Double.longBitsToDouble(bits);
    if (Double.doubleToLongBits(value + 0.0) != bits) {
      throw corrupt("double is a negative zero or an unusual NaN");
    }
    return value;
  }

  public UUID readUuid() {
    int mask = enter(KeyType.UUID);
    long mostSignificantBits = nextFixed(Long.BYTES, mask);
    return new UUID(mostSignificantBits, nextFixed(Long.BYTES, mask));
  }

  /** The value without trailing zeros: keys do not keep the scale a decimal was written with. */
  public BigDecimal readDecimal() {
    int mask = directionOf(KeyType.DECIMAL);
    int tag = nextByte(mask);
    return tag == Tag.DECIMAL_ZERO
        ? BigDecimal.ZERO
        : DecimalEncoding.read(this, tag == Tag.DECIMAL_NEGATIVE, mask);
  }

  public String readString() {
    int mask = enter(KeyType.STRING);
    int from = position;
    int bodyLength = findTerminator(mask);
    if (mask == 0 && bodyLength == position - 1 - from) {
      return utf8(array, from, bodyLength);
    }
    byte[] bytes = new byte[bodyLength];
    unescape(from, mask, bytes, 0);
    return utf8(bytes, 0, bodyLength);
  }

  /**
   * The UTF-8 bytes of a string, unchecked, into {@code target}, where {@link #remaining} bytes
   * must fit.
   *
   * @return how many bytes were written
   */
  public int readUtf8(byte[] target, int targetOffset) {
    int mask = enter(KeyType.STRING);
    int from = position;
    int bodyLength = findTerminator(mask);
    unescape(from, mask, target, targetOffset);
    return bodyLength;
  }

  public byte[] readBytes() {
    int mask = enter(KeyType.BYTES);
    int from = position;
    byte[] bytes = new byte[findTerminator(mask)];
    unescape(from, mask, bytes, 0);
    return bytes;
  }

  /** Steps into the tuple that is the next element. */
  public KeyReader beginTuple() {
    int mask = enter(KeyType.TUPLE);
    if (depth == KeyWriter.MAX_DEPTH) {
      throw corrupt("tuples nest deeper than " + KeyWriter.MAX_DEPTH);
    }
    long bit = 1L << depth;
    descendingTuples = mask == 0 ? descendingTuples & ~bit : descendingTuples | bit;
    depth++;
    return this;
  }

  /** Skips what is left of the tuple last stepped into, and its end. */
  public KeyReader endTuple() {
    while (peekType() != KeyType.END) {
      skip();
    }
    if (depth == 0) {
      throw new PpdbException(ErrorCode.INVALID_STATE, "no key tuple has been stepped into");
    }
    position++;
    depth--;
    return this;
  }

  /** Moves past the next element. */
  public KeyReader skip() {
    KeyType type = peekType();
    if (type == KeyType.END) {
      throw corrupt("an element was expected, the tuple ends");
    }
    int mask = array[position] < 0 ? -1 : 0;
    switch (type) {
      case NULL, BOOLEAN -> position++;
      case LONG -> skipBytes(1 + Math.abs(byteAt(position, mask) - Tag.LONG_ZERO));
      case DATE, FLOAT -> skipBytes(1 + Integer.BYTES);
      case DOUBLE, TIME, TIMESTAMP, TIMESTAMPTZ -> skipBytes(1 + Long.BYTES);
      case UUID -> skipBytes(1 + 2 * Long.BYTES);
      case INTERVAL -> skipBytes(1 + 2 * Long.BYTES + 2 * Integer.BYTES);
      case STRING, BYTES -> {
        position++;
        findTerminator(mask);
      }
      case DECIMAL -> readDecimal();
      case TUPLE -> {
        beginTuple();
        endTuple();
      }
      case END -> throw new AssertionError(type);
    }
    return this;
  }

  /** Index in the array being read of the next element: the end of all that was read. */
  public int position() {
    return position;
  }

  /** Bytes from the next element to the end of the key. */
  public int remaining() {
    return end - position;
  }

  /** Fails with CORRUPTION unless everything was read. */
  public void expectEnd() {
    if (position != end) {
      throw corrupt(remaining() + " bytes after the last expected element");
    }
  }

  /** The next byte, direction undone, 0 to 255. */
  int nextByte(int mask) {
    if (position == end) {
      throw corrupt("key ends within an element");
    }
    return (array[position++] ^ mask) & 0xFF;
  }

  int byteAt(int index, int mask) {
    return (array[index] ^ mask) & 0xFF;
  }

  /** The integer announced by {@code tag}. */
  long readLongBody(int tag, int mask) {
    int signedLength = tag - Tag.LONG_ZERO;
    int byteCount = Math.abs(signedLength);
    if (byteCount > Long.BYTES) {
      throw corrupt("length byte of an integer is " + tag);
    }
    if (byteCount == 0) {
      return 0;
    }
    long body = nextFixed(byteCount, mask);
    long magnitude = signedLength > 0 ? body : ~body & (-1L >>> (Long.SIZE - 8 * byteCount));
    boolean fits = magnitude > 0 || (signedLength < 0 && magnitude == Long.MIN_VALUE);
    if (!fits || magnitude >>> (8 * (byteCount - 1)) == 0) {
      throw corrupt("integer is not in its shortest form");
    }
    return signedLength > 0 ? magnitude : -magnitude;
  }

  PpdbException corrupt(String what) {
    int shown = Math.min(end, start + SHOWN_BYTES);
    return new PpdbException(
        ErrorCode.CORRUPTION,
        "damaged key, byte "
            + (position - start)
            + " of "
            + (end - start)
            + ": "
            + what
            + "; key "
            + HexFormat.of().formatHex(array, start, shown)
            + (shown < end ? "…" : ""));
  }

  /** Checks the type of the next element and moves past its tag; 0 if ascending, else -1. */
  private int enter(KeyType expected) {
    int mask = directionOf(expected);
    position++;
    return mask;
  }

  private int directionOf(KeyType expected) {
    KeyType type = peekType();
    if (type != expected) {
      throw corrupt("expected " + expected + ", found " + type);
    }
    return array[position] < 0 ? -1 : 0;
  }

  private boolean atTupleEnd() {
    if (depth == 0) {
      return false;
    }
    boolean descending = ((descendingTuples >>> (depth - 1)) & 1) != 0;
    return array[position] == (byte) (descending ? ~Tag.END : Tag.END);
  }

  private void skipBytes(int byteCount) {
    if (byteCount > end - position) {
      throw corrupt("element of " + byteCount + " bytes, " + (end - position) + " are left");
    }
    position += byteCount;
  }

  /** {@code byteCount} bytes as an unsigned big-endian number. */
  private long nextFixed(int byteCount, int mask) {
    int from = position;
    skipBytes(byteCount);
    long value = 0;
    for (int i = from; i < position; i++) {
      value = (value << 8) | byteAt(i, mask);
    }
    return value;
  }

  /** Moves past the terminator of an escaped body and tells how long the body is unescaped. */
  private int findTerminator(int mask) {
    int bodyLength = 0;
    while (true) {
      int b = nextByte(mask);
      if (b == 0x00) {
        return bodyLength;
      }
      if (b == 0x01) {
        int escaped = nextByte(mask);
        if (escaped != 0x01 && escaped != 0x02) {
          throw corrupt("escape is followed by " + escaped + ", expected 1 or 2");
        }
      }
      bodyLength++;
    }
  }

  /** Undoes escapes and direction of the checked body that begins at {@code from}. */
  private void unescape(int from, int mask, byte[] target, int targetOffset) {
    int out = targetOffset;
    for (int i = from, last = position - 1; i < last; i++) {
      int b = byteAt(i, mask);
      if (b == 0x01) {
        i++;
        b = byteAt(i, mask) - 1;
      }
      target[out++] = (byte) b;
    }
  }

  private String utf8(byte[] bytes, int offset, int byteCount) {
    String text = new String(bytes, offset, byteCount, StandardCharsets.UTF_8);
    // Decoding replaces what is not UTF-8; only then is the slow comparison needed.
    if (text.indexOf('\uFFFD') >= 0) {
      byte[] again = text.getBytes(StandardCharsets.UTF_8);
      if (!Arrays.equals(again, 0, again.length, bytes, offset, offset + byteCount)) {
        throw corrupt("string is not UTF-8");
      }
    }
    return text;
  }
}
