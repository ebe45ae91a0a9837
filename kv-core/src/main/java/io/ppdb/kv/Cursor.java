package io.ppdb.kv;

/**
 * A position in the visible entries of one range, in the direction of its scan.
 *
 * <p>A new cursor stands before the first entry. {@code next} moves in the direction of the scan,
 * {@code previous} against it; past either end the cursor is not valid, and the opposite move
 * returns to the outermost entry. The limits of the scan bound what {@code next} delivers in all;
 * after that {@code previous} returns to the last entry delivered. A cursor of a transaction shows
 * exactly the own writes made before it was opened; rolling back to an earlier savepoint ends it.
 *
 * <p>The slices of {@link #key()} and {@link #value()} are reused: they are valid until the next
 * move. Not thread-safe. Must be closed before its view.
 */
public interface Cursor extends AutoCloseable {
  /** Moves to the next entry; false, and not valid, if there is none within range and limits. */
  boolean next();

  /** Moves to the entry before; false, and not valid, if there is none. */
  boolean previous();

  /**
   * Moves to the first entry at or after {@code key} in the direction of the scan (descending: at
   * or before it), within the range. Does not count against the limits of the scan.
   *
   * @return whether there is one
   */
  boolean seek(byte[] key);

  /** Whether the cursor stands on an entry. */
  boolean isValid();

  /** The key of the current entry. */
  Slice key();

  /** The value of the current entry; empty in a keys-only scan. */
  Slice value();

  /** When the current entry expires, in epoch milliseconds; {@link Limits#NO_EXPIRY} if never. */
  long expiryMillis();

  @Override
  void close();
}
