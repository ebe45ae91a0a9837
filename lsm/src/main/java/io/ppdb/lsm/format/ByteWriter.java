package io.ppdb.lsm.format;

import java.util.Arrays;

/** A byte array that grows as it is written. Not thread-safe. */
public final class ByteWriter {
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes;
  private int size;

  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  public int size() {
    return size;
  }

  /** The backing array; its first {@link #size} bytes are written. */
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Forgets everything, keeping the capacity. */
  public void clear() {
    size = 0;
  }

  /** Makes room for {@code count} bytes to be filled in later; returns where they start. */
  public int skip(int count) {
    ensure(count);
    int start = size;
    size += count;
    return start;
  }

  public void putByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  public void putShort(int value) {
    ensure(Short.BYTES);
    LittleEndian.putShort(bytes, size, value);
    size += Short.BYTES;
  }

  public void putInt(int value) {
    ensure(Integer.BYTES);
    LittleEndian.putInt(bytes, size, value);
    size += Integer.BYTES;
  }

  public void putLong(long value) {
    ensure(Long.BYTES);
    LittleEndian.putLong(bytes, size, value);
    size += Long.BYTES;
  }

  /** An unsigned variable-length integer of 1 to 10 bytes. */
  public void putVarint(long value) {
    ensure(MAX_VARINT_BYTES);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  public void putBytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** The length as a variable-length integer, then the bytes. */
  public void putSized(byte[] source) {
    putVarint(source.length);
    putBytes(source);
  }

  private void ensure(int count) {
    if (bytes.length - size < count) {
      int needed = Math.addExact(size, count);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }
}
