package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows held by the driver, such as those of metadata, as a session result. */
final class LocalResult implements SqlResult, RowBatch {
  private final List<ColumnInfo> columns;
  private final List<@Nullable Object[]> rows;
  private boolean fetched;

  /** A result; each row has one value per column, of the column type's value class. */
  LocalResult(List<ColumnInfo> columns, List<@Nullable Object[]> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** No columns, no rows. */
  static LocalResult empty() {
    return new LocalResult(List.of(), List.of());
  }

  @Override
  public List<ColumnInfo> columns() {
    return columns;
  }

  @Override
  public long updateCount() {
    return -1;
  }

  @Override
  public @Nullable RowBatch fetch(int maxRows) {
    if (fetched || rows.isEmpty()) {
      return null;
    }
    fetched = true;
    return this;
  }

  @Override
  public void close() {
    fetched = true;
  }

  @Override
  public int rowCount() {
    return rows.size();
  }

  @Override
  public boolean isNull(int column, int row) {
    return rows.get(row)[column] == null;
  }

  @Override
  public boolean getBoolean(int column, int row) {
    return (Boolean) value(column, row);
  }

  @Override
  public long getLong(int column, int row) {
    return ((Number) value(column, row)).longValue();
  }

  @Override
  public double getDouble(int column, int row) {
    return ((Number) value(column, row)).doubleValue();
  }

  @Override
  public @Nullable Object getObject(int column, int row) {
    return rows.get(row)[column];
  }

  private Object value(int column, int row) {
    return java.util.Objects.requireNonNull(rows.get(row)[column]);
  }
}
