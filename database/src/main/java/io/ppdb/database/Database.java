package io.ppdb.database;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.Logins;
import io.ppdb.relational.RelationalSession;
import io.ppdb.relational.planner.InformationSchema;
import io.ppdb.timeseries.TimeSeriesWriter;
import io.ppdb.timeseries.TimeSeriesWriterOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A database: one store, read and written as SQL tables, a graph, time series and keys.
 *
 * <pre>{@code
 * try (Database database = Database.open(Path.of("data"))) {
 *   database.transact(transaction -> transaction.kv().put(key, value));
 * }
 * }</pre>
 *
 * <p>What {@link #open} gives is a handle: the same directory opened again in this JVM is the same
 * database, which ends when its last handle closes. A handle is thread-safe; transactions are used
 * by one thread at a time.
 */
public final class Database implements AutoCloseable {
  /** The version of this software, as clients are told. */
  public static final String VERSION = "0.1.0";

  /** The name of the one catalogue that all tables of a database are in. */
  public static final String CATALOG_NAME = InformationSchema.CATALOG_NAME;

  private final SharedDatabase shared;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(SharedDatabase shared) {
    this.shared = shared;
  }

  /**
   * Opens the database in {@code directory}; an empty directory becomes a database.
   *
   * @throws io.ppdb.kv.PpdbException INVALID_ARGUMENT if the directory does not exist or holds
   *     something else, LOCKED if another process has it open, CORRUPTION if it is damaged
   */
  public static Database open(Path directory) {
    return new Database(OpenDatabases.inDirectory(directory));
  }

  /**
   * Opens the database at a location: {@code hbase://zk1,zk2,zk3/store} on a cluster ({@code
   * docs/scale.md}), {@code memory://NAME} in memory; anything without {@code ://} is a directory,
   * as is {@code lsm://DIRECTORY}.
   *
   * @throws io.ppdb.kv.PpdbException what {@link #open(Path)} fails with; NOT_SUPPORTED if this
   *     program has no engine for it; UNAVAILABLE, within a minute, if the cluster does not answer
   */
  public static Database open(String location) {
    return new Database(OpenDatabases.at(location));
  }

  /** Opens the database in memory that is called {@code name}; it lives as long as its handles. */
  public static Database openMemory(String name) {
    return new Database(OpenDatabases.inMemory(name));
  }

  /** A database over a store that the caller opened; closing the database closes the store. */
  public static Database over(KeyValueStore store) {
    return new Database(OpenDatabases.unnamed(SharedDatabase.over(store, "store", null)));
  }

  /** Begins a transaction over all models: snapshot isolation, synced commit. */
  public Transaction begin() {
    return begin(TransactionOptions.DEFAULT);
  }

  public Transaction begin(TransactionOptions options) {
    return new Transaction(shared(), shared().store().begin(options));
  }

  /**
   * Runs {@code work} in a transaction and commits; runs it again, after a random pause that grows,
   * when it fails by a conflict. {@code work} must have no effect outside its transaction and not
   * end it.
   */
  public <T> T transact(Function<Transaction, T> work) {
    return transact(TransactionOptions.DEFAULT, work);
  }

  public <T> T transact(TransactionOptions options, Function<Transaction, T> work) {
    SharedDatabase database = shared();
    return database
        .store()
        .transact(options, keys -> new Transaction(database, keys).runBorrowed(work));
  }

  /** A session of SQL statements with transactions of its own; without BEGIN one for each. */
  public RelationalSession openSession() {
    return shared().relational().openSession();
  }

  /**
   * A session with the rights of a role; that whoever asks for it is that role is for the caller to
   * know. Fails with INVALID_AUTHORIZATION if there is no such role or it may not log in.
   */
  public RelationalSession openSession(String role) {
    return shared().relational().openSession(role);
  }

  /** Who may log in, and by what: for protocols that let others in. */
  public Logins logins() {
    return shared().relational().logins();
  }

  /** A writer to a time-series table that commits by itself, batch by batch. */
  public TimeSeriesWriter timeSeriesWriter(String table, TimeSeriesWriterOptions options) {
    try (Snapshot snapshot = store().snapshot()) {
      return TimeSeriesWriter.committing(
          TimeSeries.find(shared().relational().catalog(), snapshot, table), store(), options);
    }
  }

  /**
   * The graph by itself, with a transaction for each thread as TinkerPop has it: for administration
   * (indexes) and for programs that only use the graph.
   */
  public PpdbGraph graph() {
    return shared().graph();
  }

  /** The store beneath, for administration: policies, statistics, checkpoints. */
  public KeyValueStore store() {
    return shared().store();
  }

  /** What the database calls itself: the name of its directory or its name in memory. */
  public String name() {
    return shared.name();
  }

  /** Closes this handle, and with the last one the database. Does nothing if it is closed. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      OpenDatabases.release(shared);
    }
  }

  SharedDatabase shared() {
    if (closed.get()) {
      throw shared.closedException();
    }
    return shared;
  }
}
