package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.KeyValueStoreContract;
import io.ppdb.lsm.blob.BlobOptions;

/** The contract where every value that is not empty lies in a blob file. */
class LsmBlobContractTest extends KeyValueStoreContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(64 << 10)
            .withBlobs(new BlobOptions(1, 64 << 10));
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
