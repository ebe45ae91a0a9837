package io.ppdb.bench.kv;

/**
 * How much a run does; the same on all sides.
 *
 * @param recordCount entries in the store
 * @param valueBytes length of a value
 * @param memtableBytes size at which a memtable is flushed
 * @param cacheBytes budget for cached blocks
 * @param syncedOperationsPerThread synced writes of each thread in a round
 * @param minRoundMillis a round of reads repeats its pass until this much time has gone
 */
record KvSizes(
    int recordCount,
    int valueBytes,
    long memtableBytes,
    long cacheBytes,
    int syncedOperationsPerThread,
    int minRoundMillis) {
  private static final KvSizes QUICK = new KvSizes(100_000, 100, 8 << 20, 256 << 20, 600, 250);
  private static final KvSizes FULL =
      new KvSizes(1_000_000, 100, 64 << 20, 512 << 20, 3_000, 2_000);

  static KvSizes named(String name) {
    return switch (name) {
      case "quick" -> QUICK;
      case "full" -> FULL;
      default -> throw new IllegalArgumentException("no sizes '" + name + "'");
    };
  }

  /** Reads of single keys in one pass. */
  int readsPerPass() {
    return recordCount / 4;
  }
}
