package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.contract.HistoryContract;

class MemoryHistoryTest extends HistoryContract {
  @Override
  protected KeyValueStore open(StoreOptions options) {
    return new MemoryStore(options);
  }
}
