package io.ppdb.lsm;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.KeyValueStoreContract;

/** The contract where nearly every key is read by way of the entry cache, which is small. */
class LsmPlacementContractTest extends KeyValueStoreContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    LsmOptions lsm =
        LsmOptions.of(options.withMemtableBytes(4 << 10))
            .withVfs(MemDirectory.fresh())
            .withWalGrowthBytes(64 << 10)
            .withEntryCacheBytes(64 << 10);
    LsmStore store = LsmStore.open(MemDirectory.PATH, lsm);
    // All but the keys whose policies a case expects to be the default.
    RangePolicy tiered = RangePolicy.DEFAULT.withPlacement(RangePolicy.Placement.TIERED);
    store.setPolicy(KeyRange.of(new byte[0], new byte[] {'p'}), tiered);
    store.setPolicy(KeyRange.of(new byte[] {'q'}, new byte[] {'z'}), tiered);
    return store;
  }
}
