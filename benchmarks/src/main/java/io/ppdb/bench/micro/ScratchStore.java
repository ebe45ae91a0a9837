package io.ppdb.bench.micro;

import io.ppdb.bench.WorkFolder;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A durable store in a folder of its own below the working directory, deleted with it. */
final class ScratchStore implements AutoCloseable {
  private final KeyValueEngine engine;
  private final StoreOptions options;
  private final Path folder;
  private KeyValueStore store;

  ScratchStore(StoreOptions options) throws IOException {
    this.options = options;
    this.engine = KeyValueEngine.named("lsm", ScratchStore.class.getClassLoader());
    this.folder = Files.createTempDirectory(Path.of("."), "scratch");
    this.store = engine.open(folder.toString(), options);
  }

  KeyValueStore store() {
    return store;
  }

  /** Closes the store and opens it again: what was written is in tables then. */
  void reopen() {
    store.close();
    store = engine.open(folder.toString(), options);
  }

  @Override
  public void close() throws IOException {
    store.close();
    WorkFolder.delete(folder);
  }
}
