package io.ppdb.lsm;

import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.nio.file.Path;

/** Makes the durable engine available under its name. */
public final class LsmEngine implements KeyValueEngine {
  public static final String NAME = "lsm";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyValueStore open(String location, StoreOptions options) {
    return LsmStore.open(Path.of(location), LsmOptions.of(options));
  }
}
