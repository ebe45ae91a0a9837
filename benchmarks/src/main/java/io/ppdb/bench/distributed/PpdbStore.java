package io.ppdb.bench.distributed;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/** PPDB's engine for clusters through the key-value contract. */
@NullUnmarked
final class PpdbStore implements ClusterStore {
  private final KeyValueStore store;

  PpdbStore(String location) {
    KeyValueEngine engine = KeyValueEngine.named("hbase", PpdbStore.class.getClassLoader());
    store = engine.open(location, StoreOptions.DEFAULT);
  }

  @Override
  public void put(List<byte[]> keys, List<byte[]> values) {
    try (Transaction transaction = store.begin()) {
      for (int i = 0; i < keys.size(); i++) {
        transaction.put(keys.get(i), values.get(i));
      }
      transaction.commit();
    }
  }

  @Override
  public byte[] get(byte[] key) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.get(key);
    }
  }

  @Override
  public void scan(byte[] start, int entryCount, Visitor visitor) {
    ScanOptions options = ScanOptions.ASCENDING.withMaxEntries(entryCount);
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.of(start, null), options)) {
      while (cursor.next()) {
        visitor.visit(cursor.key().toByteArray(), cursor.value().toByteArray());
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
