package io.ppdb.jdbc;

import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlStatement;
import io.ppdb.jdbc.session.SqlType;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** The setters of {@link PreparedStatement}, down to an array of session values. */
abstract class ParameterSetters extends PpdbStatement implements PreparedStatement {
  private final SqlStatement prepared;
  private final @Nullable Object[] values;
  private final boolean[] assigned;

  ParameterSetters(PpdbConnection connection, SqlStatement prepared) {
    super(connection);
    this.prepared = prepared;
    values = new Object[prepared.parameters().size()];
    assigned = new boolean[values.length];
  }

  /** The values set, one for each parameter; fails if one is missing. */
  final @Nullable Object[] values() throws SQLException {
    for (int i = 0; i < assigned.length; i++) {
      if (!assigned[i]) {
        throw SqlErrors.of("07001", "parameter " + (i + 1) + " has no value");
      }
    }
    return values.clone();
  }

  @Override
  public final void clearParameters() throws SQLException {
    checkOpen();
    Arrays.fill(values, null);
    Arrays.fill(assigned, false);
  }

  private void set(int parameterIndex, @Nullable Object value) throws SQLException {
    checkParameter(parameterIndex);
    values[parameterIndex - 1] = value;
    assigned[parameterIndex - 1] = true;
  }

  private void checkParameter(int parameterIndex) throws SQLException {
    checkOpen();
    if (parameterIndex < 1 || parameterIndex > values.length) {
      throw SqlErrors.of(
          "07009", "parameter index " + parameterIndex + " is not within 1.." + values.length);
    }
  }

  private SqlType type(int parameterIndex) throws SQLException {
    checkParameter(parameterIndex);
    return prepared.parameters().get(parameterIndex - 1).type();
  }

  @Override
  public final void setNull(int parameterIndex, int sqlType) throws SQLException {
    set(parameterIndex, null);
  }

  @Override
  public final void setNull(int parameterIndex, int sqlType, String typeName) throws SQLException {
    set(parameterIndex, null);
  }

  @Override
  public final void setObject(int parameterIndex, @Nullable Object value) throws SQLException {
    set(parameterIndex, ParameterValues.of(value, type(parameterIndex)));
  }

  @Override
  public final void setObject(int parameterIndex, @Nullable Object value, int targetSqlType)
      throws SQLException {
    setObject(parameterIndex, value, targetSqlType, -1);
  }

  @Override
  public final void setObject(
      int parameterIndex, @Nullable Object value, int targetSqlType, int scaleOrLength)
      throws SQLException {
    Object known = ParameterValues.of(value, type(parameterIndex));
    set(parameterIndex, ParameterValues.as(known, targetSqlType, scaleOrLength));
  }

  @Override
  public final void setBoolean(int parameterIndex, boolean value) throws SQLException {
    set(parameterIndex, (Object) value);
  }

  @Override
  public final void setShort(int parameterIndex, short value) throws SQLException {
    set(parameterIndex, (int) value);
  }

  @Override
  public final void setInt(int parameterIndex, int value) throws SQLException {
    set(parameterIndex, (Object) value);
  }

  @Override
  public final void setLong(int parameterIndex, long value) throws SQLException {
    set(parameterIndex, (Object) value);
  }

  @Override
  public final void setFloat(int parameterIndex, float value) throws SQLException {
    set(parameterIndex, (Object) value);
  }

  @Override
  public final void setDouble(int parameterIndex, double value) throws SQLException {
    set(parameterIndex, (Object) value);
  }

  @Override
  public final void setByte(int parameterIndex, byte value) throws SQLException {
    set(parameterIndex, (int) value);
  }

  @Override
  public final void setBigDecimal(int parameterIndex, @Nullable BigDecimal value)
      throws SQLException {
    set(parameterIndex, value);
  }

  @Override
  public final void setString(int parameterIndex, @Nullable String value) throws SQLException {
    set(parameterIndex, value);
  }

  @Override
  public final void setNString(int parameterIndex, @Nullable String value) throws SQLException {
    set(parameterIndex, value);
  }

  @Override
  public final void setBytes(int parameterIndex, byte @Nullable [] value) throws SQLException {
    set(parameterIndex, value);
  }

  @Override
  public final void setDate(int parameterIndex, @Nullable Date value) throws SQLException {
    setDate(parameterIndex, value, null);
  }

  @Override
  public final void setDate(int parameterIndex, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    set(parameterIndex, value == null ? null : LegacyTimes.toLocal(value, calendar));
  }

  @Override
  public final void setTime(int parameterIndex, @Nullable Time value) throws SQLException {
    setTime(parameterIndex, value, null);
  }

  @Override
  public final void setTime(int parameterIndex, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    set(parameterIndex, value == null ? null : LegacyTimes.toLocal(value, calendar));
  }

  @Override
  public final void setTimestamp(int parameterIndex, @Nullable Timestamp value)
      throws SQLException {
    setTimestamp(parameterIndex, value, null);
  }

  @Override
  public final void setTimestamp(
      int parameterIndex, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    set(
        parameterIndex,
        value == null ? null : ParameterValues.timestamp(value, type(parameterIndex), calendar));
  }

