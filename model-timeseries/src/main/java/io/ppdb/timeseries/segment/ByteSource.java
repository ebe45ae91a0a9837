package io.ppdb.timeseries.segment;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads what {@link ByteSink} wrote, straight from the array it lies in.
 *
 * <p>Every read is checked against the end and fails with CORRUPTION beyond it. Not thread-safe.
 */
final class ByteSource {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] NO_BYTES = {};

  private byte[] array = NO_BYTES;
  private int position;
  private int end;

  void reset(byte[] newArray, int start, int newEnd) {
    array = newArray;
    position = start;
    end = newEnd;
  }

  byte[] array() {
    return array;
  }

  /** Index in {@link #array()} of the next byte. */
  int position() {
    return position;
  }

  int end() {
    return end;
  }

  int readByte() {
    return array[skip(1)] & 0xFF;
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a varint longer than 10 bytes ends at " + position);
  }

  long readSignedVarint() {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A varint that counts or measures something: between 0 and {@code max}. */
  int readCount(String what, int max) {
    long value = readVarint();
    if (value < 0 || value > max) {
      throw corrupt(
          what + " is " + Long.toUnsignedString(value) + "; at most " + max + " expected");
    }
    return (int) value;
  }

  /** Moves past {@code count} bytes and returns the index in {@link #array()} of the first. */
  int skip(long count) {
    if (count > end - position) {
      throw corrupt(
          "at " + position + ", " + count + " bytes expected and " + (end - position) + " left");
    }
    int start = position;
    position += (int) count;
    return start;
  }

  static short shortAt(byte[] array, int index) {
    return (short) SHORT.get(array, index);
  }

  static int intAt(byte[] array, int index) {
    return (int) INT.get(array, index);
  }

  static long longAt(byte[] array, int index) {
    return (long) LONG.get(array, index);
  }

  static PpdbException corrupt(String what) {
    return new PpdbException(ErrorCode.CORRUPTION, "damaged time-series segment: " + what);
  }
}
