package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.BulkLoadContract;

/** Bulk loads that are written to tables from the first entry on. */
class LsmLoadContractTest extends BulkLoadContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(64 << 10)
            .withMaxLoadBytesInMemory(0);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
