package io.ppdb.kv;

/** The hard limits that hold on every engine. */
public final class Limits {
  /** Longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 16 << 10;

  /** Longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 8 << 20;

  /** An entry with this expiry never expires. */
  public static final long NO_EXPIRY = Long.MAX_VALUE;

  private Limits() {}

  /** Fails with KEY_TOO_LARGE if {@code key} is longer than {@link #MAX_KEY_BYTES}. */
  public static void checkKey(byte[] key) {
    if (key.length > MAX_KEY_BYTES) {
      throw new PpdbException(
          ErrorCode.KEY_TOO_LARGE,
          "key of " + key.length + " bytes; at most " + MAX_KEY_BYTES + " are allowed");
    }
  }

  /** Fails with VALUE_TOO_LARGE if {@code value} is longer than {@link #MAX_VALUE_BYTES}. */
  public static void checkValue(byte[] value) {
    if (value.length > MAX_VALUE_BYTES) {
      throw new PpdbException(
          ErrorCode.VALUE_TOO_LARGE,
          "value of " + value.length + " bytes; at most " + MAX_VALUE_BYTES + " are allowed");
    }
  }
}
