package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a SERIALIZABLE transaction has read of the store: the keys and the ranges that its cursors
 * covered, whether it found something there or not, and when the first entry that it saw expires.
 *
 * <p>Kept as ranges that neither overlap nor touch; a key is the range up to its successor. When
 * they outgrow their budget, neighbours are joined, those with the longest common prefix first:
 * what lies between them then counts as read too, which may cause a needless conflict but never
 * hides one. Not thread-safe; belongs to its transaction.
 */
final class ReadSet {
  /** The budget of one transaction. */
  static final long MAX_BYTES = 8 << 20;

  /** Map entry, range and array headers. */
  private static final long RANGE_OVERHEAD_BYTES = 100;

  private final long maxBytes;

  /** By start. */
  private TreeMap<byte[], KeyRange> ranges = new TreeMap<>(Arrays::compareUnsigned);

  /** Open cursors: what they covered since their last turn is not in {@link #ranges} yet. */
  private final List<RecordingCursor> cursors = new ArrayList<>();

  private long sizeInBytes;
  private long firstExpiryMillis = Limits.NO_EXPIRY;

  ReadSet() {
    this(MAX_BYTES);
  }

  ReadSet(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void opened(RecordingCursor cursor) {
    cursors.add(cursor);
  }

  void closed(RecordingCursor cursor) {
    cursors.remove(cursor);
  }

  /** Takes in what the open cursors have covered; to be called before the set is validated. */
  void complete() {
    cursors.forEach(RecordingCursor::endRun);
  }

  /** A key was read, present or not; the array is copied. */
  void add(byte[] key) {
    if (!covers(key)) {
      add(KeyRange.single(key.clone()));
    }
  }

  /** All of a range was read; its arrays are kept. */
  void add(KeyRange read) {
    if (read.isEmpty()) {
      return;
    }
    byte[] start = read.start();
    byte[] end = read.end();
    Map.Entry<byte[], KeyRange> below = ranges.floorEntry(start);
    if (below != null && reaches(below.getValue().end(), start)) {
      byte[] belowEnd = below.getValue().end();
      if (belowEnd == null || (end != null && reaches(belowEnd, end))) {
        return;
      }
      start = below.getKey();
      remove(below.getValue());
    }
    for (Map.Entry<byte[], KeyRange> next = ranges.ceilingEntry(start);
        next != null && reaches(end, next.getKey());
        next = ranges.higherEntry(start)) {
      end = later(end, next.getValue().end());
      remove(next.getValue());
    }
    KeyRange joined = KeyRange.of(start, end);
    ranges.put(start, joined);
    sizeInBytes += sizeOf(joined);
    while (sizeInBytes > maxBytes && ranges.size() > 1) {
      joinNeighbours();
    }
  }

  private void remove(KeyRange range) {
    ranges.remove(range.start());
    sizeInBytes -= sizeOf(range);
  }

  /** An entry was seen that expires then. */
  void sawExpiry(long expiryMillis) {
    firstExpiryMillis = Math.min(firstExpiryMillis, expiryMillis);
  }

  /** When the first entry that was seen expires: at or after it, the transaction may not commit. */
  long firstExpiryMillis() {
    return firstExpiryMillis;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  int rangeCount() {
    return ranges.size();
  }

  long sizeInBytes() {
    return sizeInBytes;
  }

  boolean covers(byte[] key) {
    Map.Entry<byte[], KeyRange> below = ranges.floorEntry(key);
    return below != null && below.getValue().isBeforeEnd(key);
  }

  /** Something that was read and that a commit with these claims changed; null if there is none. */
  @Nullable Object changedBy(Claims earlier) {
    byte[][] keys = earlier.keys();
    if (keys.length <= ranges.size()) {
      for (int i = 0; i < keys.length; i++) {
        if (earlier.changes(i) && covers(keys[i])) {
          return keys[i];
        }
      }
    } else {
      for (KeyRange range : ranges.values()) {
        byte[] key = earlier.firstChangedIn(range);
        if (key != null) {
          return key;
        }
      }
    }
    for (KeyRange deleted : earlier.ranges()) {
      if (overlaps(deleted)) {
        return deleted;
      }
    }
    ClaimedFiles files = earlier.files();
    return files == null ? null : firstIn(files);
  }

  private @Nullable KeyRange firstIn(ClaimedFiles files) {
    for (KeyRange range : ranges.values()) {
      if (files.mightHaveIn(range)) {
        return range;
      }
    }
    return null;
  }

  private boolean overlaps(KeyRange other) {
    if (covers(other.start())) {
      return true;
    }
    byte[] next = ranges.higherKey(other.start());
    return next != null && other.isBeforeEnd(next);
  }

  /** Joins neighbours until half as many ranges are left. */
  private void joinNeighbours() {
    int[] gapCounts = new int[Limits.MAX_KEY_BYTES + 1]; // by the length of the common prefix
    KeyRange before = null;
    for (KeyRange range : ranges.values()) {
      if (before != null) {
        gapCounts[commonPrefix(before, range)]++;
      }
      before = range;
    }
    int left = (ranges.size() + 1) / 2;
    int shortest = gapCounts.length - 1;
    while (gapCounts[shortest] < left) {
      left -= gapCounts[shortest--];
    }
    // Gaps with a longer common prefix than the shortest all go, of those with the shortest `left`.
    TreeMap<byte[], KeyRange> joined = new TreeMap<>(Arrays::compareUnsigned);
    before = null;
    for (KeyRange range : ranges.values()) {
      int common = before == null ? -1 : commonPrefix(before, range);
      boolean join = common > shortest || (common == shortest && left-- > 0);
      byte[] start = join ? joined.lastKey() : range.start();
      joined.put(start, KeyRange.of(start, range.end()));
      before = range;
    }
    ranges = joined;
    sizeInBytes = 0;
    for (KeyRange range : ranges.values()) {
      sizeInBytes += sizeOf(range);
    }
  }

  private static int commonPrefix(KeyRange left, KeyRange right) {
    int common = Arrays.mismatch(left.start(), right.start());
    return Math.min(common, Limits.MAX_KEY_BYTES);
  }

  private static long sizeOf(KeyRange range) {
    byte[] end = range.end();
    return RANGE_OVERHEAD_BYTES + range.start().length + (end == null ? 0 : end.length);
  }

  /** Whether a range with this end overlaps or touches one that starts at {@code start}. */
  private static boolean reaches(byte @Nullable [] end, byte[] start) {
    return end == null || Arrays.compareUnsigned(end, start) >= 0;
  }

  /** The later of two ends. */
  private static byte @Nullable [] later(byte @Nullable [] one, byte @Nullable [] two) {
    if (one == null || two == null) {
      return null;
    }
    return Arrays.compareUnsigned(one, two) > 0 ? one : two;
  }
}
