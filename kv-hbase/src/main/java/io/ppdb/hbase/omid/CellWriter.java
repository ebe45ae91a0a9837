package io.ppdb.hbase.omid;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.omid.transaction.HBaseTransaction;

/** Writes the cells of a transaction to a table, some thousand rows a call. Not thread-safe. */
final class CellWriter {
  /** What one call takes. */
  private static final int MAX_ROWS_PER_CALL = 5_000;

  private static final long MAX_BYTES_PER_CALL = 4 << 20;

  /** Omid remembers each cell until the transaction ends. */
  private static final int MAX_ROWS = 2_000_000;

  private final OmidConnection connection;
  private final HBaseTransaction transaction;
  private final TableName table;
  private final List<Mutation> waiting = new ArrayList<>();
  private long waitingBytes;
  private int rowCount;

  CellWriter(OmidConnection connection, HBaseTransaction transaction, TableName table) {
    this.connection = connection;
    this.transaction = transaction;
    this.table = table;
  }

  void add(Mutation change) {
    if (++rowCount > MAX_ROWS) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_TOO_LARGE,
          "a transaction that changes more than "
              + MAX_ROWS
              + " keys, those in deleted ranges too");
    }
    waiting.add(change);
    waitingBytes += change.heapSize();
    if (waiting.size() == MAX_ROWS_PER_CALL || waitingBytes > MAX_BYTES_PER_CALL) {
      flush();
    }
  }

  void flush() {
    if (!waiting.isEmpty()) {
      connection.write(transaction, table, waiting);
      waiting.clear();
      waitingBytes = 0;
    }
  }
}
