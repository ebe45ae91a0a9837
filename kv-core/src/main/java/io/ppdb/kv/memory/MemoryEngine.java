package io.ppdb.kv.memory;

import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.nio.file.Path;

/** Makes the memory engine available under its name. */
public final class MemoryEngine implements KeyValueEngine {
  public static final String NAME = "memory";

  @Override
  public String name() {
    return NAME;
  }

  /** Opens a new, empty store; the directory is ignored. */
  @Override
  public KeyValueStore open(Path directory, StoreOptions options) {
    return new MemoryStore(options);
  }
}
