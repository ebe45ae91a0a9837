package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.PastOfLoadsContract;

/** The past, and the change log, of transactions that are committed as loads. */
class LsmSpillPastTest extends PastOfLoadsContract {
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
