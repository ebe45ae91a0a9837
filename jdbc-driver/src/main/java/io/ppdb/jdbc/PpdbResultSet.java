package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.rowset.serial.SerialBlob;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a {@link SqlResult}, forward-only and read-only.
 *
 * <p>Stands on row {@code row} of {@code batch}; the typed getters read numbers from the batch
 * without boxing. Used by one thread at a time.
 */
final class PpdbResultSet extends LabelledResultSet {
  private final PpdbStatement statement;
  private final SqlResult result;
  private final List<ColumnInfo> columns;
  private final SqlType[] types;
  private @Nullable Map<String, Integer> indexByLabel;

  private @Nullable RowBatch batch;
  private int row = -1;
  private int batchRowCount;
  private int rowNumber;
  private boolean exhausted;
  private boolean wasNull;
  private boolean closed;
  private int fetchSize;

  PpdbResultSet(PpdbStatement statement, SqlResult result, int fetchSize) {
    this.statement = statement;
    this.result = result;
    this.fetchSize = fetchSize;
    columns = result.columns();
    types = new SqlType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = columns.get(i).type();
    }
  }

  @Override
  public boolean next() throws SQLException {
    if (++row < batchRowCount) {
      rowNumber++;
      return true;
    }
    return nextBatch();
  }

  private boolean nextBatch() throws SQLException {
    checkOpen();
    if (!exhausted) {
      fetchBatch();
      row = 0;
    }
    if (exhausted) {
      row = batchRowCount;
      return false;
    }
    rowNumber++;
    return true;
  }

  private void fetchBatch() throws SQLException {
    batch = statement.fetch(result, fetchSize);
    batchRowCount = batch == null ? 0 : batch.rowCount();
    exhausted = batch == null;
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      closed = true;
      batch = null;
      batchRowCount = 0;
      exhausted = true;
      statement.closed(this, result);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean wasNull() throws SQLException {
    checkOpen();
    return wasNull;
  }

  // ---- Values by index

  @Override
  public boolean getBoolean(int columnIndex) throws SQLException {
    RowBatch rows = locate(columnIndex);
    if (wasNull) {
      return false;
    }
    int column = columnIndex - 1;
    return types[column] == SqlType.BOOLEAN
        ? rows.getBoolean(column, row)
        : Conversions.toBoolean(valueOf(rows, column));
  }

  @Override
  public byte getByte(int columnIndex) throws SQLException {
    return (byte) integer(columnIndex, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
  }

  @Override
  public short getShort(int columnIndex) throws SQLException {
    return (short) integer(columnIndex, Short.MIN_VALUE, Short.MAX_VALUE, "short");
  }

  @Override
  public int getInt(int columnIndex) throws SQLException {
    return (int) integer(columnIndex, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
  }

  @Override
  public long getLong(int columnIndex) throws SQLException {
    return integer(columnIndex, Long.MIN_VALUE, Long.MAX_VALUE, "long");
  }

  private long integer(int columnIndex, long min, long max, String target) throws SQLException {
    RowBatch rows = locate(columnIndex);
    if (wasNull) {
      return 0;
    }
    int column = columnIndex - 1;
    return types[column].isInteger()
        ? Conversions.checkRange(rows.getLong(column, row), min, max, target)
        : Conversions.toInteger(valueOf(rows, column), min, max, target);
  }

  @Override
  public float getFloat(int columnIndex) throws SQLException {
    return Conversions.toFloat(getDouble(columnIndex));
  }

  @Override
  public double getDouble(int columnIndex) throws SQLException {
    RowBatch rows = locate(columnIndex);
    if (wasNull) {
      return 0;
    }
    int column = columnIndex - 1;
    if (types[column].isFloat()) {
      return rows.getDouble(column, row);
    }
    return types[column].isInteger()
        ? rows.getLong(column, row)
        : Conversions.toDouble(valueOf(rows, column));
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : Conversions.toDecimal(value);
  }

  /**
   * Reads a number, rounded to a scale.
   *
   * @deprecated as in java.sql
   */
  @Deprecated
  @Override
  public @Nullable BigDecimal getBigDecimal(int columnIndex, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(columnIndex);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public @Nullable String getString(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : Conversions.toText(value);
  }

  @Override
  public @Nullable String getNString(int columnIndex) throws SQLException {
    return getString(columnIndex);
  }

  @Override
  public byte @Nullable [] getBytes(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : Conversions.toBytes(value);
  }

  @Override
  public @Nullable Date getDate(int columnIndex) throws SQLException {
    return getDate(columnIndex, null);
  }

  @Override
  public @Nullable Date getDate(int columnIndex, @Nullable Calendar calendar) throws SQLException {
    Object value = value(columnIndex);
    return value == null
        ? null
        : LegacyTimes.date(Conversions.toDate(value, LegacyTimes.zone(calendar)), calendar);
  }

  @Override
  public @Nullable Time getTime(int columnIndex) throws SQLException {
    return getTime(columnIndex, null);
  }

  @Override
  public @Nullable Time getTime(int columnIndex, @Nullable Calendar calendar) throws SQLException {
    Object value = value(columnIndex);
    return value == null
        ? null
        : LegacyTimes.time(Conversions.toTime(value, LegacyTimes.zone(calendar)), calendar);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int columnIndex) throws SQLException {
    return getTimestamp(columnIndex, null);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int columnIndex, @Nullable Calendar calendar)
      throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : LegacyTimes.toTimestamp(value, calendar);
  }

  @Override
  public @Nullable Object getObject(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value instanceof List ? array(columnIndex, value) : Conversions.toObject(value);
  }

  @Override
  public <T> @Nullable T getObject(int columnIndex, Class<T> type) throws SQLException {
    if (type == null) {
      throw SqlErrors.invalidArgument("getObject needs a class");
    }
    Object value = value(columnIndex);
    if (value instanceof List && (type == Array.class || type == Object.class)) {
      return type.cast(array(columnIndex, value));
    }
    return value == null ? null : Conversions.toClass(value, type);
  }

  @Override
  public @Nullable Object getObject(int columnIndex, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw SqlErrors.notSupported("PPDB has no user-defined types that a map could name");
    }
    return getObject(columnIndex);
  }

  @Override
  public @Nullable InputStream getBinaryStream(int columnIndex) throws SQLException {
    byte[] bytes = getBytes(columnIndex);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable InputStream getAsciiStream(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Reads text as UTF-16 bytes.
   *
   * @deprecated as in java.sql
   */
  @Deprecated
  @Override
  public @Nullable InputStream getUnicodeStream(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_16));
  }

  @Override
  public @Nullable Reader getCharacterStream(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public @Nullable Reader getNCharacterStream(int columnIndex) throws SQLException {
    return getCharacterStream(columnIndex);
  }

  @Override
  public @Nullable Blob getBlob(int columnIndex) throws SQLException {
    byte[] bytes = getBytes(columnIndex);
    return bytes == null ? null : new SerialBlob(bytes);
  }

  @Override
  public @Nullable Clob getClob(int columnIndex) throws SQLException {
    return getNClob(columnIndex);
  }

  @Override
  public @Nullable NClob getNClob(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : MemoryClob.of(text);
  }

  @Override
  public @Nullable URL getURL(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    try {
      return text == null ? null : new URL(text);
    } catch (MalformedURLException e) {
      throw Conversions.notReadable(java.util.Objects.requireNonNull(text), "URL");
    }
  }

  @Override
  public Ref getRef(int columnIndex) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no REF type");
  }

  @Override
  public @Nullable Array getArray(int columnIndex) throws SQLException {
    return array(columnIndex, value(columnIndex));
  }

  private @Nullable Array array(int columnIndex, @Nullable Object value) throws SQLException {
    if (value == null) {
      return null;
    }
    if (!(value instanceof List)) {
      throw Conversions.notReadable(value, "Array");
    }
    return new PpdbArray(
        statement.connection, columns.get(columnIndex - 1).elementType(), (List<?>) value);
  }

  @Override
  public RowId getRowId(int columnIndex) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no ROWID; rows are known by their primary key");
  }

  @Override
  public SQLXML getSQLXML(int columnIndex) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no XML type");
  }

  /** The current value, null if it is; sets {@link #wasNull}. */
  private @Nullable Object value(int columnIndex) throws SQLException {
    RowBatch rows = locate(columnIndex);
    return wasNull ? null : rows.getObject(columnIndex - 1, row);
  }

  /** The value of the current row, which {@link #locate} has found not to be null. */
  private Object valueOf(RowBatch rows, int column) {
    return java.util.Objects.requireNonNull(rows.getObject(column, row));
  }

  /** Checks row and column, notes whether the value is null, and gives the batch to read from. */
  private RowBatch locate(int columnIndex) throws SQLException {
    RowBatch rows = batch;
    if (rows == null || row < 0 || row >= batchRowCount) {
      checkOpen();
      throw SqlErrors.of(
          "24000", exhausted ? "after the last row" : "before the first row: call next() first");
    }
    if (columnIndex < 1 || columnIndex > types.length) {
      throw SqlErrors.invalidArgument(
          "column index " + columnIndex + " is not within 1.." + types.length);
    }
    wasNull = rows.isNull(columnIndex - 1, row);
    return rows;
  }

  @Override
  public int findColumn(String columnLabel) throws SQLException {
    checkOpen();
    Map<String, Integer> map = indexByLabel;
    if (map == null) {
      map = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        map.putIfAbsent(columns.get(i).label().toLowerCase(Locale.ROOT), i + 1);
      }
      indexByLabel = map;
    }
    Integer index = columnLabel == null ? null : map.get(columnLabel.toLowerCase(Locale.ROOT));
    if (index == null) {
      throw SqlErrors.of("42703", "this result has no column \"" + columnLabel + "\"");
    }
    return index;
  }

  // ---- Position

  @Override
  public boolean isBeforeFirst() throws SQLException {
    checkOpen();
    if (rowNumber > 0 || exhausted) {
      return false;
    }
    if (batch == null) {
      fetchBatch();
      row = -1;
    }
    return !exhausted;
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    checkOpen();
    return exhausted && rowNumber > 0;
  }

  @Override
  public boolean isFirst() throws SQLException {
    checkOpen();
    return rowNumber == 1 && !exhausted;
  }

  @Override
  public boolean isLast() throws SQLException {
    checkOpen();
    if (row >= 0 && row < batchRowCount - 1) {
      return false;
    }
    throw SqlErrors.notSupported("a forward-only result set learns its last row by next()");
  }

  @Override
  public int getRow() throws SQLException {
    checkOpen();
    return exhausted ? 0 : rowNumber;
  }

  // ---- Properties

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return new PpdbResultSetMetaData(columns, statement.catalog());
  }

  @Override
  public Statement getStatement() throws SQLException {
    checkOpen();
    return statement;
  }

  @Override
  public String getCursorName() throws SQLException {
    throw SqlErrors.notSupported("PPDB has no positioned updates, so its cursors have no name");
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != FETCH_FORWARD) {
      throw SqlErrors.notSupported("rows are only fetched forward");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    if (rows < 0) {
      throw SqlErrors.invalidArgument("fetch size " + rows + " is negative");
    }
    fetchSize = rows;
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  @Override
  public int getType() throws SQLException {
    checkOpen();
    return TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() throws SQLException {
    checkOpen();
    return CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw SqlErrors.closed("result set");
    }
  }
}
