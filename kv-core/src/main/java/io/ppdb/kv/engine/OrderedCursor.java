package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;

/**
 * A position among the visible entries of a range in key order: one entry per key, no limits, no
 * direction of its own. {@link ScanCursor} makes the public cursor of it.
 *
 * <p>All moves answer whether the cursor stands on an entry afterwards. Not thread-safe.
 */
public interface OrderedCursor {
  boolean first();

  boolean last();

  /** Moves to the least entry at or after {@code key}. */
  boolean ceiling(byte[] key);

  /** Moves to the greatest entry at or before {@code key}. */
  boolean floor(byte[] key);

  /** Moves to the next greater key; requires {@link #isValid}. */
  boolean higher();

  /** Moves to the next smaller key; requires {@link #isValid}. */
  boolean lower();

  boolean isValid();

  Slice key();

  /** The value; empty if only keys were asked for. */
  Slice value();

  /** How long the value is; that may be known without reading it. */
  int valueLength();

  long expiryMillis();

  /** Whether the entry is one that the transaction itself has written. */
  default boolean isOwn() {
    return false;
  }

  void close();
}
