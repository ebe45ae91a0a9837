package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;

/**
 * Histories whose values lie in blob files, which are so small that they come and go all the time,
 * and are rewritten when half of one is garbage.
 */
class LsmBlobHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(16 << 10)
            .withBlockBytes(256)
            .withCompaction(new CompactionOptions(2, 8 << 10, 2, 2 << 10).withMaxSubcompactions(2))
            .withStalls(64, 128)
            .withBlobs(new BlobOptions(1, 1 << 10));
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
