package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.KeyValueStoreContract;

/** The contract where every transaction with a value spills it, and is committed as a load. */
class LsmSpillContractTest extends KeyValueStoreContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options)
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(64 << 10)
            .withMaxTransactionBytesInMemory(0);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
