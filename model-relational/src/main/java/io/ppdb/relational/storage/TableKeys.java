package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.HexFormat;
import java.util.List;

/** The prefixes and key columns of a table's rows and indexes. Immutable. */
final class TableKeys {
  static final int EXISTENCE = 1;

  /** The number of a table's first index. */
  static final int FIRST_INDEX = 2;

  private final long id;
  private final byte[] rows;
  private final byte[] existence;

  TableKeys(TableDefinition table) {
    this.id = table.id();
    this.rows = prefix(table.rowsNumber());
    this.existence = prefix(EXISTENCE);
  }

  /** The prefix of all rows. */
  byte[] rows() {
    return rows;
  }

  /** The prefix of the keys that stand for the existence of rows. */
  byte[] existence() {
    return existence;
  }

  KeyRange rowRange() {
    return KeyRange.prefix(rows);
  }

  byte[] prefix(int number) {
    return new KeyWriter().addLong(id).addLong(number).toByteArray();
  }

  /** The columns of the primary key, as columns of an index. */
  static List<IndexDefinition.Column> primaryKeyColumns(TableDefinition table) {
    return table.primaryKey().stream()
        .map(ordinal -> new IndexDefinition.Column(ordinal, false))
        .toList();
  }

  /** The key {@code prefix + suffix}. */
  static byte[] concat(byte[] prefix, byte[] suffix, int offset, int length) {
    byte[] key = new byte[prefix.length + length];
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    System.arraycopy(suffix, offset, key, prefix.length, length);
    return key;
  }

  /** What it is if an index entry leads to {@code rowKey} and no row has it. */
  static PpdbException missingRow(byte[] rowKey) {
    return corrupt(
        "an index entry points to a row that is not there: key "
            + HexFormat.of().formatHex(rowKey));
  }

  static PpdbException corrupt(String what) {
    return new PpdbException(ErrorCode.CORRUPTION, what);
  }
}
