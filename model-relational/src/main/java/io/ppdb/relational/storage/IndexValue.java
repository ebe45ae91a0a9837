package io.ppdb.relational.storage;

import io.ppdb.kv.Slice;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of an index lead to.
 *
 * <pre>
 *   primary key                                of an index that includes no columns
 *   length (2 bytes), primary key, row         the row has the included columns
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class IndexValue {
  private static final int LENGTH_BYTES = 2;

  private final List<Integer> included;
  private final @Nullable RowLayout layout;
  private final @Nullable RowEncoder encoder;

  IndexValue(TableDefinition table, IndexDefinition index) {
    this.included = index.included();
    this.layout = included.isEmpty() ? null : includedLayout(table, index);
    this.encoder = layout == null ? null : new RowEncoder(layout);
  }

  /** The layout of the columns that the entries of {@code index} include, in their order. */
  static RowLayout includedLayout(TableDefinition table, IndexDefinition index) {
    List<ColumnType> types =
        index.included().stream().map(ordinal -> table.column(ordinal).type()).toList();
    return new RowLayout(types);
  }

  /** The value of the entry of a row. */
  byte[] encode(VectorBatch rows, int position, byte[] primaryKey) {
    RowEncoder columns = encoder;
    if (columns == null) {
      return primaryKey;
    }
    Vector[] vectors = new Vector[included.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = rows.column(included.get(i));
    }
    byte[] row = columns.encode(new VectorBatch(vectors), position);
    byte[] value = new byte[LENGTH_BYTES + primaryKey.length + row.length];
    value[0] = (byte) (primaryKey.length >> 8);
    value[1] = (byte) primaryKey.length;
    System.arraycopy(primaryKey, 0, value, LENGTH_BYTES, primaryKey.length);
    System.arraycopy(row, 0, value, LENGTH_BYTES + primaryKey.length, row.length);
    return value;
  }

  /**
   * The key of the row that an entry leads to.
   *
   * @param rowsPrefix the prefix of the table's rows
   * @param withColumns whether the index includes columns
   */
  static byte[] rowKey(byte[] rowsPrefix, Slice value, boolean withColumns) {
    return rowKey(rowsPrefix, value.array(), value.offset(), value.length(), withColumns);
  }

  static byte[] rowKey(byte[] prefix, byte[] value, boolean withColumns) {
    return rowKey(prefix, value, 0, value.length, withColumns);
  }

  private static byte[] rowKey(
      byte[] prefix, byte[] value, int offset, int length, boolean withColumns) {
    return withColumns
        ? TableKeys.concat(
            prefix, value, offset + LENGTH_BYTES, primaryKeyLength(value, offset, length))
        : TableKeys.concat(prefix, value, offset, length);
  }

  /** Where in a value with included columns, which begins at {@code offset}, the key begins. */
  static int keyOffset(int offset) {
    return offset + LENGTH_BYTES;
  }

  /** Where in a value with included columns their row begins. */
  static int rowOffset(byte[] value, int offset, int length) {
    return offset + LENGTH_BYTES + primaryKeyLength(value, offset, length);
  }

  private static int primaryKeyLength(byte[] value, int offset, int length) {
    int keyLength =
        length < LENGTH_BYTES ? length : (value[offset] & 0xFF) << 8 | (value[offset + 1] & 0xFF);
    if (LENGTH_BYTES + keyLength > length) {
      throw TableKeys.corrupt(
          "index entry of " + length + " bytes with a key of " + keyLength + " bytes in it");
    }
    return keyLength;
  }
}
