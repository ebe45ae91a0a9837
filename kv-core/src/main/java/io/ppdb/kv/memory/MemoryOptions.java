package io.ppdb.kv.memory;

/**
 * How the memory engine spreads its keys over shards.
 *
 * @param strategy how keys are assigned to shards
 * @param shardCount shards of a HASH store; a RANGE store begins with one
 * @param maxShardBytes a RANGE shard is split when it is larger
 */
public record MemoryOptions(Strategy strategy, int shardCount, long maxShardBytes) {
  /** How keys are assigned to shards. */
  public enum Strategy {
    /**
     * Consecutive key ranges, split and joined as they grow and shrink: scans read one at a time.
     */
    RANGE,
    /** By hash, on a ring of virtual nodes: for stores that are read by single keys. */
    HASH
  }

  /** Ranges of up to 32 MiB. */
  public static final MemoryOptions DEFAULT = new MemoryOptions(Strategy.RANGE, 1, 32 << 20);

  public MemoryOptions {
    if (shardCount < 1 || shardCount > HashRing.MAX_SHARD_COUNT) {
      throw new IllegalArgumentException(
          "shardCount is " + shardCount + ", not 1 to " + HashRing.MAX_SHARD_COUNT);
    }
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException("maxShardBytes is " + maxShardBytes + ", not positive");
    }
  }

  /** Hash sharding over {@code shardCount} shards. */
  public static MemoryOptions hash(int shardCount) {
    return new MemoryOptions(Strategy.HASH, shardCount, DEFAULT.maxShardBytes);
  }

  public MemoryOptions withMaxShardBytes(long bytes) {
    return new MemoryOptions(strategy, shardCount, bytes);
  }
}
