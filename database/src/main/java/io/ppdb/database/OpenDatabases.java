package io.ppdb.database;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueEngine;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The databases that are open in this JVM, so that two openers of one directory or name share one.
 *
 * <p>Guarded by the class's monitor, which is held while a store opens or closes: a directory is
 * never opened while its last handle is still closing it.
 */
final class OpenDatabases {
  private static final String IN_DIRECTORIES = "lsm";
  private static final String IN_MEMORY = "memory";

  private static final Map<Object, SharedDatabase> OPEN = new HashMap<>();
  private static final IdentityHashMap<SharedDatabase, Integer> HANDLE_COUNTS =
      new IdentityHashMap<>();

  private OpenDatabases() {}

  static synchronized SharedDatabase inDirectory(Path directory) {
    Path canonical = canonical(directory);
    return share(
        canonical,
        String.valueOf(canonical.getFileName()),
        () -> engine(IN_DIRECTORIES).open(canonical.toString(), StoreOptions.DEFAULT));
  }

  static synchronized SharedDatabase inMemory(String name) {
    // A string never equals a path, so names and directories do not meet.
    return share(name, name, () -> engine(IN_MEMORY).open(name, StoreOptions.DEFAULT));
  }

  /** The database at {@code SCHEME://…}, or in a directory. */
  static SharedDatabase at(String location) {
    if (!Engines.hasScheme(location)) {
      return inDirectory(path(location));
    }
    int end = location.indexOf(Engines.SCHEME_END);
    String rest = location.substring(end + Engines.SCHEME_END.length());
    return switch (location.substring(0, end)) {
      case IN_DIRECTORIES -> inDirectory(path(rest));
      case IN_MEMORY -> inMemory(rest);
      default -> onCluster(location);
    };
  }

  private static Path path(String directory) {
    try {
      return Path.of(directory);
    } catch (InvalidPathException e) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "'" + directory + "' is no path of a directory", e);
    }
  }

  private static synchronized SharedDatabase onCluster(String location) {
    return share(
        List.of(location), // neither a path nor a name in memory equals it
        location.substring(location.lastIndexOf('/') + 1).replaceFirst("[?].*", ""),
        () -> Engines.forLocation(location).open(location, StoreOptions.DEFAULT));
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
      database = SharedDatabase.over(opener.get(), name, key instanceof Path path ? path : null);
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
    return KeyValueEngine.named(name, OpenDatabases.class.getClassLoader());
  }
}
