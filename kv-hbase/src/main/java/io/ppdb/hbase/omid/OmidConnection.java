package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
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
import org.apache.omid.transaction.HBaseOmidClientConfiguration;
import org.apache.omid.transaction.HBaseTransaction;
import org.apache.omid.transaction.HBaseTransactionManager;
import org.apache.omid.transaction.RollbackException;
import org.apache.omid.transaction.TTable;
import org.apache.omid.transaction.TransactionException;
import org.apache.omid.tso.client.TSOClient;

/**
 * A connection to HBase and to Omid's oracle: transactions, and the reads and writes of their
 * cells. What fails is a {@link PpdbException}. Thread-safe.
 */
final class OmidConnection implements AutoCloseable {
  private final Connection connection;
  private final ClaimingOracle oracle;
  private final HBaseTransactionManager transactions;

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
      return (HBaseTransaction) transactions.begin();
    } catch (TransactionException e) {
      throw unavailable("the timestamp oracle gave no timestamp", e);
    }
  }

  /** What the transaction sees of a row; empty if it sees nothing. */
  Result get(HBaseTransaction transaction, TableName table, byte[] row) {
    try (TTable cells = cells(table)) {
      return cells.get(transaction, new Get(row).addFamily(StoreTables.FAMILY));
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
   * Commits a transaction that has written something.
   *
   * @return the commit timestamp
   * @throws PpdbException CONFLICT if another transaction had one of the numbers; COMMIT_UNKNOWN
   */
  long commit(HBaseTransaction transaction, Set<ClaimNumber> numbers) {
    long start = transaction.getStartTimestamp();
    oracle.claim(start, numbers);
    try {
      transactions.commit(transaction);
      return transaction.getCommitTimestamp();
    } catch (RollbackException e) {
      throw new PpdbException(
          ErrorCode.CONFLICT,
          "the transaction that began at version "
              + start
              + " claims what another one, committed since, has claimed; or it began too long ago",
          e);
    } catch (TransactionException e) {
      throw new PpdbException(
          ErrorCode.COMMIT_UNKNOWN,
          "whether the transaction that began at version " + start + " has committed is not known",
          e);
    } finally {
      oracle.forget(start);
    }
  }

  /** Takes back what the transaction has written. */
  void rollback(HBaseTransaction transaction) {
    try {
      transactions.rollback(transaction);
    } catch (TransactionException e) {
      throw unavailable("cannot roll back", e);
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
