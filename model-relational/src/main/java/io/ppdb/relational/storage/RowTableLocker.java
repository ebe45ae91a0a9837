package io.ppdb.relational.storage;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.lock.LockOwner;
import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.lock.LockWait;
import io.ppdb.relational.spi.RowLocker;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;

/**
 * Locks rows: for others of the process by the table of locks, and for everybody by claims that the
 * commit is checked against.
 *
 * <pre>
 * FOR UPDATE           claims the row and its existence alone
 * FOR NO KEY UPDATE    claims the row alone
 * FOR SHARE            claims the row together with others
 * FOR KEY SHARE        claims its existence together with others, as a row that refers to it
 * </pre>
 */
final class RowTableLocker implements RowLocker {
  private final String table;
  private final TableKeys keys;
  private final KeyValueStore store;
  private final Transaction transaction;
  private final LockOwner owner;
  private final LockStrength strength;
  private final LockWait wait;
  private final Runnable check;
  private final KeyWriter keyWriter = new KeyWriter();

  /**
   * @param check throws if the statement is to end
   */
  RowTableLocker(
      String table,
      TableKeys keys,
      KeyValueStore store,
      Transaction transaction,
      LockOwner owner,
      LockStrength strength,
      LockWait wait,
      Runnable check) {
    this.table = table;
    this.keys = keys;
    this.store = store;
    this.transaction = transaction;
    this.owner = owner;
    this.strength = strength;
    this.wait = wait;
    this.check = check;
  }

  @Override
  public boolean lock(VectorBatch rows, int position) {
    keyWriter.clear();
    for (Vector column : rows.columns()) {
      KeyColumns.add(keyWriter, column, position);
    }
    byte[] primaryKey = keyWriter.toByteArray();
    byte[] row = TableKeys.concat(keys.rows(), primaryKey, 0, primaryKey.length);
    if (!owner.lock(row, strength, wait, table, check)) {
      return false;
    }
    if (isChanged(row)) {
      if (wait == LockWait.SKIP_LOCKED) {
        return false;
      }
      throw LockOwner.changed(table);
    }
    claim(row, TableKeys.concat(keys.existence(), primaryKey, 0, primaryKey.length));
    return true;
  }

  /** Whether a commit would fail, as far as that can be seen: what was only claimed looks alike. */
  private boolean isChanged(byte[] row) {
    return transaction.isOutdated(row)
        || (!owner.hasWritten() && !Arrays.equals(store.get(row), transaction.get(row)));
  }

  private void claim(byte[] row, byte[] existence) {
    switch (strength) {
      case UPDATE -> {
        transaction.lockForUpdate(row);
        transaction.lockForUpdate(existence);
      }
      case NO_KEY_UPDATE -> transaction.lockForUpdate(row);
      case SHARE -> transaction.guard(row);
      case KEY_SHARE -> transaction.guard(existence);
    }
  }
}
