package io.ppdb.relational.storage;

import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of rows in one index: which rows have one, their keys and values. First it is {@link
 * #load given} the rows, then asked about one after the other. Used by one thread.
 */
final class IndexEntries {
  private final TableDefinition table;
  private final IndexShape shape;
  private final KeyWriter keyWriter;
  private final @Nullable ComputedColumns computed;
  private final @Nullable IndexValue value;

  private VectorBatch rows = new VectorBatch();

  /** Where rows have an entry; null if all have. */
  private @Nullable BitSet covered;

  /**
   * @param keyWriter may be shared: nothing is kept in it
   */
  IndexEntries(
      TableDefinition table, IndexShape shape, IndexExpressions expressions, KeyWriter keyWriter) {
    this.table = table;
    this.shape = shape;
    this.keyWriter = keyWriter;
    this.computed =
        shape.isComputed() ? new ComputedColumns(table, shape.index(), expressions) : null;
    this.value = shape.includesColumns() ? new IndexValue(table, shape.index()) : null;
  }

  IndexShape shape() {
    return shape;
  }

  /** Takes the live rows of {@code batch} to be asked about. */
  void load(VectorBatch batch) {
    if (computed == null) {
      rows = batch;
    } else {
      use(computed.of(batch));
    }
  }

  /** Takes the row at one position to be asked about. */
  void load(VectorBatch batch, int position) {
    if (computed == null) {
      rows = batch;
    } else {
      use(computed.of(batch, position));
    }
  }

  private void use(VectorBatch batch) {
    BitSet positions = new BitSet(batch.rowCount());
    for (int i = 0; i < batch.size(); i++) {
      positions.set(batch.position(i));
    }
    rows = batch;
    covered = positions;
  }

  /** Whether the row has an entry; only of those that have one the rest may be asked. */
  boolean has(int position) {
    return covered == null || covered.get(position);
  }

  /** Whether no second row may have the same entry. */
  boolean isUnique(int position) {
    if (!shape.index().unique()) {
      return false;
    }
    if (shape.index().nullsDistinct()) {
      for (IndexDefinition.Column column : shape.columns()) {
        if (rows.column(column.ordinal()).isNull(position)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The key of the row's entry. */
  byte[] key(int position, byte[] primaryKey) {
    keyWriter.clear().addEncoded(shape.prefix(), 0, shape.prefix().length);
    for (IndexDefinition.Column column : shape.columns()) {
      keyWriter.order(KeyColumns.order(column.descending()));
      KeyColumns.add(keyWriter, rows.column(column.ordinal()), position);
    }
    if (!isUnique(position)) {
      keyWriter.addEncoded(primaryKey, 0, primaryKey.length);
    }
    return keyWriter.toByteArray();
  }

  /** The value of the row's entry. */
  byte[] value(int position, byte[] primaryKey) {
    return value == null ? primaryKey : value.encode(rows, position, primaryKey);
  }

  /** The key, behind {@code rowsPrefix}, of the row that an entry leads to. */
  byte[] rowKey(byte[] rowsPrefix, byte[] entry) {
    return IndexValue.rowKey(rowsPrefix, entry, shape.includesColumns());
  }

  /** The row's key in messages: {@code (a, lower(b))=(1, x)}. */
  String describe(int position) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (IndexDefinition.Column column : shape.columns()) {
      names.add(column.name(table));
      values.add(String.valueOf(rows.column(column.ordinal()).getObject(position)));
    }
    return "(" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")";
  }
}
