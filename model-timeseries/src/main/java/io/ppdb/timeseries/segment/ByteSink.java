package io.ppdb.timeseries.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes; fixed-width numbers are little-endian. Not thread-safe. */
final class ByteSink {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 10];
  private int length;

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  void writeByte(int value) {
    int start = reserve(1);
    bytes[start] = (byte) value;
  }

  void writeShort(int value) {
    int start = reserve(2);
    SHORT.set(bytes, start, (short) value);
  }

  void writeInt(int value) {
    int start = reserve(4);
    INT.set(bytes, start, value);
  }

  static void putInt(byte[] target, int index, int value) {
    INT.set(target, index, value);
  }

  void writeLong(long value) {
    int start = reserve(8);
    LONG.set(bytes, start, value);
  }

  void writeBytes(byte[] source, int offset, int count) {
    int start = reserve(count);
    System.arraycopy(source, offset, bytes, start, count);
  }

  void write(ByteSink other) {
    writeBytes(other.bytes, 0, other.length);
  }

  /** Seven bits a byte, least significant first; the top bit says that more follow. */
  void writeVarint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    writeByte((int) rest);
  }

  /** A varint in which small negative numbers are short too. */
  void writeSignedVarint(long value) {
    writeVarint((value << 1) ^ (value >> 63));
  }

  /** Makes room, which may replace {@link #bytes}, and returns where it begins. */
  private int reserve(int count) {
    int start = length;
    if (count > bytes.length - start) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(start, count), bytes.length * 2));
    }
    length = start + count;
    return start;
  }
}
