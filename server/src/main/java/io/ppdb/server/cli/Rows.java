package io.ppdb.server.cli;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one result, read once. Not thread-safe. */
interface Rows {
  /**
   * A column.
   *
   * @param isNumeric whether its values are shown flush right
   */
  record Column(String label, boolean isNumeric) {}

  List<Column> columns();

  /** The next row, one value per column, or null after the last. */
  @Nullable Object @Nullable [] next() throws SQLException;

  /** Rows that are there already. */
  static Rows of(List<Column> columns, List<@Nullable Object[]> rows) {
    Iterator<@Nullable Object[]> iterator = rows.iterator();
    return new Rows() {
      @Override
      public List<Column> columns() {
        return columns;
      }

      @Override
      public @Nullable Object @Nullable [] next() {
        return iterator.hasNext() ? iterator.next() : null;
      }
    };
  }
}
