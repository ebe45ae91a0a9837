package io.ppdb.lsm;

import io.ppdb.lsm.placement.EntryCache;
import io.ppdb.lsm.table.BlockCache;
import java.util.List;

/**
 * What a store has done since it was opened, and what it consists of now. Counters may be read
 * while they change, each by itself.
 *
 * @param slowdownCount commits that waited for a moment because compactions did not keep up
 * @param slowdownNanos how long they waited, together
 * @param stopCount commits that waited until there was room again
 * @param stopNanos how long they waited, together
 * @param flushCount memtables that became tables
 * @param flushedMemtableBytes what these memtables took
 * @param flushWrittenBytes the tables that they became
 * @param compactionCount compactions that wrote tables
 * @param compactionReadBytes the tables that they replaced
 * @param compactionWrittenBytes the tables that they wrote
 * @param movedTableCount tables that went to another level as they were
 * @param droppedTableCount tables that went unread, since their ranges were deleted
 * @param rateLimitNanos how long compactions waited because of their rate limit, together
 * @param logGrowthCount how often commits waited while the log was filled with more zeros
 * @param garbageBytes about how many bytes of keys and values in tables no view can see any more,
 *     as far as tables forecast it
 * @param caches how often what was read was in memory
 * @param levels the tables, by level: those levels that have any
 */
public record LsmStatistics(
    long slowdownCount,
    long slowdownNanos,
    long stopCount,
    long stopNanos,
    long flushCount,
    long flushedMemtableBytes,
    long flushWrittenBytes,
    long compactionCount,
    long compactionReadBytes,
    long compactionWrittenBytes,
    long movedTableCount,
    long droppedTableCount,
    long rateLimitNanos,
    long logGrowthCount,
    long garbageBytes,
    Caches caches,
    List<Level> levels) {
  /**
   * What views have asked of tables; blocks that compactions read do not count.
   *
   * @param blockHitCount blocks that were in memory
   * @param blockMissCount blocks that were not
   * @param directoryLoadCount how often a filter and an index were read, by compactions too
   * @param entryHitCount keys in tiered ranges that were kept by themselves
   * @param entryMissCount keys in tiered ranges that were looked up in tables
   */
  public record Caches(
      long blockHitCount,
      long blockMissCount,
      long directoryLoadCount,
      long entryHitCount,
      long entryMissCount) {
    static Caches of(BlockCache blocks, EntryCache entries) {
      return new Caches(
          blocks.hitCount(),
          blocks.missCount(),
          blocks.directoryLoadCount(),
          entries.hitCount(),
          entries.missCount());
    }
  }

  /**
   * A level.
   *
   * @param entryCount all versions of all keys in it, deletes included
   */
  public record Level(int level, int tableCount, long sizeInBytes, long entryCount) {}

  /** The entries of all tables: all versions of all keys, deletes included. */
  public long entryCount() {
    return levels.stream().mapToLong(Level::entryCount).sum();
  }

  /** The bytes of all tables. */
  public long tableBytes() {
    return levels.stream().mapToLong(Level::sizeInBytes).sum();
  }
}
