package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;

/**
 * How the memory engine spreads its keys over shards, and how much memory it may take.
 *
 * @param strategy how keys are assigned to shards
 * @param shardCount shards of a HASH store; a RANGE store begins with one
 * @param maxShardBytes a RANGE shard is split when it is larger
 * @param maxBytes commits that would make the store larger fail with MEMORY_LIMIT, unless what
 *     policies let it evict makes room; 0 for no limit. Includes the copy of one shard that
 *     rewriting makes, so entries get 15/16 of it, or n/(n + 1) of a HASH store with n shards, and
 *     up to 1/16 for eviction to know which keys are used
 * @param maxGarbageBytes commits wait a little while more than this, beside what the store holds
 *     anyway, is garbage that is not rewritten yet
 */
public record MemoryOptions(
    Strategy strategy, int shardCount, long maxShardBytes, long maxBytes, long maxGarbageBytes) {
  /** How keys are assigned to shards. */
  public enum Strategy {
    /**
     * Consecutive key ranges, split and joined as they grow and shrink: scans read one at a time.
     */
    RANGE,
    /** By hash, on a ring of virtual nodes: for stores that are read by single keys. */
    HASH
  }

  /** Ranges of up to 32 MiB, no limit. */
  public static final MemoryOptions DEFAULT =
      new MemoryOptions(Strategy.RANGE, 1, 32 << 20, 0, 64 << 20);

  /** With a limit, a shard is at most so small a part of it: rewriting needs one more. */
  private static final int MIN_SHARDS_IN_LIMIT = 16;

  private static final long MIN_SHARD_BYTES = 64 << 10;

  public MemoryOptions {
    Limits.checkNotNull(strategy, "strategy");
    checkShardCount(shardCount);
    checkPositive("maxShardBytes", maxShardBytes);
    checkPositive("maxGarbageBytes", maxGarbageBytes);
    if (maxBytes < 0) {
      throw refused("maxBytes is " + maxBytes + ", which is negative");
    }
    if (maxBytes > 0) {
      maxShardBytes =
          Math.min(maxShardBytes, Math.max(MIN_SHARD_BYTES, maxBytes / MIN_SHARDS_IN_LIMIT));
    }
  }

  static void checkShardCount(int shardCount) {
    if (shardCount < 1 || shardCount > HashRing.MAX_SHARD_COUNT) {
      throw refused("shardCount is " + shardCount + ", not 1 to " + HashRing.MAX_SHARD_COUNT);
    }
  }

  private static void checkPositive(String name, long value) {
    if (value < 1) {
      throw refused(name + " is " + value + ", not positive");
    }
  }

  private static PpdbException refused(String what) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, what);
  }

  /** Hash sharding over {@code shardCount} shards. */
  public static MemoryOptions hash(int shardCount) {
    return new MemoryOptions(
        Strategy.HASH,
        shardCount,
        DEFAULT.maxShardBytes,
        DEFAULT.maxBytes,
        DEFAULT.maxGarbageBytes);
  }

  public MemoryOptions withMaxShardBytes(long bytes) {
    return new MemoryOptions(strategy, shardCount, bytes, maxBytes, maxGarbageBytes);
  }

  public MemoryOptions withMaxBytes(long bytes) {
    return new MemoryOptions(strategy, shardCount, maxShardBytes, bytes, maxGarbageBytes);
  }

  public MemoryOptions withMaxGarbageBytes(long bytes) {
    return new MemoryOptions(strategy, shardCount, maxShardBytes, maxBytes, bytes);
  }
}
