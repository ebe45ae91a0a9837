package io.ppdb.kv.engine;

import io.ppdb.kv.Slice;
import io.ppdb.kv.skiplist.Varints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts stored entries, and those of them that a view opened now would show. Not thread-safe.
 *
 * <p>Of a key the newest entry decides, unless a newer range tombstone does; an operand is shown,
 * whatever lies below it. Bytes are those of keys and values, of a live key with the value of its
 * newest entry.
 */
public final class LiveCount {
  /** To seek the next key costs about as much as to walk over so many versions. */
  private static final int MAX_WALKED_VERSIONS = 16;

  private final EntryCursor cursor;
  private final byte @Nullable [] end;
  private final long instantMillis;
  private final RangeCover cover;
  private byte[] key = new byte[32];

  private long entryCount;
  private long entryBytes;
  private long liveCount;
  private long liveBytes;

  /**
   * A count of what {@code cursor} gives.
   *
   * @param end where to stop; null for the end
   * @param instantMillis what expires until then has expired
   */
  public LiveCount(EntryCursor cursor, byte @Nullable [] end, long instantMillis) {
    this.cursor = cursor;
    this.end = end;
    this.instantMillis = instantMillis;
    List<RangeTombstones> tombstones = new ArrayList<>();
    cursor.addTombstones(tombstones);
    this.cover = new RangeCover(tombstones, Long.MAX_VALUE);
  }

  /**
   * Counts from {@code start} on, by whole keys, until there are {@code maxEntryCount} more entries
   * or nothing is left.
   */
  public void add(byte[] start, long maxEntryCount) {
    long stop = entryCount + maxEntryCount;
    boolean valid = cursor.seek(start, Long.MAX_VALUE);
    while (valid && entryCount < stop && (end == null || cursor.key().compareTo(end) < 0)) {
      Slice kept = countKey();
      int length = kept.length();
      do {
        entryCount++;
        entryBytes += length + valueLength(cursor);
        valid = cursor.next();
      } while (valid && cursor.key().equals(kept));
    }
  }

  /**
   * Counts all keys from {@code start} on. Of a key with many versions only the first ones are
   * walked over, and count as entries.
   */
  public void addKeys(byte[] start) {
    boolean valid = cursor.seek(start, Long.MAX_VALUE);
    while (valid && (end == null || cursor.key().compareTo(end) < 0)) {
      Slice kept = countKey();
      int walked = 0;
      do {
        walked++;
        valid = cursor.next();
      } while (valid && walked < MAX_WALKED_VERSIONS && cursor.key().equals(kept));
      entryCount += walked;
      if (valid && walked == MAX_WALKED_VERSIONS && cursor.key().equals(kept)) {
        byte[] next = new byte[kept.length() + 1];
        System.arraycopy(key, 0, next, 0, kept.length());
        valid = cursor.seek(next, Long.MAX_VALUE);
      }
    }
  }

  /** Counts the key that the cursor is on, if it is alive; a copy of it. */
  private Slice countKey() {
    int length = cursor.key().length();
    if (isLive()) {
      liveCount++;
      liveBytes += length + valueLength(cursor);
    }
    keep(cursor.key());
    return new Slice(key, 0, length);
  }

  private boolean isLive() {
    if (cursor.version() < cover.at(cursor.key())) {
      return false;
    }
    return switch (cursor.kind()) {
      case PUT, BLOB -> cursor.expiryMillis() > instantMillis;
      case MERGE -> true;
      case DELETE -> false;
    };
  }

  private void keep(Slice from) {
    if (key.length < from.length()) {
      key = new byte[Math.max(from.length(), 2 * key.length)];
    }
    System.arraycopy(from.array(), from.offset(), key, 0, from.length());
  }

  /** The length of the value that a PUT, BLOB or MERGE stands for. */
  static int valueLength(EntryCursor cursor) {
    Slice value = cursor.value();
    return cursor.kind() == EntryKind.BLOB
        ? Varints.read(value.array(), value.offset())
        : value.length();
  }

  /** All versions of all keys, tombstones and operands included. */
  public long entryCount() {
    return entryCount;
  }

  /** Bytes of their keys and values. */
  public long entryBytes() {
    return entryBytes;
  }

  /** Keys that a view would show. */
  public long liveCount() {
    return liveCount;
  }

  /** Bytes of their keys and newest values. */
  public long liveBytes() {
    return liveBytes;
  }
}
