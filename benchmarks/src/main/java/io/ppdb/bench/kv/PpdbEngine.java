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
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * PPDB's durable engine through the key-value contract: blind batches of one entry, and a fresh
 * snapshot for every read, for the peers' reads see the newest state too. LZ4 in every level, as
 * RocksDB has it; no change log is kept beyond what recovery needs, for the peers keep none.
 */
@NullUnmarked
final class PpdbEngine implements KvEngine {
  private static final TransactionOptions IN_TRANSACTION =
      TransactionOptions.DEFAULT.withDurability(Durability.ASYNC);

  private Path folder;
  private StoreOptions options;
  private KeyValueStore store;

  @Override
  public void open(Path newFolder, KvSizes sizes) {
    folder = newFolder;
    options =
        StoreOptions.DEFAULT
            .withMemtableBytes(sizes.memtableBytes())
            .withBlockCacheBytes(sizes.cacheBytes())
            .withChangeLogBytes(0);
    open();
    store.setPolicy(
        KeyRange.all(),
        RangePolicy.DEFAULT.withHistory(sizes.history()).withCodec(RangePolicy.Codec.LZ4));
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

  @Override
  public void scanBackwards(byte[] start, long entryCount, Visitor visitor) {
    KeyRange range = KeyRange.of(new byte[0], Arrays.copyOf(start, start.length + 1));
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(range, ScanOptions.DESCENDING.withMaxEntries(entryCount))) {
      while (cursor.next()) {
        visitor.visit(cursor.key().toByteArray(), cursor.value().toByteArray());
      }
    }
  }

  @Override
  public void putInTransaction(byte[] key, byte[] value) {
    try (Transaction transaction = store.begin(IN_TRANSACTION)) {
      transaction.put(key, value);
      transaction.commit();
    }
  }

  @Override
  public void settle() {
    if (store instanceof LsmStore lsm) {
      lsm.compact();
    }
  }

  @Override
  public void close() {
    store.close();
  }

  private void open() {
    store =
        KeyValueEngine.named("lsm", PpdbEngine.class.getClassLoader())
            .open(folder.toString(), options);
  }
}
