package io.ppdb.kv.memory;

import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.LocalStore;

/** A transactional store in memory; empty when opened, gone when closed. Thread-safe. */
public final class MemoryStore extends LocalStore {
  public MemoryStore(StoreOptions options) {
    this(new EngineContext(options, 0, 0));
  }

  private MemoryStore(EngineContext context) {
    super(context, new MemoryStorage(context));
  }
}
