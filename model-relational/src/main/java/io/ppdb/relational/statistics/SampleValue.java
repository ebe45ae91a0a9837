package io.ppdb.relational.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value of a column as the bytes of an element of an ascending key, so that all types compare
 * alike. Of a long one only the beginning is kept, and a number that tells it from others which
 * begin like it. Immutable.
 */
public final class SampleValue implements Comparable<SampleValue> {
  /** Longer values are cut to this many bytes. */
  public static final int MAX_BYTES = 64;

  private static final int HASH_BYTES = Long.BYTES;

  private final byte[] bytes;

  private SampleValue(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The value whose element of a key is {@code array[offset, offset + length)}. */
  public static SampleValue of(byte[] array, int offset, int length) {
    if (length <= MAX_BYTES) {
      return new SampleValue(Arrays.copyOfRange(array, offset, offset + length));
    }
    byte[] cut = Arrays.copyOfRange(array, offset, offset + MAX_BYTES);
    long hash = 0;
    for (int i = offset + MAX_BYTES - HASH_BYTES; i < offset + length; i++) {
      hash = hash * 0x9E3779B97F4A7C15L + array[i];
      hash ^= hash >>> 29;
    }
    for (int i = 0; i < HASH_BYTES; i++) {
      cut[MAX_BYTES - HASH_BYTES + i] = (byte) (hash >>> (8 * i));
    }
    return new SampleValue(cut);
  }

  /** The value of an element of a key. */
  public static SampleValue of(byte[] element) {
    return of(element, 0, element.length);
  }

  byte[] bytes() {
    return bytes;
  }

  /** The element of a key; null if the value was cut. */
  public byte @Nullable [] element() {
    return bytes.length < MAX_BYTES ? bytes.clone() : null;
  }

  /** How far this value lies between two others around it: from 0 to 1. */
  double positionBetween(SampleValue low, SampleValue high) {
    int shared = Arrays.mismatch(low.bytes, high.bytes);
    if (shared < 0) {
      return 0.5;
    }
    double from = low.digits(shared);
    double width = high.digits(shared) - from;
    return width <= 0 ? 0.5 : Math.min(1, Math.max(0, (digits(shared) - from) / width));
  }

  /** The seven bytes from {@code start} on as a number. */
  private long digits(int start) {
    long number = 0;
    for (int i = start; i < start + 7; i++) {
      number = number << 8 | (i < bytes.length ? bytes[i] & 0xFF : 0);
    }
    return number;
  }

  @Override
  public int compareTo(SampleValue other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof SampleValue other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
