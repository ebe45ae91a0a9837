package io.ppdb.kv.engine;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.sync.StripedLock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What ranges of a memtable hold, found by walking over them, and remembered.
 *
 * <p>A count is given again while fewer entries than a tenth of it have come and no range has been
 * deleted, and for half a second where entries expire: asking often costs little beside writing.
 *
 * <p>One thread at a time walks over a range, and holds its stripe; whoever asks for it meanwhile
 * gets what was counted before, or waits if nothing was. So all sessions that plan queries over a
 * table at once are one walk and not many. Thread-safe.
 */
final class RangeCounts {
  private static final int STRIPE_COUNT = 4;
  private static final int MAX_COUNTS = 1024;
  private static final long MAX_EXPIRING_MILLIS = 500;

  /**
   * A count, and when it was begun.
   *
   * @param entryCount of the whole memtable then
   */
  private record Count(
      RangeStatistics statistics,
      long entryCount,
      long instantMillis,
      List<RangeTombstones> deleted) {
    boolean holds(
        long entryCountNow, long nowMillis, List<RangeTombstones> deletedNow, boolean expires) {
      return entryCountNow - entryCount <= statistics.entryCount() / 10
          && deletedNow.equals(deleted) // the very same objects
          && (!expires || nowMillis - instantMillis <= MAX_EXPIRING_MILLIS);
    }
  }

  private final Supplier<EntryCursor> cursors;
  private final StripedLock walking = new StripedLock(STRIPE_COUNT);
  private final ConcurrentHashMap<KeyRange, Count> counts = new ConcurrentHashMap<>();

  /** Counts in what {@code cursors} give. */
  RangeCounts(Supplier<EntryCursor> cursors) {
    this.cursors = cursors;
  }

  /**
   * The entries of {@code range} but those that have expired by the horizons, or are hidden.
   *
   * @param deleted what hides entries
   * @param entryCount how many entries there are in all
   * @param expires whether any may expire
   */
  RangeStatistics of(
      KeyRange range,
      Horizons horizons,
      List<RangeTombstones> deleted,
      long entryCount,
      boolean expires) {
    long nowMillis = horizons.highestInstantMillis();
    Count known = counts.get(range);
    if (known != null && known.holds(entryCount, nowMillis, deleted, expires)) {
      return known.statistics;
    }
    int stripe = walking.stripeOf(range.hashCode());
    if (known == null) {
      walking.lock(stripe);
    } else if (!walking.tryLock(stripe)) {
      return known.statistics;
    }
    try {
      known = counts.get(range);
      if (known == null || !known.holds(entryCount, nowMillis, deleted, expires)) {
        known = new Count(walk(range, horizons, deleted), entryCount, nowMillis, deleted);
        if (counts.size() >= MAX_COUNTS) {
          counts.clear();
        }
        counts.put(range, known);
      }
      return known.statistics;
    } finally {
      walking.unlock(stripe);
    }
  }

  private RangeStatistics walk(KeyRange range, Horizons horizons, List<RangeTombstones> deleted) {
    long count = 0;
    long size = 0;
    Horizons.Walk walk = horizons.walk();
    RangeCover cover = new RangeCover(deleted, Long.MAX_VALUE);
    byte @Nullable [] end = range.end();
    try (EntryCursor cursor = cursors.get()) {
      boolean valid = !range.isEmpty() && cursor.seek(range.start(), Long.MAX_VALUE);
      while (valid && (end == null || cursor.key().compareTo(end) < 0)) {
        boolean expired =
            cursor.expiryMillis() != Limits.NO_EXPIRY
                && cursor.expiryMillis() <= walk.of(cursor.key()).instantMillis();
        if (!expired && cursor.version() >= cover.at(cursor.key())) {
          count++;
          size += cursor.key().length() + LiveCount.valueLength(cursor);
        }
        valid = cursor.next();
      }
    }
    return new RangeStatistics(count, size);
  }
}
