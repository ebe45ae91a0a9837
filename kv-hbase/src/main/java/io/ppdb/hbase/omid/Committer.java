package io.ppdb.hbase.omid;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.engine.Claims;
import io.ppdb.kv.engine.Commit;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.omid.transaction.HBaseTransaction;

/**
 * Makes a commit of what a transaction has written and claimed: cells that nobody sees, then the
 * oracle's word. Thread-safe.
 */
final class Committer {
  private static final byte[] NO_VALUE = {};

  private final OmidConnection connection;
  private final StoreTables tables;
  private final byte[] store;
  private final CommitLog log;
  private final Slots slots;

  Committer(OmidConnection connection, StoreTables tables, byte[] store, Slots slots) {
    this.connection = connection;
    this.tables = tables;
    this.store = store;
    this.log = new CommitLog(connection);
    this.slots = slots;
  }

  /**
   * Commits, and returns the version.
   *
   * @param requiredKeys must not be changed or locked by others from the start to the commit
   */
  long commit(Commit commit, byte[][] requiredKeys, OmidView view) {
    return commit(
        view,
        numbers -> {
          numbers.add(commit.claims(), requiredKeys, view.policies());
          write(commit, view);
        });
  }

  /** Commits what {@code work} writes over {@code view}, having claimed it; gives the version. */
  long commit(OmidView view, Consumer<ClaimNumbers> work) {
    view.checkIntact();
    int slot = slots.take(view.version());
    boolean isCommitted = false;
    try {
      ClaimNumbers numbers = new ClaimNumbers(store, slot);
      try {
        work.accept(numbers);
      } catch (RuntimeException e) {
        connection.discard(view.transaction(), e);
        throw e;
      }
      long version = connection.commit(view.transaction(), numbers.numbers());
      isCommitted = true;
      slots.giveBack(slot, version);
      return version;
    } finally {
      if (!isCommitted) {
        slots.leave(slot);
      }
    }
  }

  /**
   * Puts a value in the place of operands that {@code view} sees: a commit that changes nothing,
   * and that merges do not conflict with.
   *
   * @param row what {@code view} sees of the key
   */
  void commitFolded(byte[] key, byte[] value, Result row, OmidView view) {
    commit(
        view,
        numbers -> {
          numbers.addFolding(key);
          numbers.addSharedRange(view.policies().assignmentOf(key).range().start());
          CellWriter cells = cells(view);
          cells.add(put(key, value));
          addOperandDeletions(row, cells);
          log.writeNothing(view.transaction(), cells);
        });
  }

  private CellWriter cells(OmidView view) {
    return new CellWriter(connection, view.transaction(), tables.data());
  }

  private void write(Commit commit, OmidView view) {
    HBaseTransaction transaction = view.transaction();
    CellWriter cells = cells(view);
    Entry[] entries = commit.entries();
    if (commit.deletedRanges().length > 0) {
      Set<ByteBuffer> own = new HashSet<>();
      for (Entry entry : entries) {
        own.add(ByteBuffer.wrap(RowLayout.row(entry.key())));
      }
      for (KeyRange range : commit.deletedRanges()) {
        deleteRange(range, own, transaction, cells);
      }
    }
    for (Entry entry : entries) {
      addEntry(entry, view, cells);
    }
    addLocks(commit.claims(), entries, cells);
    log.write(transaction, cells, commit);
  }

  private void addEntry(Entry entry, OmidView view, CellWriter cells) {
    HBaseTransaction transaction = view.transaction();
    byte[] row = RowLayout.row(entry.key());
    RangePolicy.Use use = view.policies().get(entry.key()).use();
    if (entry.kind() != EntryKind.MERGE && use == RangePolicy.Use.MERGEABLE) {
      addOperandDeletions(connection.get(transaction, tables.data(), row), cells);
    }
    switch (entry.kind()) {
      case PUT -> {
        Put put = put(entry.key(), entry.value());
        if (use == RangePolicy.Use.EXPIRABLE) {
          byte[] expiry = RowLayout.expiry(entry.expiryMillis());
          put.addColumn(StoreTables.FAMILY, RowLayout.EXPIRY, expiry);
        }
        cells.add(put);
      }
      case DELETE -> cells.add(deletion(row));
      case MERGE -> {
        Put put = new Put(row);
        put.addColumn(
            StoreTables.FAMILY,
            RowLayout.operandColumn(transaction.getStartTimestamp()),
            RowLayout.operand(entry.operatorId(), entry.value()));
        cells.add(put);
      }
      case BLOB -> throw new IllegalStateException("a handle of another engine");
    }
  }

  private static Delete deletion(byte[] row) {
    return new Delete(row).addColumn(StoreTables.FAMILY, RowLayout.VALUE);
  }

  private static Put put(byte[] key, byte[] value) {
    return new Put(RowLayout.row(key))
        .addColumn(StoreTables.FAMILY, RowLayout.VALUE, RowLayout.value(value));
  }

  private static void addOperandDeletions(Result row, CellWriter cells) {
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
        cells.add(new Delete(row.getRow()).addColumn(StoreTables.FAMILY, column));
      }
    }
  }

  /**
   * Deletes what the transaction sees of {@code range}.
   *
   * @param own rows that it writes itself
   */
  private void deleteRange(
      KeyRange range, Set<ByteBuffer> own, HBaseTransaction transaction, CellWriter cells) {
    ScanOptions keys = ScanOptions.ASCENDING.withKeysOnly(true);
    try (ResultScanner rows =
        connection.scan(transaction, tables.data(), RowScan.up(range, range.start(), true, keys))) {
      for (Result row : rows) {
        addOperandDeletions(row, cells);
        if (!row.isEmpty() && !own.contains(ByteBuffer.wrap(row.getRow()))) {
          cells.add(deletion(row.getRow()));
        }
      }
    } catch (IllegalStateException e) {
      // The iteration of HBase wraps its failures so.
      throw OmidConnection.unavailable("cannot scan a range to delete", e);
    }
  }

  private static void addLocks(Claims claims, Entry[] entries, CellWriter cells) {
    Set<ByteBuffer> written = new HashSet<>();
    for (Entry entry : entries) {
      written.add(ByteBuffer.wrap(entry.key()));
    }
    for (int i = 0; i < claims.keys().length; i++) {
      byte[] key = claims.keys()[i];
      if (claims.modes()[i] == Claims.LOCK && !written.contains(ByteBuffer.wrap(key))) {
        Put put = new Put(RowLayout.row(key));
        put.addColumn(StoreTables.FAMILY, RowLayout.LOCK, NO_VALUE);
        cells.add(put);
      }
    }
  }
}
