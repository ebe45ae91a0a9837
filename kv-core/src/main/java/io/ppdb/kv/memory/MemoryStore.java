package io.ppdb.kv.memory;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.LocalStore;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A transactional store in memory; empty when opened, gone when closed. Thread-safe. */
public final class MemoryStore extends LocalStore {
  private final MemoryStorage storage;

  public MemoryStore(StoreOptions options) {
    this(options, MemoryOptions.DEFAULT);
  }

  public MemoryStore(StoreOptions options, MemoryOptions memoryOptions) {
    this(new EngineContext(options, 0, 0), memoryOptions, new SplittableRandom());
    storage.maintenance().start();
  }

  private MemoryStore(EngineContext context, MemoryOptions memoryOptions, RandomGenerator random) {
    this(context, new MemoryStorage(context, memoryOptions, random));
  }

  private MemoryStore(EngineContext context, MemoryStorage storage) {
    super(context, storage);
    this.storage = storage;
    storage.sweepBy(this::sweep);
  }

  /**
   * A store that does the same whenever the same is done to it by one thread, but for the heights
   * of nodes: there is no thread for its maintenance, which is done by {@link #maintain} and by
   * commits that would have to wait for it.
   */
  static MemoryStore repeatable(StoreOptions options, MemoryOptions memoryOptions, long seed) {
    EngineContext context = new EngineContext(options, 0, 0);
    MemoryStore store = new MemoryStore(context, memoryOptions, new SplittableRandom(seed));
    store.storage.maintenance().workOnNeed();
    return store;
  }

  void maintain() {
    storage.maintenance().work();
  }

  Shards shards() {
    return storage.shards();
  }

  /** Deletes the chosen keys as eviction does. */
  boolean evict(Supplier<? extends Collection<byte[]>> choice) {
    return sweep(choice);
  }

  Horizons horizons() {
    return context().horizons();
  }

  /** Changes the number of shards of a HASH store, while it is used. */
  public void resize(int shardCount) {
    checkOpen();
    MemoryOptions.checkShardCount(shardCount);
    storage.shards().resize(shardCount);
  }

  /** What the store takes on the heap for entries, garbage included. */
  public long sizeInBytes() {
    checkOpen();
    return storage.shards().current().sizeInBytes();
  }
}
