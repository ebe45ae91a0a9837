package io.ppdb.kv.memory;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps shards in shape: rewrites those with much garbage, splits large ranges, joins small ones.
 * Done by a thread of its own.
 *
 * <p>What counts is garbage that rewriting would drop now: not what views and history still needed
 * when the shard was last rewritten, until they do not any more. A shard is rewritten when that is
 * half of it; when a quarter of it has expired, because nobody may come to overwrite it; and when
 * memory is scarce ({@link MemoryOptions#maxBytes}) as soon as it is worth the copying.
 */
final class ShardMaintenance implements Runnable {
  private static final long MIN_GARBAGE_BYTES = 1 << 20;
  private static final long MIN_EXPIRED_BYTES = 32 << 10;
  private static final long MIN_SCARCE_BYTES = 4 << 10;
  private static final int SCARCE_PART = 32;

  private static final long PAUSE_NANOS = 100_000_000;
  private static final long SCARCE_PAUSE_NANOS = 10_000_000;

  private final EngineContext context;
  private final Shards shards;
  private final MemoryOptions options;
  private final MemoryBudget budget;
  private final Admission admission;

  /** Null if there is no limit. */
  private final @Nullable Evictor evictor;

  private final Thread thread;
  private volatile boolean stopping;

  ShardMaintenance(
      EngineContext context,
      Shards shards,
      MemoryOptions options,
      MemoryBudget budget,
      Admission admission,
      @Nullable Evictor evictor) {
    this.evictor = evictor;
    this.context = context;
    this.shards = shards;
    this.options = options;
    this.budget = budget;
    this.admission = admission;
    this.thread = new Thread(this, "ppdb-memory");
    thread.setDaemon(true);
  }

  /** Begins. */
  void start() {
    admission.callOnNeed(() -> LockSupport.unpark(thread));
    thread.start();
  }

  /** Lets those who wait for memory do the work, and no thread. */
  void workOnNeed() {
    admission.callOnNeed(this::work);
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        LockSupport.parkNanos(this, isFilling() ? SCARCE_PAUSE_NANOS : PAUSE_NANOS);
        work();
      }
    } catch (RuntimeException | Error e) {
      // Nothing would give memory back any more, so nothing more is taken. Reads go on.
      context.makeReadOnly(
          new PpdbException(ErrorCode.INTERNAL, "the shards could not be kept in shape: " + e, e));
      admission.gaveBack();
    }
  }

  /** Does what there is to do now. */
  void work() {
    shards.current().countDeleted();
    if (evictor != null) {
      evictor.run();
    }
    keepInShape();
    admission.gaveBack();
  }

  /** Whether three quarters of what entries may take are used. */
  private boolean isFilling() {
    return leaves(4);
  }

  private boolean isScarce() {
    return leaves(8);
  }

  /** Whether entries leave less than one of so many parts of what they may take. */
  private boolean leaves(int parts) {
    if (!budget.isLimited()) {
      return false;
    }
    long entryBytes = budget.entryBytes();
    return shards.current().sizeInBytes() > entryBytes - entryBytes / parts;
  }

  private void keepInShape() {
    ShardMap map = shards.current();
    for (int i = map.shards().size() - 1; i >= 0 && !stopping; i--) {
      Horizons horizons = context.horizons();
      Shard shard = map.shards().get(i);
      Horizon horizon = map.horizon(i, horizons);
      long size = shard.sizeInBytes();
      if (map.routing() instanceof RangeRouting
          && size - shard.garbageBytes(horizon) > options.maxShardBytes()
          && shards.split(i)) {
        return;
      }
      if (isWorthRewriting(shard, size, horizon, map.shards().size())) {
        shards.rewrite(i);
        admission.gaveBack();
      }
    }
    if (map.routing() instanceof RangeRouting) {
      joinSmall(map.shards());
    }
  }

  private boolean isWorthRewriting(Shard shard, long size, Horizon horizon, int shardCount) {
    long garbage = shard.reclaimableBytes(horizon);
    // All shards together stay within what committers have to wait for.
    long least = Math.min(MIN_GARBAGE_BYTES, options.maxGarbageBytes() / (2L * shardCount));
    if (garbage > Math.max(least, size / 2)) {
      return true;
    }
    long expired = Math.min(garbage, shard.expiredBytes(horizon));
    if (expired > Math.max(MIN_EXPIRED_BYTES, size / 4)) {
      return true;
    }
    return garbage > Math.max(MIN_SCARCE_BYTES, size / SCARCE_PART) && isScarce();
  }

  private void joinSmall(List<Shard> all) {
    for (int i = all.size() - 2; i >= 0; i--) {
      if (all.get(i).sizeInBytes() + all.get(i + 1).sizeInBytes() < options.maxShardBytes() / 4) {
        shards.join(i);
        return;
      }
    }
  }

  /** Lets the thread end, and waits for it. */
  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
