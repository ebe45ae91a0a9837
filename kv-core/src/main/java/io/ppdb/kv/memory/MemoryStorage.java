package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreProperties;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.CommitTarget;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.Storage;
import java.nio.file.Path;

/** Shards, and the thread that keeps them in shape. */
final class MemoryStorage implements Storage {
  private static final StoreProperties PROPERTIES =
      new StoreProperties(MemoryEngine.NAME, false, true, true, true, true);

  /** A transaction has all its writes on the heap twice at most. */
  private static final long MAX_TRANSACTION_BYTES = 1L << 30;

  private final EngineContext context;
  private final Shards shards;
  private final Admission admission;
  private final ShardMaintenance maintenance;

  MemoryStorage(EngineContext context, MemoryOptions options) {
    this.context = context;
    this.shards = new Shards(context, options);
    this.admission = new Admission(context, shards, options);
    this.maintenance = new ShardMaintenance(context, shards, options, admission);
  }

  Shards shards() {
    return shards;
  }

  @Override
  public StoreProperties properties() {
    return PROPERTIES;
  }

  @Override
  public void find(byte[] key, long version, PointLookup lookup) {
    shards.current().find(key, version, lookup);
  }

  /**
   * Finds the map first, then the version: what was collected when the map was made was collected
   * by a horizon that is not above the version. If the map is still current after that, no commit
   * up to the version went to another one.
   */
  @Override
  public long findPublished(byte[] key, PointLookup lookup) {
    while (true) {
      ShardMap map = shards.current();
      long version = context.publishedVersion();
      if (map == shards.current()) {
        map.find(key, version, lookup);
        return version;
      }
    }
  }

  @Override
  public EntryCursor cursor(KeyRange range) {
    return shards.current().cursor(range);
  }

  @Override
  public long maxTransactionBytes() {
    return MAX_TRANSACTION_BYTES;
  }

  @Override
  public void prepare(Commit commit) {
    admission.admit(commit);
  }

  @Override
  public CommitTarget enqueue(Commit commit) {
    admission.took(commit);
    return shards.current();
  }

  @Override
  public void awaitDurable(Commit commit) {}

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {
    context.policies().set(range, policy);
  }

  @Override
  public void dropRange(KeyRange range) {
    shards.drop(range);
  }

  @Override
  public void checkpoint(Path directory) {
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "the memory engine has no files, so it cannot write a checkpoint");
  }

  @Override
  public RangeStatistics statistics(KeyRange range) {
    return shards.current().statistics(range, context.horizons());
  }

  /** The shards stay readable for cursors that are still open; the heap takes them back. */
  @Override
  public void close() {
    maintenance.stop();
  }
}
