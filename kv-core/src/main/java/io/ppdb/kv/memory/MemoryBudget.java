package io.ppdb.kv.memory;

/**
 * How {@link MemoryOptions#maxBytes} is spent: on entries, garbage included, and on what the store
 * needs beside them. That is the copy that rewriting makes of one shard, and what eviction knows of
 * the use of keys.
 *
 * <p>Shards of a HASH store are as large as each other, about; those of a RANGE store are split
 * when they are larger than {@link MemoryOptions#maxShardBytes}. Thread-safe.
 */
final class MemoryBudget {
  private final MemoryOptions options;
  private final Shards shards;

  /** Set once, when the first policy evicts. */
  private volatile long sketchBytes;

  MemoryBudget(MemoryOptions options, Shards shards) {
    this.options = options;
    this.shards = shards;
  }

  boolean isLimited() {
    return options.maxBytes() > 0;
  }

  /** The limit. */
  long maxBytes() {
    return options.maxBytes();
  }

  /** Says what eviction takes. */
  void spendOnSketch(long bytes) {
    sketchBytes = bytes;
  }

  /** What of the limit is for entries. */
  long entryBytes() {
    long rest = Math.max(0, options.maxBytes() - sketchBytes);
    long copy =
        shards.current().routing() instanceof HashRing ring
            ? rest / (ring.shardCount() + 1)
            : Math.min(options.maxShardBytes(), rest / 2);
    return rest - copy;
  }

  /** Beyond which only what makes room is taken: deletes. */
  long deleteBytes() {
    return options.maxBytes() / 16;
  }
}
