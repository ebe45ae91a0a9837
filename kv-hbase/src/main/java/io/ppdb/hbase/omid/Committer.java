package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.engine.Claims;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.PolicyMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Row;
import org.apache.omid.transaction.HBaseTransaction;

/**
 * Makes a commit of what a transaction has written and claimed: cells that nobody sees, then the
 * oracle's word. Thread-safe.
 */
final class Committer {
  /** The column of {@code commits} that every commit writes. */
  private static final byte[] CHANGES = {'c'};

  private static final byte[] NO_VALUE = {};

  /** Cells that are written by one call. */
  private static final int MAX_BATCH_SIZE = 5_000;

  private final OmidConnection connection;
  private final StoreTables tables;
  private final byte[] store;
  private final PolicyMap policies;
  private final Slots slots;

  Committer(
      OmidConnection connection,
      StoreTables tables,
      byte[] store,
      PolicyMap policies,
      Slots slots) {
    this.connection = connection;
    this.tables = tables;
    this.store = store;
    this.policies = policies;
    this.slots = slots;
  }

  /**
   * Commits, and returns the version.
   *
   * @param requiredKeys must not be changed or locked by others from the start to the commit
   */
  long commit(Commit commit, byte[][] requiredKeys, HBaseTransaction transaction) {
    long start = transaction.getStartTimestamp();
    int slot = slots.take(start);
    long version = Long.MAX_VALUE - 1;
    try {
      Set<ClaimNumber> numbers = numbers(commit.claims(), requiredKeys, slot);
      write(commit, transaction);
      version = connection.commit(transaction, numbers);
      return version;
    } finally {
      slots.giveBack(slot, version);
    }
  }

  private Set<ClaimNumber> numbers(Claims claims, byte[][] requiredKeys, int slot) {
    ClaimNumbers numbers = new ClaimNumbers(store, slot);
    List<PolicyMap.Assignment> ranges = policies.assignments();
    Set<KeyRange> written = new HashSet<>();
    for (int i = 0; i < claims.keys().length; i++) {
      byte[] key = claims.keys()[i];
      if ((claims.modes()[i] & Claims.LOCK) != 0) {
        numbers.addExclusive(key, true);
      } else {
        numbers.addShared(key);
      }
      KeyRange range = rangeOf(ranges, key);
      if (written.add(range)) {
        numbers.addSharedRange(range.start());
      }
    }
    for (KeyRange deleted : claims.ranges()) {
      for (PolicyMap.Assignment assignment : ranges) {
        if (assignment.range().overlaps(deleted)) {
          numbers.addExclusiveRange(assignment.range().start());
        }
      }
    }
    for (byte[] key : requiredKeys) {
      // A requirement and a merge exclude each other, as two shared claims would not.
      if (policies.get(key).use() == RangePolicy.Use.MERGEABLE) {
        numbers.addExclusive(key, true);
      } else {
        numbers.addShared(key);
      }
      numbers.addSharedRange(rangeOf(ranges, key).start());
    }
    return numbers.numbers();
  }

  private static KeyRange rangeOf(List<PolicyMap.Assignment> ranges, byte[] key) {
    for (PolicyMap.Assignment assignment : ranges) {
      if (assignment.range().contains(key)) {
        return assignment.range();
      }
    }
    throw new IllegalStateException("a key without a policy");
  }

  private void write(Commit commit, HBaseTransaction transaction) {
    List<Row> changes = new ArrayList<>();
    Entry[] entries = commit.entries();
    for (KeyRange range : commit.deletedRanges()) {
      deleteRange(range, entries, transaction, changes);
    }
    for (Entry entry : entries) {
      addEntry(entry, transaction, changes);
    }
    addLocks(commit.claims(), entries, changes);
    for (int from = 0; from < changes.size(); from += MAX_BATCH_SIZE) {
      connection.write(
          transaction,
          tables.data(),
          changes.subList(from, Math.min(changes.size(), from + MAX_BATCH_SIZE)));
    }
    Put logged = new Put(commitRow(transaction.getStartTimestamp()));
    logged.addColumn(StoreTables.FAMILY, CHANGES, NO_VALUE);
    connection.write(transaction, tables.commits(), List.of(logged));
  }

