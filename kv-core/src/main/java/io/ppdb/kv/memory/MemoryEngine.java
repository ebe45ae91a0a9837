package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;

/** Makes the memory engine available under its name. */
public final class MemoryEngine implements KeyValueEngine {
  public static final String NAME = "memory";

  @Override
  public String name() {
    return NAME;
  }

  /** Opens a new, empty store; the location is ignored. */
  @Override
  public KeyValueStore open(String location, StoreOptions options) {
    return new MemoryStore(options);
  }
}
