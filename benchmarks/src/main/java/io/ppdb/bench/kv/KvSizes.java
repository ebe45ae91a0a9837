package io.ppdb.bench.kv;

import java.time.Duration;

/**
 * How much a run does; the same on all sides.
 *
 * @param recordCount entries in the store
 * @param valueBytes length of a value
 * @param memtableBytes size at which a memtable is flushed
 * @param cacheBytes budget for cached blocks
 * @param syncedOperationsPerThread synced writes of each thread in a round
 * @param minRoundMillis a round of reads repeats its pass until this much time has gone
 * @param history how long PPDB keeps what was overwritten; the peers keep nothing
 */
record KvSizes(
    int recordCount,
    int valueBytes,
    long memtableBytes,
    long cacheBytes,
    int syncedOperationsPerThread,
    int minRoundMillis,
    Duration history) {
  private static final KvSizes QUICK =
      new KvSizes(100_000, 100, 8 << 20, 256 << 20, 600, 250, Duration.ZERO);
  private static final KvSizes FULL =
      new KvSizes(1_000_000, 100, 64 << 20, 512 << 20, 3_000, 2_000, Duration.ZERO);
  private static final int KEY_BYTES = 16;

  /** What PPDB keeps by default, as a number: the peers' JVMs do not have its classes. */
  private static final Duration DEFAULT_HISTORY = Duration.ofMinutes(10);

  /** The sizes of {@code suite}. */
  static KvSizes of(String suite, boolean quick) {
    KvSizes sizes = quick ? QUICK : FULL;
    return switch (suite) {
      case "kv" -> sizes;
      case "kv-1k" -> sizes.with(sizes.recordCount, 1_000, Duration.ZERO);
      case "kv-5m" -> sizes.with(5 * sizes.recordCount, sizes.valueBytes, Duration.ZERO);
      case "kv-history" -> sizes.with(sizes.recordCount, sizes.valueBytes, DEFAULT_HISTORY);
      default -> throw new IllegalArgumentException("no sizes of suite '" + suite + "'");
    };
  }

  private KvSizes with(int newRecordCount, int newValueBytes, Duration newHistory) {
    return new KvSizes(
        newRecordCount,
        newValueBytes,
        memtableBytes,
        Math.max(cacheBytes, 3L * newRecordCount * (KEY_BYTES + newValueBytes) / 2),
        syncedOperationsPerThread,
        minRoundMillis,
        newHistory);
  }

  /** The same with a cache for a quarter of the data. */
  KvSizes cold() {
    return new KvSizes(
        recordCount,
        valueBytes,
        memtableBytes,
        (long) recordCount * (KEY_BYTES + valueBytes) / 4,
        syncedOperationsPerThread,
        minRoundMillis,
        history);
  }

  /** Reads of single keys in one pass. */
  int readsPerPass() {
    return recordCount / 4;
  }
}
