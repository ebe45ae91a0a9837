package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Row;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.omid.committable.CommitTable;
import org.apache.omid.transaction.HBaseOmidClientConfiguration;
import org.apache.omid.transaction.HBaseTransaction;
import org.apache.omid.transaction.HBaseTransactionManager;
import org.apache.omid.transaction.RollbackException;
import org.apache.omid.transaction.TTable;
import org.apache.omid.transaction.Transaction;
import org.apache.omid.transaction.TransactionException;
import org.apache.omid.tso.client.AbortException;
import org.apache.omid.tso.client.TSOClient;
import org.apache.phoenix.thirdparty.com.google.common.base.Optional;

/**
 * A connection to HBase and to Omid's oracle: transactions, and the reads and writes of their
 * cells. What fails is a {@link PpdbException}. Thread-safe.
 */
final class OmidConnection implements AutoCloseable {
  private final Connection connection;
  private final ClaimingOracle oracle;
  private final HBaseTransactionManager transactions;

  /** When the oracle was asked last, and what time it was there then, or a moment later. */
  private volatile OracleTime oracleTime = new OracleTime(0, 0);

  private record OracleTime(long millis, long nanos) {}

  private OmidConnection(
      Connection connection, ClaimingOracle oracle, HBaseTransactionManager transactions) {
    this.connection = connection;
    this.oracle = oracle;
    this.transactions = transactions;
  }

  /** Connects; the tables of Omid are there. */
  static OmidConnection open(Configuration hbase, HBaseOmidClientConfiguration omid) {
    try {
      Connection connection = ConnectionFactory.createConnection(hbase);
      boolean connected = false;
      try {
        ClaimingOracle oracle =
            new ClaimingOracle(TSOClient.newInstance(omid.getOmidClientConfiguration()));
        HBaseTransactionManager transactions =
            HBaseTransactionManager.builder(omid).tsoClient(oracle).build();
        connected = true;
        return new OmidConnection(connection, oracle, transactions);
      } finally {
        if (!connected) {
          connection.close();
        }
      }
    } catch (IOException e) {
      throw unavailable("cannot connect to the cluster", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while connecting to the cluster", e);
    }
  }

  Admin admin() throws IOException {
    return connection.getAdmin();
  }

  /** A table outside of transactions. */
  Table table(TableName name) {
    try {
      return connection.getTable(name);
    } catch (IOException e) {
      throw unavailable("cannot use table " + name, e);
    }
  }

  HBaseTransaction begin() {
    try {
      long beganNanos = System.nanoTime();
      HBaseTransaction transaction = (HBaseTransaction) transactions.begin();
      oracleTime = new OracleTime(OmidView.millis(transaction.getStartTimestamp()), beganNanos);
      return transaction;
    } catch (TransactionException | RejectedExecutionException e) {
      // Rejected by threads that ended: closed meanwhile.
      throw unavailable("the timestamp oracle gave no timestamp", e);
    }
  }

  /** The oracle's time, as far as known since a transaction began: never less than it is. */
  long nowMillis() {
    OracleTime known = oracleTime;
    return known.millis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - known.nanos);
  }

  /** The commit of the transaction that began at {@code start}, if it is under way; else -1. */
  long commitOf(long start) {
    try {
      Optional<CommitTable.CommitTimestamp> found =
          transactions.getCommitTableClient().getCommitTimestamp(start).get();
      return found.isPresent() && found.get().isValid() ? found.get().getValue() : -1;
    } catch (ExecutionException e) {
      throw unavailable("cannot read the table of commits under way", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while reading the table of commits under way", e);
    }
  }

  /** What the transaction sees of a row; empty if it sees nothing. */
  Result get(HBaseTransaction transaction, TableName table, byte[] row) {
    return get(transaction, table, new Get(row).addFamily(StoreTables.FAMILY));
  }

  /** What the transaction sees of what {@code get} asks for. */
  Result get(HBaseTransaction transaction, TableName table, Get get) {
    try (TTable cells = cells(table)) {
      return cells.get(transaction, get);
    } catch (IOException e) {
      throw unavailable("cannot read from table " + table, e);
    }
  }

  /** What the transaction sees of the rows of {@code scan}. */
  ResultScanner scan(HBaseTransaction transaction, TableName table, Scan scan) {
    try (TTable cells = cells(table)) {
      return cells.getScanner(transaction, scan);
    } catch (IOException e) {
      throw unavailable("cannot scan table " + table, e);
    }
  }

  /** Writes cells that nobody sees until the transaction commits. */
  void write(HBaseTransaction transaction, TableName table, List<? extends Row> changes) {
    try (TTable cells = cells(table)) {
      cells.batch(transaction, changes);
    } catch (IOException e) {
      throw unavailable("cannot write to table " + table, e);
    }
  }

  private TTable cells(TableName table) throws IOException {
    return new TTable(connection.getTable(table), transactions.getCommitTableClient());
  }

  /**
   * Commits a transaction.
   *
   * @return the commit timestamp
   * @throws PpdbException CONFLICT if another transaction has had one of the numbers since, or this
   *     one began too long ago; UNAVAILABLE if it has not committed and never will, for another
   *     reason; COMMIT_UNKNOWN
   */
  long commit(HBaseTransaction transaction, Set<ClaimNumber> numbers) {
    long start = transaction.getStartTimestamp();
    oracle.claim(start, numbers);
    try {
      transactions.commit(transaction);
    } catch (RollbackException e) {
      throw refused(start, e);
    } catch (TransactionException | RuntimeException e) {
      // What fails after the commit is completed by those who read.
      if (transaction.getStatus() != Transaction.Status.COMMITTED) {
        throw new PpdbException(
            ErrorCode.COMMIT_UNKNOWN,
            "whether the transaction that began at version "
                + start
                + " has committed is not known",
            e);
      }
    } finally {
      oracle.forget(start);
    }
    return transaction.getCommitTimestamp();
  }

  private static PpdbException refused(long start, RollbackException cause) {
    if (cause.getCause() instanceof AbortException) {
      return new PpdbException(
          ErrorCode.CONFLICT,
          "the transaction that began at version "
              + start
              + " claims a key or range that another one, committed since, has claimed; or it began"
              + " too long ago",
          cause);
    }
    return unavailable("the transaction that began at version " + start + " was taken back", cause);
  }

  /** What was deleted up to this version may have been collected, without a trace. */
  long lowWatermark() {
    try {
      return transactions.getLowWatermark();
    } catch (TransactionException e) {
      throw unavailable("cannot read the low watermark", e);
    }
  }

  /** Takes back what a transaction has written that was not asked to commit, as far as possible. */
  void discard(HBaseTransaction transaction, RuntimeException reason) {
    try {
      transactions.rollback(transaction);
    } catch (TransactionException | RuntimeException e) {
      // Nobody ever sees it; it goes when HBase compacts.
      reason.addSuppressed(e);
    }
  }

  static PpdbException unavailable(String what, Exception cause) {
    return new PpdbException(ErrorCode.UNAVAILABLE, what + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    try {
      transactions.close();
      connection.close();
    } catch (IOException e) {
      throw unavailable("cannot close the connection to the cluster", e);
    }
  }
}
