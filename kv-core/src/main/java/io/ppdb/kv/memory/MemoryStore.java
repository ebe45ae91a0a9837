package io.ppdb.kv.memory;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.LocalStore;
import java.util.Collection;
import java.util.function.Supplier;

/** A transactional store in memory; empty when opened, gone when closed. Thread-safe. */
public final class MemoryStore extends LocalStore {
  private final MemoryStorage storage;

  public MemoryStore(StoreOptions options) {
    this(options, MemoryOptions.DEFAULT);
  }

  public MemoryStore(StoreOptions options, MemoryOptions memoryOptions) {
    this(new EngineContext(options, 0, 0), memoryOptions);
  }

  private MemoryStore(EngineContext context, MemoryOptions memoryOptions) {
    this(context, new MemoryStorage(context, memoryOptions));
  }

  private MemoryStore(EngineContext context, MemoryStorage storage) {
    super(context, storage);
    this.storage = storage;
    storage.start(this::sweep);
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
    storage.shards().resize(shardCount);
  }

  /** What the store takes on the heap for entries, garbage included. */
  public long sizeInBytes() {
    checkOpen();
    return storage.shards().current().sizeInBytes();
  }
}
