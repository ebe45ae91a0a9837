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
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PointLookup;
import io.ppdb.kv.engine.Storage;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Shards, and the thread that keeps them in shape. */
final class MemoryStorage implements Storage {
  private static final StoreProperties PROPERTIES =
      new StoreProperties(MemoryEngine.NAME, false, true, true, true, true);

  /** A transaction has all its writes on the heap twice at most. */
  private static final long MAX_TRANSACTION_BYTES = 1L << 30;

  private final EngineContext context;
  private final Shards shards;
  private final Admission admission;

  /** Null if there is no limit. */
  private final @Nullable Evictor evictor;

  private final ShardMaintenance maintenance;

  MemoryStorage(EngineContext context, MemoryOptions options, RandomGenerator random) {
    this.context = context;
    this.shards = new Shards(context, options);
    MemoryBudget budget = new MemoryBudget(options, shards);
    this.evictor = budget.isLimited() ? new Evictor(context, shards, random, budget) : null;
    this.admission = new Admission(context, shards, options, budget, evictor);
    this.maintenance = new ShardMaintenance(context, shards, options, budget, admission, evictor);
  }

  /** Lets eviction commit by {@code sweeper}; before maintenance begins. */
  void sweepBy(Evictor.Sweeper sweeper) {
    if (evictor != null) {
      evictor.sweepBy(sweeper);
    }
  }

  ShardMaintenance maintenance() {
    return maintenance;
  }

  private void used(byte[] key) {
    if (evictor != null) {
      evictor.used(key);
    }
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
    used(key);
    shards.current().find(key, version, lookup);
  }

  /**
   * Finds the map first, then the version: what was collected when the map was made was collected
   * by a horizon that is not above the version. If the map is still current after that, no commit
   * up to the version went to another one.
   */
  @Override
  public long findPublished(byte[] key, PointLookup lookup) {
    used(key);
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
    for (Entry entry : commit.entries()) {
      if (entry.kind() != EntryKind.DELETE) {
        used(entry.key());
      }
    }
  }

  @Override
  public CommitTarget enqueue(Commit commit) {
    admission.took(commit);
    if (evictor != null) {
      evictor.wrote(commit.sizeInBytes());
    }
    return shards.current();
  }

  @Override
  public void awaitDurable(Commit commit) {}

  @Override
  public void setPolicy(KeyRange range, RangePolicy policy) {
    if (policy.eviction() != RangePolicy.Eviction.NONE && !policy.history().isZero()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "a range with eviction "
              + policy.eviction()
              + " cannot keep history, but the policy says "
              + policy.history());
    }
    if (evictor != null && policy.eviction() != RangePolicy.Eviction.NONE) {
      evictor.begin();
    }
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
    admission.close();
    maintenance.stop();
  }
}
