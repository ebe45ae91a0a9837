package io.ppdb.kv;

import org.jspecify.annotations.Nullable;

/** The hard limits that hold on every engine, and what arguments are refused by. */
public final class Limits {
  /** Longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 16 << 10;

  /** Longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 8 << 20;

  /** An entry with this expiry never expires. */
  public static final long NO_EXPIRY = Long.MAX_VALUE;

  private Limits() {}

  /** Fails with INVALID_ARGUMENT if {@code argument}, which is a {@code name}, is null. */
  public static void checkNotNull(@Nullable Object argument, String name) {
    if (argument == null) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "the " + name + " is null");
    }
  }

  /** Fails if {@code key} is null, or with KEY_TOO_LARGE if it exceeds {@link #MAX_KEY_BYTES}. */
  public static void checkKey(byte[] key) {
    checkNotNull(key, "key");
    if (key.length > MAX_KEY_BYTES) {
      throw new PpdbException(
          ErrorCode.KEY_TOO_LARGE,
          "key of " + key.length + " bytes; at most " + MAX_KEY_BYTES + " are allowed");
    }
  }

  /** Fails if {@code value} is null, or with VALUE_TOO_LARGE: {@link #MAX_VALUE_BYTES}. */
  public static void checkValue(byte[] value) {
    checkNotNull(value, "value");
    if (value.length > MAX_VALUE_BYTES) {
      throw new PpdbException(
          ErrorCode.VALUE_TOO_LARGE,
          "value of " + value.length + " bytes; at most " + MAX_VALUE_BYTES + " are allowed");
    }
  }
}
