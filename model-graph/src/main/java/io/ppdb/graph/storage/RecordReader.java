package io.ppdb.graph.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link RecordWriter} wrote; anything else fails with CORRUPTION.
 *
 * <p>Made to be reused. Not thread-safe.
 */
final class RecordReader {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] array;
  private int position;

  RecordReader(byte[] array) {
    this.array = array;
  }

  RecordReader reset(byte[] newArray, int newPosition) {
    array = newArray;
    position = newPosition;
    return this;
  }

  RecordReader moveTo(int newPosition) {
    position = newPosition;
    return this;
  }

  boolean hasNext() {
    return position < array.length;
  }

  int position() {
    return position;
  }

  int readByte() {
    if (position >= array.length) {
      throw corrupt("ends within a field");
    }
    return array[position++] & 0xFF;
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = readByte();
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw corrupt("has a varint of more than ten bytes");
  }

  /** A varint that has to be within the range of non-negative ints: a count, a length, an id. */
  int readSize() {
    long size = readVarint();
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw corrupt("has a size of " + size);
    }
    return (int) size;
  }

  long readZigzag() {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  int readInt() {
    int from = position;
    skip(Integer.BYTES);
    return (int) INT.get(array, from);
  }

  long readLong() {
    int from = position;
    skip(Long.BYTES);
    return (long) LONG.get(array, from);
  }

  byte[] readSized() {
    int byteCount = readSize();
    int from = position;
    skip(byteCount);
    return Arrays.copyOfRange(array, from, position);
  }

  String readString() {
    int byteCount = readSize();
    int from = position;
    skip(byteCount);
    return new String(array, from, byteCount, StandardCharsets.UTF_8);
  }

  void skip(int byteCount) {
    if (byteCount > array.length - position) {
      throw corrupt("has a field of " + byteCount + " bytes where fewer are left");
    }
    position += byteCount;
  }

  /** Fails unless {@code byteCount} bytes are left: no array is made larger than its record. */
  void expectAtLeast(int byteCount) {
    if (byteCount > array.length - position) {
      throw corrupt("counts " + byteCount + " elements where fewer bytes are left");
    }
  }

  PpdbException corrupt(String what) {
    return new PpdbException(
        ErrorCode.CORRUPTION,
        "graph record of " + array.length + " bytes " + what + ", at byte " + position);
  }
}
