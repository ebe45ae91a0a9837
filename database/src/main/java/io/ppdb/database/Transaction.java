package io.ppdb.database;

import io.ppdb.graph.PpdbGraph;
import io.ppdb.relational.RelationalSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transaction over all models: what is written through any of them commits together or not at
 * all, and all of them read the same snapshot.
 *
 * <p>A thin coat over one {@link io.ppdb.kv.Transaction}; the views it hands out end with it. Used
 * by one thread at a time. {@link #close} rolls back what was not committed.
 */
public final class Transaction implements AutoCloseable {
  private final SharedDatabase database;
  private final io.ppdb.kv.Transaction keys;
  private @Nullable PpdbGraph graph;
  private @Nullable RelationalSession sql;

  Transaction(SharedDatabase database, io.ppdb.kv.Transaction keys) {
    this.database = database;
    this.keys = keys;
  }

  /** The keys and values of namespace 0. */
  public KeyValueNamespace kv() {
    return kv(0);
  }

  /** The keys and values of namespace {@code number}. */
  public KeyValueNamespace kv(int number) {
    return new KeyValueNamespace(keys, number);
  }

  /**
   * SQL in this transaction: its statements see and join what all models wrote. A statement that
   * fails takes back what it did; the transaction goes on.
   */
  public RelationalSession sql() {
    RelationalSession session = sql;
    if (session == null) {
      session = database.relational().openSession(keys);
      sql = session;
    }
    return session;
  }

  /** Time series in this transaction. */
  public TimeSeries timeseries() {
    return new TimeSeries(database.relational().catalog(), keys);
  }

  /** The graph as this transaction sees and changes it; {@code graph().traversal()} is its g. */
  public PpdbGraph graph() {
    PpdbGraph bound = graph;
    if (bound == null) {
      bound = database.graph().within(keys);
      graph = bound;
    }
    return bound;
  }

  /** The transaction on raw keys beneath the models. */
  public io.ppdb.kv.Transaction keys() {
    return keys;
  }

  public boolean isOpen() {
    return keys.isOpen();
  }

  /** Commits what all models wrote; returns the version of the commit. */
  public long commit() {
    return keys.commit();
  }

  /** Ends the transaction without effect; does nothing if it has ended. */
  public void rollback() {
    keys.rollback();
  }

  @Override
  public void close() {
    keys.close();
  }

  /** Runs {@code work} for a retry loop that commits {@link #keys} itself. */
  <T> T runBorrowed(Function<Transaction, T> work) {
    return work.apply(this);
  }

  SharedDatabase database() {
    return database;
  }
}
