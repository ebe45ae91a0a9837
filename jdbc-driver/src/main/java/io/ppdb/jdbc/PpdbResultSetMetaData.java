package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlType;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/** What is known about the columns of a result. Immutable. */
final class PpdbResultSetMetaData extends WrapperSupport implements ResultSetMetaData {
  /** Width shown for a value of no limited length. */
  private static final int UNLIMITED_DISPLAY_SIZE = Integer.MAX_VALUE;

  private final List<ColumnInfo> columns;
  private final String catalog;

  PpdbResultSetMetaData(List<ColumnInfo> columns, String catalog) {
    this.columns = columns;
    this.catalog = catalog;
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return column(column).label();
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return column(column).name();
  }

  @Override
  public String getTableName(int column) throws SQLException {
    return column(column).table();
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    return column(column).schema();
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    return column(column).table().isEmpty() ? "" : catalog;
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return column(column).type().jdbcType();
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return column(column).type().sqlName();
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return column(column).type().objectClass().getName();
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    ColumnInfo info = column(column);
    return info.precision() > 0 ? info.precision() : info.type().defaultPrecision();
  }

  @Override
  public int getScale(int column) throws SQLException {
    return column(column).scale();
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    ColumnInfo info = column(column);
    int precision = getPrecision(column);
    switch (info.type()) {
      case BOOLEAN:
        return 5;
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return precision + 1;
      case DECIMAL:
        return precision + 2;
      case REAL:
        return 15;
      case DOUBLE:
        return 25;
      default:
        return precision == 0 ? UNLIMITED_DISPLAY_SIZE : precision;
    }
  }

  @Override
  public int isNullable(int column) throws SQLException {
    switch (column(column).nullability()) {
      case NOT_NULL:
        return columnNoNulls;
      case NULLABLE:
        return columnNullable;
      default:
        return columnNullableUnknown;
    }
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    return column(column).isAutoIncrement();
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return column(column).type().isText();
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    column(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    column(column);
    return false;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    SqlType type = column(column).type();
    return type.isNumeric();
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    return column(column).table().isEmpty();
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    return !isReadOnly(column);
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    column(column);
    return false;
  }

  private ColumnInfo column(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw SqlErrors.invalidArgument(
          "column index " + column + " is not within 1.." + columns.size());
    }
    return columns.get(column - 1);
  }
}
