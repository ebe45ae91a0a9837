package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import java.util.List;

/** The rows that the recursive part of a query sees: those that its last round found. */
final class WorkingTable {
  private RowBuffer rows = new RowBuffer(List.<ColumnType>of());

  void set(RowBuffer newRows) {
    rows = newRows;
  }

  RowBuffer rows() {
    return rows;
  }
}
