package io.ppdb.kv.memory;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that keeps shards in shape: rewrites those with much garbage, splits large ranges,
 * joins small ones.
 *
 * <p>A shard is rewritten when half of it, and at least {@link #MIN_GARBAGE_BYTES}, is garbage that
 * was not there after its last rewriting. What history or open views held back then is tried again
 * every now and then, for a twentieth of the time at most: nobody says when a horizon passes it.
 */
final class ShardMaintenance implements Runnable {
  static final long MIN_GARBAGE_BYTES = 1 << 20;

  private static final long PAUSE_NANOS = 100_000_000;

  /** How long the thread does not try again, as a multiple of the time it took to try. */
  private static final int RETRY_PAUSE_FACTOR = 20;

  private final Shards shards;
  private final MemoryOptions options;
  private final Thread thread;
  private volatile boolean stopping;

  /** When garbage that was held back may be tried again; used by the thread only. */
  private long retryNanos = System.nanoTime();

  ShardMaintenance(Shards shards, MemoryOptions options) {
    this.shards = shards;
    this.options = options;
    this.thread = new Thread(this, "ppdb-memory");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    while (!stopping) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
      keepInShape();
    }
  }

  private void keepInShape() {
    ShardMap map = shards.current();
    for (int i = map.shards().size() - 1; i >= 0 && !stopping; i--) {
      Shard shard = map.shards().get(i);
      long size = shard.sizeInBytes();
      long garbage = shard.garbageBytes();
      if (map.routing() instanceof RangeRouting
          && size - garbage > options.maxShardBytes()
          && shards.split(i)) {
        return;
      }
      long maxGarbageBytes = Math.max(MIN_GARBAGE_BYTES, size / 2);
      if (shard.active().garbageBytes() > maxGarbageBytes) {
        shards.rewrite(i);
      } else if (garbage > maxGarbageBytes && System.nanoTime() - retryNanos >= 0) {
        long startNanos = System.nanoTime();
        shards.rewrite(i);
        long endNanos = System.nanoTime();
        retryNanos = endNanos + RETRY_PAUSE_FACTOR * (endNanos - startNanos);
      }
    }
    if (map.routing() instanceof RangeRouting) {
      joinSmall(map.shards());
    }
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
