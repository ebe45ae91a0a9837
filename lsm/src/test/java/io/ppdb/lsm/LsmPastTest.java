package io.ppdb.lsm;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.PastContract;

class LsmPastTest extends PastContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options).withVfs(MemDirectory.fresh()).withWalGrowthBytes(64 << 10);
    return LsmStore.open(MemDirectory.PATH, lsm);
  }
}
