package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;

/** Checks rows before they are written: NOT NULL, and the lengths of strings. */
final class RowChecks {
  private RowChecks() {}

  /**
   * The type that values for a column are converted to first: a string keeps its length, so that
   * one that is too long is an error rather than cut off.
   */
  static ColumnType writeType(ColumnType type) {
    return type.kind() == TypeKind.VARCHAR ? ColumnType.TEXT : type;
  }

  /** Checks the live rows of {@code batch} for {@code column} of the table. */
  static void check(TableDefinition table, int column, VectorBatch batch) {
    ColumnDefinition definition = table.column(column);
    Vector vector = batch.column(column);
    boolean isLimited =
        definition.type().kind() == TypeKind.VARCHAR
            && definition.type().precision() != ColumnType.UNLIMITED;
    if ((definition.nullable() || !vector.hasNulls()) && !isLimited) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      int position = batch.position(i);
      if (vector.isNull(position)) {
        if (!definition.nullable()) {
          throw new PpdbException(
              ErrorCode.NOT_NULL_VIOLATION,
              "null value in column \""
                  + definition.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" violates not-null constraint");
        }
      } else if (isLimited) {
        checkLength(definition, (BytesVector) vector, position);
      }
    }
  }

  private static void checkLength(ColumnDefinition column, BytesVector vector, int position) {
    int limit = column.type().precision();
    if (vector.lengths()[position] <= limit) {
      return; // characters are at most bytes
    }
    String text = vector.getString(position);
    if (text.codePointCount(0, text.length()) > limit) {
      throw new PpdbException(
          ErrorCode.STRING_TOO_LONG,
          "value too long for type " + column.type() + " of column \"" + column.name() + "\"");
    }
  }
}
