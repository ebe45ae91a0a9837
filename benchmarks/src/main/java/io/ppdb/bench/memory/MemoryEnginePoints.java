package io.ppdb.bench.memory;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.memory.MemoryStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * PPDB's memory engine as it is opened by default, without history. A get gives the newest
 * published value, in an array of the caller's own.
 */
final class MemoryEnginePoints implements PointStore {
  private final KeyValueStore store = openWithoutHistory();

  static KeyValueStore openWithoutHistory() {
    KeyValueStore store = new MemoryStore(StoreOptions.DEFAULT);
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.write(new WriteBatch().put(key, value), Durability.ASYNC);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return store.get(key);
  }
}
