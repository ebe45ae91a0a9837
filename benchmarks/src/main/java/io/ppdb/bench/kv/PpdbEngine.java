package io.ppdb.bench.kv;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * PPDB's durable engine through the key-value contract only: blind batches of one entry, and a
 * fresh snapshot for every read, for the peers' reads see the newest state too.
 *
 * <p>No history is kept, as for any key-value namespace.
 */
@NullUnmarked
final class PpdbEngine implements KvEngine {
  private Path folder;
  private StoreOptions options;
  private KeyValueStore store;

  @Override
  public void open(Path newFolder, KvSizes sizes) {
    folder = newFolder;
    options =
        StoreOptions.DEFAULT
            .withMemtableBytes(sizes.memtableBytes())
            .withBlockCacheBytes(sizes.cacheBytes());
    open();
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
  }

  @Override
  public void put(byte[] key, byte[] value, boolean synced) {
    store.write(new WriteBatch().put(key, value), synced ? Durability.SYNC : Durability.ASYNC);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.get(key);
    }
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.getAll(keys);
    }
  }

  @Override
  public void scan(byte[] start, long entryCount, Visitor visitor) {
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor =
            snapshot.scan(
                KeyRange.of(start, null), ScanOptions.ASCENDING.withMaxEntries(entryCount))) {
      while (cursor.next()) {
        visitor.visit(cursor.key().toByteArray(), cursor.value().toByteArray());
      }
    }
  }

  /** Opens the store again: the contract has no call that flushes. */
  @Override
  public void settle() {
    store.close();
    open();
  }

  @Override
  public void close() {
    store.close();
  }

  private void open() {
    store =
        ServiceLoader.load(KeyValueEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(engine -> engine.name().equals("lsm"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no engine 'lsm' on the class path"))
            .open(folder, options);
  }
}
