package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final RowEncoder encoder;
  private final KeyWriter keyWriter = new KeyWriter();
  private final byte[][] indexPrefixes;

  /** Which indexes are keys that other tables refer to. */
  private final boolean[] referenced;

  RowTableWriter(
      TableDefinition table,
      RowLayout layout,
      TableKeys keys,
      RowIds rowIds,
      Transaction transaction) {
    this.table = table;
    this.layout = layout;
    this.keys = keys;
    this.rowIds = rowIds;
    this.transaction = transaction;
    this.encoder = new RowEncoder(layout);
    this.indexPrefixes = new byte[table.indexes().size()][];
    this.referenced = new boolean[indexPrefixes.length];
    for (int i = 0; i < indexPrefixes.length; i++) {
      int number = table.indexes().get(i).number();
      indexPrefixes[i] = keys.prefix(number);
      referenced[i] =
          table.constraints().references().stream()
              .anyMatch(reference -> reference.keyNumber() == number);
    }
  }

  @Override
  public void insert(VectorBatch rows) {
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      byte[] row = encoder.encode(rows, position);
      byte[] primaryKey = insertRow(rows, position, row);
      for (int index = 0; index < indexPrefixes.length; index++) {
        insertEntry(index, rows, position, primaryKey);
      }
    }
  }

  /** Stores the row and returns its encoded primary key. */
  private byte[] insertRow(VectorBatch rows, int position, byte[] row) {
    if (table.hasPrimaryKey()) {
      byte[] primaryKey = primaryKey(rows, position);
      if (!transaction.putIfAbsent(withPrefix(keys.rows(), primaryKey), row)) {
        throw duplicate(table.primaryKeyName(), table.primaryKey(), rows, position);
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
    boolean[] changed = new boolean[table.columns().size()];
    for (int column : changedColumns) {
      changed[column] = true;
    }
    for (int i = 0; i < oldRows.size(); i++) {
      updateRow(oldRows, oldRows.position(i), newRows, newRows.position(i), changed);
    }
  }

  private void updateRow(
      VectorBatch oldRows,
      int oldPosition,
      VectorBatch newRows,
      int newPosition,
      boolean[] changed) {
    byte[] row = encoder.encode(newRows, newPosition);
    byte[] oldKey = primaryKey(oldRows, oldPosition);
    byte[] newKey = oldKey;
    if (table.primaryKey().stream().anyMatch(column -> changed[column])) {
      newKey = primaryKey(newRows, newPosition);
    }
    boolean moved = !Arrays.equals(oldKey, newKey);
    if (moved) {
      transaction.delete(withPrefix(keys.rows(), oldKey));
      transaction.lockForUpdate(withPrefix(keys.existence(), oldKey));
      if (!transaction.putIfAbsent(withPrefix(keys.rows(), newKey), row)) {
        throw duplicate(table.primaryKeyName(), table.primaryKey(), newRows, newPosition);
      }
    } else {
      transaction.put(withPrefix(keys.rows(), oldKey), row);
    }
    for (int index = 0; index < indexPrefixes.length; index++) {
      if (moved || touches(table.indexes().get(index), changed)) {
        byte[] oldEntry = entryKey(index, oldRows, oldPosition, oldKey);
        byte[] newEntry = entryKey(index, newRows, newPosition, newKey);
        if (moved || !Arrays.equals(oldEntry, newEntry)) {
          transaction.delete(oldEntry);
          if (referenced[index] && !moved) {
            transaction.lockForUpdate(withPrefix(keys.existence(), oldKey));
          }
          insertEntry(index, newRows, newPosition, newKey);
        }
      }
    }
  }

  private static boolean touches(IndexDefinition index, boolean[] changed) {
    for (IndexDefinition.Column column : index.columns()) {
      if (changed[column.ordinal()]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void delete(VectorBatch rows) {
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      byte[] primaryKey = primaryKey(rows, position);
      transaction.delete(withPrefix(keys.rows(), primaryKey));
      transaction.lockForUpdate(withPrefix(keys.existence(), primaryKey));
      for (int index = 0; index < indexPrefixes.length; index++) {
        transaction.delete(entryKey(index, rows, position, primaryKey));
      }
    }
  }

  /** Adds the entry of a row that may have it already, from whoever wrote the row meanwhile. */
  void fillEntry(int index, VectorBatch rows, int position, byte[] primaryKey) {
    byte[] key = entryKey(index, rows, position, primaryKey);
    byte[] known = transaction.get(key);
    if (known == null) {
      transaction.put(key, primaryKey);
    } else if (!Arrays.equals(known, primaryKey)) {
      IndexDefinition definition = table.indexes().get(index);
      throw duplicate(definition.name(), ordinals(definition), rows, position);
    }
  }

  /** Adds the entry of a row to the index at {@code index}. */
  private void insertEntry(int index, VectorBatch rows, int position, byte[] primaryKey) {
    IndexDefinition definition = table.indexes().get(index);
    byte[] key = entryKey(index, rows, position, primaryKey);
    if (isUniqueEntry(definition, rows, position)) {
      if (!transaction.putIfAbsent(key, primaryKey)) {
        throw duplicate(definition.name(), ordinals(definition), rows, position);
      }
    } else {
      transaction.put(key, primaryKey);
    }
  }

  private byte[] entryKey(int index, VectorBatch rows, int position, byte[] primaryKey) {
    IndexDefinition definition = table.indexes().get(index);
    byte[] prefix = indexPrefixes[index];
    keyWriter.clear().addEncoded(prefix, 0, prefix.length);
    for (IndexDefinition.Column column : definition.columns()) {
      keyWriter.order(KeyColumns.order(column.descending()));
      KeyColumns.add(keyWriter, rows.column(column.ordinal()), position);
    }
    if (!isUniqueEntry(definition, rows, position)) {
      keyWriter.addEncoded(primaryKey, 0, primaryKey.length);
    }
    return keyWriter.toByteArray();
  }

  /** Whether no second row may have the same entry: unique, and no NULL in it. */
  private static boolean isUniqueEntry(IndexDefinition index, VectorBatch rows, int position) {
    if (!index.unique()) {
      return false;
    }
    for (IndexDefinition.Column column : index.columns()) {
      if (rows.column(column.ordinal()).isNull(position)) {
        return false;
      }
    }
    return true;
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
      } else if (isUniqueEntry(table.indexes().get(index), rows, position)) {
        byte[] primaryKey = transaction.get(entryKey(index, rows, position, NO_BYTES));
        if (primaryKey != null) {
          return withPrefix(keys.rows(), primaryKey);
        }
      }
    }
    return null;
  }

  @Override
  public BatchSource rows(List<byte[]> rowKeys) {
    int[] columns = new int[table.columns().size() + (table.hasPrimaryKey() ? 0 : 1)];
    Arrays.setAll(columns, column -> column);
    RowDecoder decoder = new RowDecoder(table, layout, keys.rows().length, columns);
    return new RowGetSource(transaction, decoder, rowKeys);
  }

  private static byte[] withPrefix(byte[] prefix, byte[] key) {
    return TableKeys.concat(prefix, key, 0, key.length);
  }

  private static List<Integer> ordinals(IndexDefinition index) {
    return index.columns().stream().map(IndexDefinition.Column::ordinal).toList();
  }

  private PpdbException duplicate(
      String constraint, List<Integer> ordinals, VectorBatch rows, int position) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int ordinal : ordinals) {
      names.add(table.column(ordinal).name());
      values.add(String.valueOf(rows.column(ordinal).getObject(position)));
    }
    return new PpdbException(
        ErrorCode.UNIQUE_VIOLATION,
        "duplicate key value violates unique constraint \""
            + constraint
            + "\": key ("
            + String.join(", ", names)
            + ")=("
            + String.join(", ", values)
            + ") already exists");
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
