package io.ppdb.kv.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many bytes of a memtable are useless because ranges were deleted, and since which version.
 *
 * <p>A range delete does not look at what it deletes, so somebody counts it later, all of it again:
 * what has come to the count is put down to the newest range delete then. Thread-safe, by its
 * monitor.
 */
final class DeletedBytes {
  private List<RangeTombstones> countedFor = List.of();
  private long total;

  /** By version, but for those that {@link #upTo} was asked for. */
  private final TreeMap<Long, Long> later = new TreeMap<>();

  private long earlier;

  /** Whether it was {@code tombstones} for which it was counted last. */
  synchronized boolean isCountedFor(List<RangeTombstones> tombstones) {
    return countedFor.equals(tombstones); // the very same objects
  }

  /** Says that {@code tombstones}, of which {@code version} is the newest, hide so many bytes. */
  synchronized void set(List<RangeTombstones> tombstones, long version, long bytes) {
    later.merge(version, bytes - total, (one, other) -> one + other);
    total = bytes;
    countedFor = List.copyOf(tombstones);
  }

  synchronized long total() {
    return total;
  }

  /** Of the total, what was deleted up to {@code version}, which must not fall. */
  synchronized long upTo(long version) {
    Map.Entry<Long, Long> first = later.firstEntry();
    while (first != null && first.getKey() <= version) {
      earlier += first.getValue();
      later.pollFirstEntry();
      first = later.firstEntry();
    }
    return Math.max(0, earlier);
  }
}
