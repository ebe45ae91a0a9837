package io.ppdb.kv;

import java.nio.file.Path;

/** A kind of store that can be opened by name; found by {@link java.util.ServiceLoader}. */
public interface KeyValueEngine {
  /** {@code memory}, {@code lsm}, … */
  String name();

  /**
   * Opens the store in {@code directory}, creating it if the directory is empty. The memory engine
   * ignores the directory.
   */
  KeyValueStore open(Path directory, StoreOptions options);
}
