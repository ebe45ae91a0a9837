package io.ppdb.kv;

import java.util.Arrays;

/**
 * A read-only window onto bytes that somebody else owns: an array, an offset, a length.
 *
 * <p>Cursors hand out one slice object again and again; its content is valid until the cursor moves
 * or closes. Readers decode straight from {@link #array()} and never write to it; whoever keeps the
 * bytes calls {@link #toByteArray()}.
 *
 * <p>Not thread-safe.
 */
public final class Slice implements Comparable<Slice> {
  private static final byte[] NO_BYTES = {};

  private byte[] array;
  private int offset;
  private int length;

  /** An empty slice. */
  public Slice() {
    this(NO_BYTES);
  }

  public Slice(byte[] array) {
    this(array, 0, array.length);
  }

  public Slice(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Lets this slice show other bytes; for the cursor that owns it. */
  public void set(byte[] newArray, int newOffset, int newLength) {
    this.array = newArray;
    this.offset = newOffset;
    this.length = newLength;
  }

  /** Lets this slice show the bytes that {@code other} shows now. */
  public void set(Slice other) {
    set(other.array, other.offset, other.length);
  }

  /** The backing array, not a copy. */
  public byte[] array() {
    return array;
  }

  /** Index in {@link #array()} of the first byte. */
  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  public byte byteAt(int index) {
    return array[offset + index];
  }

  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  public boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(array, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  /** Unsigned lexicographic comparison with a whole array. */
  public int compareTo(byte[] other) {
    return Arrays.compareUnsigned(array, offset, offset + length, other, 0, other.length);
  }

  @Override
  public int compareTo(Slice other) {
    return Arrays.compareUnsigned(
        array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Slice other
        && Arrays.equals(
            array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset, end = offset + length; i < end; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return KeyRange.hex(toByteArray());
  }
}
