package io.ppdb.hbase.omid;

import io.ppdb.kv.engine.PolicyMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.omid.transaction.HBaseTransaction;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a store, in a row of its table {@code meta}, with the marks of those who are
 * about to change them ({@link PolicyChange}).
 *
 * <p>A transaction keeps to those that it sees, as it sees everything else, so it does not matter
 * which gateway has changed them. So that not each has to read them, what one transaction read
 * counts for those that begin within {@link #KEPT} after it, unless it saw a mark: a change commits
 * only when its mark has been there for longer than that. They are parsed once for each change.
 * Thread-safe.
 */
final class StorePolicies {
  /** For how long policies that were read may be kept: timestamps of the oracle. */
  static final long KEPT = 250 * OmidView.TIMESTAMPS_PER_MILLI;

  private static final byte[] ROW = "policies".getBytes(StandardCharsets.UTF_8);

  /** All of them, as {@link PolicyBytes}. */
  private static final byte[] ALL = {'p'};

  /** {@link PolicyMarks}; deleted if there are none. */
  private static final byte[] MARKS = {'m'};

  /**
   * What one transaction saw.
   *
   * @param changed the timestamp of the cell; 0 in a store whose policies were never changed
   * @param keptFrom the version at which they were read; {@link Long#MAX_VALUE} if they may not be
   *     kept
   */
  private record Known(long changed, PolicyMap policies, long keptFrom) {
    boolean areThoseOf(long version) {
      // No overflow: a difference of timestamps, or negative.
      return version >= keptFrom && version - keptFrom <= KEPT;
    }
  }

  private final OmidConnection connection;
  private final TableName meta;

  /** What was read last, by whichever transaction. */
  private volatile Known last = new Known(0, new PolicyMap(), Long.MAX_VALUE);

  StorePolicies(OmidConnection connection, TableName meta) {
    this.connection = connection;
    this.meta = meta;
  }

  /** Those that {@code transaction} sees; not to be changed. */
  PolicyMap seenBy(HBaseTransaction transaction) {
    long version = transaction.getStartTimestamp();
    Known known = last;
    if (known.areThoseOf(version)) {
      return known.policies;
    }
    Result row = connection.get(transaction, meta, ROW);
    Cell all = cell(row, ALL);
    long changed = all == null ? 0 : all.getTimestamp();
    PolicyMap policies = changed == known.changed ? known.policies : parse(all);
    last = new Known(changed, policies, marks(row).isEmpty() ? version : Long.MAX_VALUE);
    return policies;
  }

  private static PolicyMap parse(@Nullable Cell all) {
    return all == null ? new PolicyMap() : PolicyBytes.read(CellUtil.cloneValue(all));
  }

  /** The marks that {@code transaction} sees. */
  PolicyMarks marksSeenBy(HBaseTransaction transaction) {
    return marks(connection.get(transaction, meta, ROW));
  }

  private static PolicyMarks marks(Result row) {
    Cell cell = cell(row, MARKS);
    return cell == null ? PolicyMarks.NONE : PolicyMarks.read(CellUtil.cloneValue(cell));
  }

  /** Omid does not give cells in their order, which the methods of HBase rely on. */
  private static @Nullable Cell cell(Result row, byte[] column) {
    for (Cell cell : row.isEmpty() ? new Cell[0] : row.rawCells()) {
      if (CellUtil.matchingQualifier(cell, column)) {
        return cell;
      }
    }
    return null;
  }

  /** Lets {@code transaction} leave just these marks. */
  void writeMarks(HBaseTransaction transaction, PolicyMarks marks) {
    write(
        transaction,
        marks.isEmpty()
            ? new Delete(ROW).addColumn(StoreTables.FAMILY, MARKS)
            : new Put(ROW).addColumn(StoreTables.FAMILY, MARKS, marks.toBytes()));
  }

  /** Lets {@code transaction} put these policies in the place of all. */
  void writeAll(HBaseTransaction transaction, PolicyMap policies) {
    write(
        transaction, new Put(ROW).addColumn(StoreTables.FAMILY, ALL, PolicyBytes.write(policies)));
  }

  private void write(HBaseTransaction transaction, Mutation mutation) {
    connection.write(transaction, meta, List.of(mutation));
  }
}