  /** Neighbouring timestamps lie apart, so that commits do not all go to one region. */
  private static byte[] commitRow(long startTimestamp) {
    byte salt = (byte) (Long.hashCode(startTimestamp * 0x9E37_79B9_7F4A_7C15L) >>> 24);
    return ByteBuffer.allocate(1 + Long.BYTES).put(salt).putLong(startTimestamp).array();
  }

  private void addEntry(Entry entry, HBaseTransaction transaction, List<Row> changes) {
    byte[] row = RowLayout.row(entry.key());
    RangePolicy.Use use = policies.get(entry.key()).use();
    if (entry.kind() != EntryKind.MERGE && use == RangePolicy.Use.MERGEABLE) {
      deleteOperands(row, transaction, changes);
    }
    switch (entry.kind()) {
      case PUT -> {
        Put put = new Put(row);
        put.addColumn(StoreTables.FAMILY, RowLayout.VALUE, RowLayout.value(entry.value()));
        if (use == RangePolicy.Use.EXPIRABLE) {
          byte[] expiry = RowLayout.expiry(entry.expiryMillis());
          put.addColumn(StoreTables.FAMILY, RowLayout.EXPIRY, expiry);
        }
        changes.add(put);
      }
      case DELETE -> changes.add(deletion(row));
      case MERGE -> {
        Put put = new Put(row);
        put.addColumn(
            StoreTables.FAMILY,
            RowLayout.operandColumn(transaction.getStartTimestamp()),
            RowLayout.operand(entry.operatorId(), entry.value()));
        changes.add(put);
      }
      case BLOB -> throw new IllegalStateException("a handle of another engine");
    }
  }

  private static Delete deletion(byte[] row) {
    return new Delete(row).addColumn(StoreTables.FAMILY, RowLayout.VALUE);
  }

  private void deleteOperands(byte[] row, HBaseTransaction transaction, List<Row> changes) {
    addOperandDeletions(connection.get(transaction, tables.data(), row), changes);
  }

  private static void addOperandDeletions(Result row, List<Row> changes) {
    if (row.isEmpty()) {
      return;
    }
    for (Cell cell : row.rawCells()) {
      if (RowReader.isOperand(cell)) {
        byte[] column =
            Arrays.copyOfRange(
                cell.getQualifierArray(),
                cell.getQualifierOffset(),
                cell.getQualifierOffset() + cell.getQualifierLength());
        changes.add(new Delete(row.getRow()).addColumn(StoreTables.FAMILY, column));
      }
    }
  }

  /** Deletes what the transaction sees of {@code range}, but for what it writes itself. */
  private void deleteRange(
      KeyRange range, Entry[] entries, HBaseTransaction transaction, List<Row> changes) {
    Set<ByteBuffer> own = new HashSet<>();
    for (Entry entry : entries) {
      own.add(ByteBuffer.wrap(RowLayout.row(entry.key())));
    }
    try (ResultScanner rows =
        connection.scan(
            transaction,
            tables.data(),
            RowScan.up(range, range.start(), true, ScanOptions.ASCENDING))) {
      for (Result row : rows) {
        addOperandDeletions(row, changes);
        if (!own.contains(ByteBuffer.wrap(row.getRow()))) {
          changes.add(deletion(row.getRow()));
        }
      }
    } catch (IllegalStateException e) {
      // The iteration of HBase wraps its failures so.
      throw OmidConnection.unavailable("cannot scan a range to delete", e);
    }
  }

  private static void addLocks(Claims claims, Entry[] entries, List<Row> changes) {
    Set<ByteBuffer> written = new HashSet<>();
    for (Entry entry : entries) {
      written.add(ByteBuffer.wrap(entry.key()));
    }
    for (int i = 0; i < claims.keys().length; i++) {
      byte[] key = claims.keys()[i];
      if (claims.modes()[i] == Claims.LOCK && !written.contains(ByteBuffer.wrap(key))) {
        Put put = new Put(RowLayout.row(key));
        put.addColumn(StoreTables.FAMILY, RowLayout.LOCK, NO_VALUE);
        changes.add(put);
      }
    }
  }
}
