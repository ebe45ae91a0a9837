package io.ppdb.database;

import io.ppdb.database.gremlin.GremlinFunction;
import io.ppdb.graph.PpdbGraph;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.RelationalEngine;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.timeseries.TimeSeriesKind;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of one open database, wired together. Thread-safe. */
final class SharedDatabase {
  private static final String TEMPORARY_FILES = "temporary";

  private final KeyValueStore store;
  private final String name;
  private final PpdbGraph graph;
  private final RelationalEngine relational;
  private final TemporaryFiles temporaryFiles;
  private final Maintenance maintenance;

  private SharedDatabase(KeyValueStore store, String name, TemporaryFiles temporaryFiles) {
    this.store = store;
    this.name = name;
    this.temporaryFiles = temporaryFiles;
    graph = PpdbGraph.open(store);
    relational =
        new RelationalEngine(
            store,
            List.of(new TimeSeriesKind()),
            List.of(new GremlinFunction(store, graph)),
            temporaryFiles);
    maintenance = Maintenance.start(store, relational.catalog(), name);
  }

  /**
   * Wires a database over {@code store} and owns it: a failure closes it.
   *
   * @param directory in which a directory for temporary files is made if need be; null for one
   *     where the system keeps them
   */
  static SharedDatabase over(KeyValueStore store, String name, @Nullable Path directory) {
    try {
      KeyValueNamespace.preparePolicy(store);
      Catalog.preparePolicy(store);
      TemporaryFiles files =
          directory == null
              ? TemporaryFiles.ofSystem()
              : TemporaryFiles.in(directory.resolve(TEMPORARY_FILES));
      SharedDatabase database = new SharedDatabase(store, name, files);
      if (directory != null) { // nobody else has these files open
        database.relational.takeBackUnfinishedChanges();
      }
      return database;
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  KeyValueStore store() {
    return store;
  }

  String name() {
    return name;
  }

  /** The graph, with a transaction of its own for each thread. */
  PpdbGraph graph() {
    return graph;
  }

  /** SQL over this store, with time series as a kind of table and the graph as a function. */
  RelationalEngine relational() {
    return relational;
  }

  void close() {
    try {
      maintenance.close();
      graph.close();
      temporaryFiles.close();
    } finally {
      store.close();
    }
  }

  PpdbException closedException() {
    return new PpdbException(ErrorCode.CLOSED, "database " + name + " is closed");
  }
}
