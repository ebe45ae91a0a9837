package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import java.util.List;

/**
 * A position among stored entries: every version of every key, tombstones and operands included.
 *
 * <p>Order: key ascending (unsigned), then version descending, so that the newest entry of a key
 * comes first. Memtables, sstables and merges of them all have this shape. No two entries have the
 * same key and version. A new cursor is not valid until it is positioned. Slices are reused: valid
 * until the next move. Not thread-safe.
 */
public interface EntryCursor extends AutoCloseable {
  boolean seekToFirst();

  boolean seekToLast();

  /**
   * Moves to the first entry at or after {@code (key, version)}: the newest entry of {@code key}
   * that is not newer than {@code version}, else the first entry of a greater key. Versions are
   * positive: version 0 moves past all entries of {@code key}.
   */
  boolean seek(byte[] key, long version);

  /** Moves to the last entry whose key is less than {@code key}. */
  boolean seekBefore(byte[] key);

  /** Moves one entry on; requires {@link #isValid}. */
  boolean next();

  /** Moves one entry back; requires {@link #isValid}. */
  boolean previous();

  /** Moves to the newest entry of the next key; requires {@link #isValid}. */
  default boolean nextKey() {
    byte[] key = key().toByteArray();
    while (next()) {
      if (key().compareTo(key) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds the range tombstones among these entries, as of when the cursor was opened. They hide
   * entries from views, but not from this cursor.
   */
  void addTombstones(List<RangeTombstones> all);

  boolean isValid();

  Slice key();

  long version();

  EntryKind kind();

  /** The id of the merge operator of a MERGE entry, 0 otherwise. */
  int operatorId();

  /** When a PUT expires, in epoch milliseconds; {@link io.ppdb.kv.Limits#NO_EXPIRY} if never. */
  long expiryMillis();

  /** The value of a PUT, the operand of a MERGE, the handle of a BLOB, empty for a DELETE. */
  Slice value();

  /**
   * Offers the current entry to a lookup of its key for a view that sees it; if it is an operand,
   * maybe together with those behind it, combined. Moves to the last one offered. Only while the
   * cursor goes forward.
   *
   * @return whether the lookup is decided
   */
  default boolean offer(PointLookup lookup) {
    Slice value = value();
    return lookup.offer(
        kind(),
        version(),
        operatorId(),
        expiryMillis(),
        value.array(),
        value.offset(),
        value.length());
  }

  /** The value that {@code handle}, of a BLOB among these entries, stands for; the caller's own. */
  default byte[] readBlob(Slice handle) {
    throw new IllegalStateException("no values of these entries lie elsewhere");
  }

  @Override
  void close();
}
