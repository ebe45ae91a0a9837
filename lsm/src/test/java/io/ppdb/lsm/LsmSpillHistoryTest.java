package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Histories whose transactions spill: by turns all values, and those past the first few bytes, so
 * that a transaction has some in memory and some not, and only the larger ones are loads. Bulk
 * loads go to tables.
 */
class LsmSpillHistoryTest extends HistoryContract {
  private static final int[] BYTES_IN_MEMORY = {0, 12};

  private final AtomicInteger opened = new AtomicInteger();

  @Override
  protected int historyCount() {
    return 40;
  }

  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(16 << 10)
            .withBlockBytes(256)
            .withCompaction(new CompactionOptions(2, 8 << 10, 2, 2 << 10))
            .withStalls(64, 128)
            .withMaxLoadBytesInMemory(0)
            .withMaxTransactionBytesInMemory(
                BYTES_IN_MEMORY[opened.getAndIncrement() % BYTES_IN_MEMORY.length]);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
