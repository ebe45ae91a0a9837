package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import io.ppdb.lsm.compaction.CompactionOptions;

/** Histories over a tree so small that every one of them flushes and compacts many times. */
class LsmHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(16 << 10)
            .withBlockBytes(256)
            .withCompaction(new CompactionOptions(2, 8 << 10, 2, 2 << 10))
            .withStalls(64, 128);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
