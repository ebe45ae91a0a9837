package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.lock.LockOwner;
import io.ppdb.relational.lock.LockStrength;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows and index entries into a transaction, and keeps keys unique. */
final class RowTableWriter implements TableWriter {
  private static final byte[] NO_BYTES = {};

  private final TableDefinition table;
  private final RowLayout layout;
  private final TableKeys keys;
  private final RowIds rowIds;
  private final Transaction transaction;
  private final @Nullable LockOwner locks;
  private final Runnable check;
  private final RowEncoder encoder;
  private final KeyWriter keyWriter = new KeyWriter();
  private final IndexExpressions expressions;

  /** The entries of rows as they are written; of updated rows, as they become. */
  private final IndexEntries[] indexes;

  /** The entries of rows as they were before an update; empty until there is one. */
  private IndexEntries[] oldIndexes = {};

  /**
   * @param locks whoever writes, and waits for those who have locked what he writes; null for
   *     nobody
   * @param check throws if the statement is to end
   */
  RowTableWriter(
      TableDefinition table,
      RowLayout layout,
      TableKeys keys,
      List<IndexShape> indexShapes,
      IndexExpressions expressions,
      RowIds rowIds,
      Transaction transaction,
      @Nullable LockOwner locks,
      Runnable check) {
    this.table = table;
    this.layout = layout;
    this.keys = keys;
    this.rowIds = rowIds;
    this.transaction = transaction;
    this.locks = locks;
    this.check = check;
    this.expressions = expressions;
    this.encoder = new RowEncoder(layout);
    this.indexes = new IndexEntries[indexShapes.size()];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = new IndexEntries(table, indexShapes.get(i), expressions, keyWriter);
    }
  }

  @Override
  public void insert(VectorBatch rows) {
    load(indexes, rows);
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      byte[] row = encoder.encode(rows, position);
      byte[] primaryKey = insertRow(rows, position, row);
      for (IndexEntries index : indexes) {
        if (index.has(position)) {
          insertEntry(index, position, primaryKey);
        }
      }
    }
  }

  private static void load(IndexEntries[] indexes, VectorBatch rows) {
    for (IndexEntries index : indexes) {
      index.load(rows);
    }
  }

  /** Stores the row and returns its encoded primary key. */
  private byte[] insertRow(VectorBatch rows, int position, byte[] row) {
    if (table.hasPrimaryKey()) {
      byte[] primaryKey = primaryKey(rows, position);
      byte[] rowKey = withPrefix(keys.rows(), primaryKey);
      awaitAbsent(rowKey);
      if (!transaction.putIfAbsent(rowKey, row)) {
        throw duplicatePrimaryKey(rows, position);
      }
      return primaryKey;
    }
    while (true) {
      byte[] rowId = keyWriter.clear().addLong(rowIds.next()).toByteArray();
      if (transaction.putIfAbsent(withPrefix(keys.rows(), rowId), row)) {
        return rowId;
      }
    }
  }

  @Override
  public void update(VectorBatch oldRows, VectorBatch newRows, int[] changedColumns) {
    BitSet changed = new BitSet(table.columns().size());
    for (int column : changedColumns) {
      changed.set(column);
    }
    if (oldIndexes.length < indexes.length) {
      oldIndexes = new IndexEntries[indexes.length];
      for (int i = 0; i < indexes.length; i++) {
        oldIndexes[i] = new IndexEntries(table, indexes[i].shape(), expressions, keyWriter);
      }
    }
    load(oldIndexes, oldRows);
    load(indexes, newRows);
    for (int i = 0; i < oldRows.size(); i++) {
      updateRow(oldRows, oldRows.position(i), newRows, newRows.position(i), changed);
    }
  }

  private void updateRow(
      VectorBatch oldRows, int oldPosition, VectorBatch newRows, int newPosition, BitSet changed) {
    byte[] row = encoder.encode(newRows, newPosition);
    byte[] oldKey = primaryKey(oldRows, oldPosition);
    byte[] newKey = oldKey;
    if (table.primaryKey().stream().anyMatch(changed::get)) {
      newKey = primaryKey(newRows, newPosition);
    }
    boolean moved = !Arrays.equals(oldKey, newKey);
    byte[] oldRow = withPrefix(keys.rows(), oldKey);
    awaitWritable(oldRow, moved ? LockStrength.UPDATE : LockStrength.NO_KEY_UPDATE);
    if (moved) {
      transaction.delete(oldRow);
      transaction.lockForUpdate(withPrefix(keys.existence(), oldKey));
      byte[] newRow = withPrefix(keys.rows(), newKey);
      awaitAbsent(newRow);
      if (!transaction.putIfAbsent(newRow, row)) {
        throw duplicatePrimaryKey(newRows, newPosition);
      }
    } else {
      transaction.put(oldRow, row);
    }
    for (int i = 0; i < indexes.length; i++) {
      if (moved || indexes[i].shape().columnsRead().intersects(changed)) {
        updateEntry(oldIndexes[i], oldPosition, oldKey, indexes[i], newPosition, newKey);
      }
    }
  }

  private void updateEntry(
      IndexEntries before,
      int oldPosition,
      byte[] oldKey,
      IndexEntries after,
      int newPosition,
      byte[] newKey) {
    byte[] oldEntry = before.has(oldPosition) ? before.key(oldPosition, oldKey) : null;
    byte[] newEntry = after.has(newPosition) ? after.key(newPosition, newKey) : null;
    boolean moved = !Arrays.equals(oldKey, newKey);
    if (!moved && newEntry != null && Arrays.equals(oldEntry, newEntry)) {
      if (after.shape().includesColumns()) {
        transaction.put(newEntry, after.value(newPosition, newKey));
      }
      return;
    }
    if (oldEntry != null) {
      transaction.delete(oldEntry);
      if (after.shape().isReferenced() && !moved) {
        transaction.lockForUpdate(withPrefix(keys.existence(), oldKey));
      }
    }
    if (newEntry != null) {
      insertEntry(after, newPosition, newKey);
    }
  }

  @Override
  public void delete(VectorBatch rows) {
    load(indexes, rows);
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      byte[] primaryKey = primaryKey(rows, position);
      byte[] row = withPrefix(keys.rows(), primaryKey);
      awaitWritable(row, LockStrength.UPDATE);
      transaction.delete(row);
      transaction.lockForUpdate(withPrefix(keys.existence(), primaryKey));
      for (IndexEntries index : indexes) {
        if (index.has(position)) {
          transaction.delete(index.key(position, primaryKey));
        }
      }
    }
  }

  /** Adds the entry of a row that may have it already, from whoever wrote the row meanwhile. */
  void fillEntry(int place, VectorBatch rows, int position, byte[] primaryKey) {
    IndexEntries index = indexes[place];
    index.load(rows, position);
    if (!index.has(position)) {
      return;
    }
    byte[] key = index.key(position, primaryKey);
    byte[] known = transaction.get(key);
    if (known == null) {
      transaction.put(key, index.value(position, primaryKey));
    } else if (!Arrays.equals(index.rowKey(NO_BYTES, known), primaryKey)) {
      throw duplicate(index, position);
    }
  }

  /** Adds the entry of a row that has one. */
  private void insertEntry(IndexEntries index, int position, byte[] primaryKey) {
    byte[] key = index.key(position, primaryKey);
    byte[] value = index.value(position, primaryKey);
    if (!index.isUnique(position)) {
      transaction.put(key, value);
      return;
    }
    awaitAbsent(key);
    if (!transaction.putIfAbsent(key, value)) {
      throw duplicate(index, position);
    }
  }

  /** The encoded primary key, or row id, of a row that is there: visible columns, then locator. */
  private byte[] primaryKey(VectorBatch rows, int position) {
    keyWriter.clear();
    if (!table.hasPrimaryKey()) {
      LongVector rowId = (LongVector) rows.column(table.columns().size());
      return keyWriter.addLong(rowId.get(position)).toByteArray();
    }
    for (int ordinal : table.primaryKey()) {
      KeyColumns.add(keyWriter, rows.column(ordinal), position);
    }
    return keyWriter.toByteArray();
  }

  @Override
  public byte @Nullable [] conflictingRow(VectorBatch rows, int position, int[] uniqueKeys) {
    for (int index : uniqueKeys) {
      if (index == PRIMARY_KEY) {
        byte[] key = withPrefix(keys.rows(), primaryKey(rows, position));
        if (transaction.get(key) != null) {
          return key;
        }
      } else {
        byte[] key = conflictingRow(indexes[index], rows, position);
        if (key != null) {
          return key;
        }
      }
    }
    return null;
  }

  private byte @Nullable [] conflictingRow(IndexEntries index, VectorBatch rows, int position) {
    index.load(rows, position);
    if (!index.has(position) || !index.isUnique(position)) {
      return null;
    }
    byte[] entry = transaction.get(index.key(position, NO_BYTES));
    return entry == null ? null : index.rowKey(keys.rows(), entry);
  }

  @Override
  public BatchSource rows(List<byte[]> rowKeys) {
    int[] columns = new int[table.columns().size() + (table.hasPrimaryKey() ? 0 : 1)];
    Arrays.setAll(columns, column -> column);
    RowDecoder decoder = new RowDecoder(table, layout, keys.rows().length, columns);
    return new RowGetSource(transaction, decoder, rowKeys, false);
  }

  /** Waits for who has locked the row; CONFLICT if a commit since the snapshot has changed it. */
  private void awaitWritable(byte[] row, LockStrength strength) {
    if (locks != null) {
      locks.awaitWritable(row, strength, table.name(), check);
      if (transaction.isOutdated(row)) {
        throw LockOwner.changed(table.name());
      }
    }
  }

  /**
   * Waits for who is about to write the same key of a row or unique index entry, or to delete it.
   */
  private void awaitAbsent(byte[] key) {
    if (locks != null && locks.locksWrites()) {
      awaitWritable(key, LockStrength.UPDATE);
    }
  }

  private static byte[] withPrefix(byte[] prefix, byte[] key) {
    return TableKeys.concat(prefix, key, 0, key.length);
  }

  private PpdbException duplicatePrimaryKey(VectorBatch rows, int position) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int ordinal : table.primaryKey()) {
      names.add(table.column(ordinal).name());
      values.add(String.valueOf(rows.column(ordinal).getObject(position)));
    }
    return duplicate(
        table.primaryKeyName(),
        "(" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")");
  }

  private static PpdbException duplicate(IndexEntries index, int position) {
    return duplicate(index.shape().index().name(), index.describe(position));
  }

  private static PpdbException duplicate(String constraint, String key) {
    return new PpdbException(
        ErrorCode.UNIQUE_VIOLATION,
        "duplicate key value violates unique constraint \""
            + constraint
            + "\": key "
            + key
            + " already exists");
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
