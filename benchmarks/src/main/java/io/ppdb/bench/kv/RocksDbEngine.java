package io.ppdb.bench.kv;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Transaction;
import org.rocksdb.WriteOptions;

/** RocksDB through rocksdbjni: LZ4, 10-bit bloom filter, 4 KiB blocks, two background jobs. */
@NullUnmarked
final class RocksDbEngine implements KvEngine {
  private RocksDB database;
  private OptimisticTransactionDB transactions;
  private WriteOptions asynchronous;
  private WriteOptions synced;
  private ReadOptions reading;

  @Override
  public void open(Path folder, KvSizes sizes) throws RocksDBException {
    open(folder, sizes, false);
  }

  @Override
  public void openForTransactions(Path folder, KvSizes sizes) throws RocksDBException {
    open(folder, sizes, true);
  }

  private void open(Path folder, KvSizes sizes, boolean forTransactions) throws RocksDBException {
    RocksDB.loadLibrary();
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(new LRUCache(sizes.cacheBytes()))
            .setFilterPolicy(new BloomFilter(10, false))
            .setBlockSize(4 << 10);
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(sizes.memtableBytes())
            .setMaxWriteBufferNumber(3)
            .setMaxBackgroundJobs(2)
            .setTableFormatConfig(table)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setBytesPerSync(1 << 20)
            .setMaxOpenFiles(-1);
    transactions = null;
    if (forTransactions) {
      transactions = OptimisticTransactionDB.open(options, folder.toString());
      database = transactions;
    } else {
      database = RocksDB.open(options, folder.toString());
    }
    asynchronous = new WriteOptions().setSync(false);
    synced = new WriteOptions().setSync(true);
    reading = new ReadOptions();
  }

  @Override
  public void put(byte[] key, byte[] value, boolean sync) throws RocksDBException {
    database.put(sync ? synced : asynchronous, key, value);
  }

  @Override
  public byte @Nullable [] get(byte[] key) throws RocksDBException {
    return database.get(reading, key);
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) throws RocksDBException {
    return new ArrayList<>(database.multiGetAsList(reading, keys));
  }

  @Override
  public void scan(byte[] start, long entryCount, Visitor visitor) {
    try (RocksIterator iterator = database.newIterator(reading)) {
      iterator.seek(start);
      for (long i = 0; i < entryCount && iterator.isValid(); i++) {
        visitor.visit(iterator.key(), iterator.value());
        iterator.next();
      }
    }
  }

  @Override
  public void scanBackwards(byte[] start, long entryCount, Visitor visitor) {
    try (RocksIterator iterator = database.newIterator(reading)) {
      iterator.seekForPrev(start);
      for (long i = 0; i < entryCount && iterator.isValid(); i++) {
        visitor.visit(iterator.key(), iterator.value());
        iterator.prev();
      }
    }
  }

  @Override
  public void putInTransaction(byte[] key, byte[] value) throws RocksDBException {
    try (Transaction transaction = transactions.beginTransaction(asynchronous)) {
      transaction.put(key, value);
      transaction.commit();
    }
  }

  @Override
  public void settle() throws RocksDBException {
    try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      database.flush(waiting);
    }
    database.compactRange();
  }

  @Override
  public void close() {
    database.close();
  }
}