  @Override
  public final void setBinaryStream(int parameterIndex, @Nullable InputStream value)
      throws SQLException {
    setBytesOf(parameterIndex, value, -1);
  }

  @Override
  public final void setBinaryStream(int parameterIndex, @Nullable InputStream value, long length)
      throws SQLException {
    setBytesOf(parameterIndex, value, length);
  }

  @Override
  public final void setBinaryStream(int parameterIndex, @Nullable InputStream value, int length)
      throws SQLException {
    setBytesOf(parameterIndex, value, length);
  }

  @Override
  public final void setBlob(int parameterIndex, @Nullable InputStream value) throws SQLException {
    setBytesOf(parameterIndex, value, -1);
  }

  @Override
  public final void setBlob(int parameterIndex, @Nullable InputStream value, long length)
      throws SQLException {
    setBytesOf(parameterIndex, value, length);
  }

  @Override
  public final void setAsciiStream(int parameterIndex, @Nullable InputStream value)
      throws SQLException {
    setTextOf(parameterIndex, value, -1, StandardCharsets.US_ASCII);
  }

  @Override
  public final void setAsciiStream(int parameterIndex, @Nullable InputStream value, long length)
      throws SQLException {
    setTextOf(parameterIndex, value, length, StandardCharsets.US_ASCII);
  }

  @Override
  public final void setAsciiStream(int parameterIndex, @Nullable InputStream value, int length)
      throws SQLException {
    setTextOf(parameterIndex, value, length, StandardCharsets.US_ASCII);
  }

  @Override
  public final void setCharacterStream(int parameterIndex, @Nullable Reader value)
      throws SQLException {
    setTextOf(parameterIndex, value, -1);
  }

  @Override
  public final void setCharacterStream(int parameterIndex, @Nullable Reader value, long length)
      throws SQLException {
    setTextOf(parameterIndex, value, length);
  }

  @Override
  public final void setCharacterStream(int parameterIndex, @Nullable Reader value, int length)
      throws SQLException {
    setTextOf(parameterIndex, value, length);
  }

  @Override
  public final void setNCharacterStream(int parameterIndex, @Nullable Reader value)
      throws SQLException {
    setTextOf(parameterIndex, value, -1);
  }

  @Override
  public final void setNCharacterStream(int parameterIndex, @Nullable Reader value, long length)
      throws SQLException {
    setTextOf(parameterIndex, value, length);
  }

  @Override
  public final void setClob(int parameterIndex, @Nullable Reader value) throws SQLException {
    setTextOf(parameterIndex, value, -1);
  }

  @Override
  public final void setClob(int parameterIndex, @Nullable Reader value, long length)
      throws SQLException {
    setTextOf(parameterIndex, value, length);
  }

  @Override
  public final void setNClob(int parameterIndex, @Nullable Reader value) throws SQLException {
    setTextOf(parameterIndex, value, -1);
  }

  @Override
  public final void setNClob(int parameterIndex, @Nullable Reader value, long length)
      throws SQLException {
    setTextOf(parameterIndex, value, length);
  }

  /**
   * Sets text from UTF-16 bytes.
   *
   * @deprecated as in java.sql
   */
  @Deprecated
  @Override
  public final void setUnicodeStream(int parameterIndex, @Nullable InputStream value, int length)
      throws SQLException {
    setTextOf(parameterIndex, value, length, StandardCharsets.UTF_16);
  }

  private void setBytesOf(int parameterIndex, @Nullable InputStream value, long length)
      throws SQLException {
    set(parameterIndex, value == null ? null : ParameterValues.bytes(value, length));
  }

  private void setTextOf(
      int parameterIndex, @Nullable InputStream value, long length, Charset charset)
      throws SQLException {
    set(
        parameterIndex,
        value == null ? null : new String(ParameterValues.bytes(value, length), charset));
  }

  private void setTextOf(int parameterIndex, @Nullable Reader value, long length)
      throws SQLException {
    set(parameterIndex, value == null ? null : ParameterValues.text(value, length));
  }

  @Override
  public final void setBlob(int parameterIndex, @Nullable Blob value) throws SQLException {
    setObject(parameterIndex, value);
  }

  @Override
  public final void setClob(int parameterIndex, @Nullable Clob value) throws SQLException {
    setObject(parameterIndex, value);
  }

  @Override
  public final void setNClob(int parameterIndex, @Nullable NClob value) throws SQLException {
    setObject(parameterIndex, value);
  }

  @Override
  public final void setURL(int parameterIndex, @Nullable URL value) throws SQLException {
    set(parameterIndex, value == null ? null : value.toString());
  }

  @Override
  public final void setRef(int parameterIndex, Ref value) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no REF type");
  }

  @Override
  public final void setArray(int parameterIndex, @Nullable Array value) throws SQLException {
    setObject(parameterIndex, value);
  }

  @Override
  public final void setRowId(int parameterIndex, RowId value) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no ROWID; rows are known by their primary key");
  }

  @Override
  public final void setSQLXML(int parameterIndex, SQLXML value) throws SQLException {
    throw SqlErrors.notSupported("PPDB has no XML type");
  }
}
