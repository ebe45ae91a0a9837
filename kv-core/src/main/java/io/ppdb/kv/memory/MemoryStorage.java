package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.Storage;
import java.nio.file.Path;

/** One memtable that is never flushed, and a collector of what no view needs. */
final class MemoryStorage implements Storage {
  private static final StoreProperties PROPERTIES =
      new StoreProperties(MemoryEngine.NAME, false, false, false, false, true);

  /** A transaction has all its writes on the heap twice at most. */
  private static final long MAX_TRANSACTION_BYTES = 1L << 30;

  private final EngineContext context;
  private final Memtable memtable = new Memtable();
  private final VersionCollector collector;

  MemoryStorage(EngineContext context) {
    this.context = context;
    this.collector = new VersionCollector(context, memtable);
  }

  @Override
  public StoreProperties properties() {
    return PROPERTIES;
  }

  @Override
  public void find(byte[] key, long version, PointLookup lookup) {
    memtable.find(key, version, lookup);
  }

  @Override
  public EntryCursor cursor(KeyRange range) {
    return memtable.cursor();
  }

  @Override
  public long maxTransactionBytes() {
    return MAX_TRANSACTION_BYTES;
  }

  @Override
  public Memtable enqueue(Commit commit) {
    return memtable;
  }

  @Override
  public void awaitDurable(Commit commit) {}

  @Override
  public void published(Commit commit) {
    collector.published(commit);
  }

  @Override
  public void viewClosed() {
    collector.viewClosed();
  }

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {
    context.policies().set(range, policy);
  }

  @Override
  public void dropRange(KeyRange range) {
    memtable.removeRange(range);
  }

  @Override
  public void checkpoint(Path directory) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "the memory engine has no files, so it cannot write a checkpoint");
  }

  @Override
  public RangeStatistics statistics(KeyRange range) {
    return memtable.statistics(range);
  }

  /** The memtable stays readable for cursors that are still open; the heap takes it back. */
  @Override
  public void close() {}
}
