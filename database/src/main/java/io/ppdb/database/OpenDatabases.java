package io.ppdb.database;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * The databases that are open in this JVM, so that two openers of one directory or name share one.
 *
 * <p>Guarded by the class's monitor, which is held while a store opens or closes: a directory is
 * never opened while its last handle is still closing it.
 */
final class OpenDatabases {
  private static final Map<Object, SharedDatabase> OPEN = new HashMap<>();
  private static final IdentityHashMap<SharedDatabase, Integer> HANDLE_COUNTS =
      new IdentityHashMap<>();

  private OpenDatabases() {}

  static synchronized SharedDatabase inDirectory(Path directory) {
    Path canonical = canonical(directory);
    return share(
        canonical,
        String.valueOf(canonical.getFileName()),
        () -> engine("lsm").open(canonical, StoreOptions.DEFAULT));
  }

  static synchronized SharedDatabase inMemory(String name) {
    // A string never equals a path, so names and directories do not meet.
    return share(name, name, () -> engine("memory").open(Path.of("."), StoreOptions.DEFAULT));
  }

  /** Gives up one handle; the last one closes the database. */
  static synchronized void release(SharedDatabase database) {
    int remaining = HANDLE_COUNTS.merge(database, -1, Integer::sum);
    if (remaining == 0) {
      HANDLE_COUNTS.remove(database);
      OPEN.values().remove(database);
      database.close();
    }
  }

  /** A database that nobody else can find, with one handle. */
  static synchronized SharedDatabase unnamed(SharedDatabase database) {
    HANDLE_COUNTS.put(database, 1);
    return database;
  }

  private static SharedDatabase share(Object key, String name, Supplier<KeyValueStore> opener) {
    SharedDatabase database = OPEN.get(key);
    if (database == null) {
      database = SharedDatabase.over(opener.get(), name);
      OPEN.put(key, database);
    }
    HANDLE_COUNTS.merge(database, 1, Integer::sum);
    return database;
  }

  private static Path canonical(Path directory) {
    if (!Files.exists(directory)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "directory "
              + directory.toAbsolutePath()
              + " does not exist; create it empty to make it a database");
    }
    if (!Files.isDirectory(directory)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, directory.toAbsolutePath() + " is not a directory");
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR, "cannot open directory " + directory + ": " + e.getMessage(), e);
    }
  }

  private static KeyValueEngine engine(String name) {
    ClassLoader loader = OpenDatabases.class.getClassLoader();
    for (KeyValueEngine engine : ServiceLoader.load(KeyValueEngine.class, loader)) {
      if (engine.name().equals(name)) {
        return engine;
      }
    }
    throw new PpdbException(
        ErrorCode.NOT_SUPPORTED, "no storage engine called " + name + " is on the class path");
  }
}
