package io.ppdb.graph.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a stored value: variable-length integers, fixed-width numbers, strings.
 *
 * <p>A <em>varint</em> is little-endian base 128: seven bits a byte, the top bit says that another
 * follows. A <em>zigzag</em> is a varint of {@code (n << 1) ^ (n >> 63)}.
 *
 * <p>Made to be reused. Not thread-safe.
 */
final class RecordWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int MAX_VARINT_BYTES = 10;
  private static final int INITIAL_BYTES = 128;

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int length;

  RecordWriter clear() {
    length = 0;
    return this;
  }

  RecordWriter writeByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  RecordWriter writeVarint(long value) {
    reserve(MAX_VARINT_BYTES);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
    return this;
  }

  RecordWriter writeZigzag(long value) {
    return writeVarint((value << 1) ^ (value >> 63));
  }

  RecordWriter writeInt(int value) {
    reserve(Integer.BYTES);
    INT.set(buffer, length, value);
    length += Integer.BYTES;
    return this;
  }

  RecordWriter writeLong(long value) {
    reserve(Long.BYTES);
    LONG.set(buffer, length, value);
    length += Long.BYTES;
    return this;
  }

  RecordWriter writeBytes(byte[] bytes, int offset, int byteCount) {
    reserve(byteCount);
    System.arraycopy(bytes, offset, buffer, length, byteCount);
    length += byteCount;
    return this;
  }

  /** The length as a varint, then the bytes. */
  RecordWriter writeSized(byte[] bytes) {
    return writeVarint(bytes.length).writeBytes(bytes, 0, bytes.length);
  }

  /** The length of the UTF-8 form as a varint, then that form. */
  RecordWriter writeString(String text) {
    return writeSized(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  private void reserve(int byteCount) {
    if (length + byteCount > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(length + byteCount, 2 * buffer.length));
    }
  }
}
