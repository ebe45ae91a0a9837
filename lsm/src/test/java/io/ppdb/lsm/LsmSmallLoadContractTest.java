package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.BulkLoadContract;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;

/** Bulk loads in many small tables with blobs, beside memtables that are full at once. */
class LsmSmallLoadContractTest extends BulkLoadContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options.withMemtableBytes(2_000))
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(4 << 10)
            .withBlockBytes(256)
            .withBlobs(new BlobOptions(6, 64 << 10))
            .withCompaction(new CompactionOptions(2, 40_000, 4, 4_000))
            .withMaxLoadBytesInMemory(40);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
