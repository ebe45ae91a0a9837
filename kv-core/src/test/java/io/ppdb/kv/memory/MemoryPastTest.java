package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.PastContract;

class MemoryPastTest extends PastContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    return new MemoryStore(options);
  }
}
