package io.ppdb.kv;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys {@code [start, end)}, always half open; no end means up to the last key.
 *
 * <p>Immutable; the arrays are not copied and must not change.
 */
public final class KeyRange {
  private static final KeyRange ALL = new KeyRange(new byte[0], null);

  private final byte[] start;
  private final byte @Nullable [] end;

  private KeyRange(byte[] start, byte @Nullable [] end) {
    this.start = start;
    this.end = end;
  }

  /** Every key. */
  public static KeyRange all() {
    return ALL;
  }

  /**
   * The keys from {@code start} on and before {@code end}; a null end is no upper bound.
   *
   * @throws PpdbException INVALID_ARGUMENT if {@code start} is after {@code end}
   */
  public static KeyRange of(byte[] start, byte @Nullable [] end) {
    Limits.checkNotNull(start, "start of a range");
    if (end != null && Arrays.compareUnsigned(start, end) > 0) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "a range from " + hex(start) + " to " + hex(end) + ": its start is after its end");
    }
    return new KeyRange(start, end);
  }

  /** Like {@link #of}, of bounds that may have passed each other: then there is no key. */
  public static KeyRange between(byte[] start, byte @Nullable [] end) {
    Limits.checkNotNull(start, "start of a range");
    boolean passed = end != null && Arrays.compareUnsigned(start, end) > 0;
    return new KeyRange(start, passed ? start : end);
  }

  /** The keys that begin with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    Limits.checkNotNull(prefix, "prefix");
    return new KeyRange(prefix, afterPrefix(prefix));
  }

  /** The one key {@code key}. */
  public static KeyRange single(byte[] key) {
    Limits.checkNotNull(key, "key");
    return new KeyRange(key, Arrays.copyOf(key, key.length + 1));
  }

  /** The least key after all keys that begin with {@code prefix}; null if there is none. */
  public static byte @Nullable [] afterPrefix(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xFF) {
        byte[] after = Arrays.copyOf(prefix, i + 1);
        after[i]++;
        return after;
      }
    }
    return null;
  }

  public byte[] start() {
    return start;
  }

  /** The first key after the range, or null if the range has no upper bound. */
  public byte @Nullable [] end() {
    return end;
  }

  public boolean isEmpty() {
    return end != null && Arrays.equals(start, end);
  }

  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, start) >= 0 && isBeforeEnd(key);
  }

  /** Whether {@code key} is less than the end of this range. */
  public boolean isBeforeEnd(byte[] key) {
    return end == null || Arrays.compareUnsigned(key, end) < 0;
  }

  public boolean overlaps(KeyRange other) {
    return !isEmpty() && !other.isEmpty() && isBeforeEnd(other.start) && other.isBeforeEnd(start);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof KeyRange other
        && Arrays.equals(start, other.start)
        && Arrays.equals(end, other.end);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }

  @Override
  public String toString() {
    return "[" + hex(start) + ", " + (end == null ? "end" : hex(end)) + ")";
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
