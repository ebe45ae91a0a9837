package io.ppdb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.Interval;
import io.ppdb.jdbc.session.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultSetTest {
  private static final UUID ID = new UUID(1, 2);

  private final ScriptedDatabase database = ScriptedDatabase.named("results");
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection("jdbc:ppdb:script:results");
    statement = connection.createStatement();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private ResultSet one(SqlType type, Object value) throws SQLException {
    database.answer(
        "one", List.of(ColumnInfo.of("Value", type)), new Object[] {value}, new Object[] {null});
    ResultSet rows = statement.executeQuery("one");
    assertThat(rows.next()).isTrue();
    return rows;
  }

  @Test
  void anIntegerIsReadAsEveryNumber() throws SQLException {
    ResultSet rows = one(SqlType.INTEGER, 42);
    assertThat(rows.getInt(1)).isEqualTo(42);
    assertThat(rows.getByte("value")).isEqualTo((byte) 42);
    assertThat(rows.getShort(1)).isEqualTo((short) 42);
    assertThat(rows.getLong("VALUE")).isEqualTo(42L);
    assertThat(rows.getDouble(1)).isEqualTo(42.0);
    assertThat(rows.getFloat(1)).isEqualTo(42f);
    assertThat(rows.getBigDecimal(1)).isEqualByComparingTo("42");
    assertThat(rows.getString(1)).isEqualTo("42");
    assertThat(rows.getBoolean(1)).isTrue();
    assertThat(rows.getObject(1)).isEqualTo(42);
    assertThat(rows.getObject(1, Long.class)).isEqualTo(42L);
    assertThat(rows.getObject(1, BigInteger.class)).isEqualTo(BigInteger.valueOf(42));
    assertThat(rows.wasNull()).isFalse();
  }

  @Test
  void nullIsZeroAndWasNull() throws SQLException {
    ResultSet rows = one(SqlType.BIGINT, 1L);
    assertThat(rows.next()).isTrue();
    assertThat(rows.getInt(1)).isZero();
    assertThat(rows.wasNull()).isTrue();
    assertThat(rows.getObject(1)).isNull();
    assertThat(rows.getString(1)).isNull();
    assertThat(rows.getObject(1, Integer.class)).isNull();
    assertThat(rows.getTimestamp(1)).isNull();
    assertThat(rows.getBoolean(1)).isFalse();
    assertThat(rows.wasNull()).isTrue();
    assertThat(rows.next()).isFalse();
  }

  @Test
  void aNumberThatDoesNotFitIsAnErrorNotATruncation() throws SQLException {
    ResultSet rows = one(SqlType.BIGINT, 1L << 40);
    assertThatThrownBy(() -> rows.getInt(1))
        .isInstanceOf(SQLDataException.class)
        .hasMessage("value 1099511627776 is out of range for int")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("22003");
    ResultSet huge = one(SqlType.DECIMAL, new BigDecimal("1e30"));
    assertThatThrownBy(() -> huge.getLong(1)).hasMessageContaining("out of range for long");
  }

  @Test
  void textIsReadAsWhatItSpells() throws SQLException {
    assertThat(one(SqlType.VARCHAR, " 12 ").getInt(1)).isEqualTo(12);
    assertThat(one(SqlType.VARCHAR, "1.5").getBigDecimal(1)).isEqualByComparingTo("1.5");
    assertThat(one(SqlType.VARCHAR, "yes").getBoolean(1)).isTrue();
    assertThat(one(SqlType.VARCHAR, "2001-02-03 04:05:06.7").getTimestamp(1))
        .isEqualTo(Timestamp.valueOf("2001-02-03 04:05:06.7"));
    assertThat(one(SqlType.VARCHAR, ID.toString()).getObject(1, UUID.class)).isEqualTo(ID);
    assertThat(ParameterValues.text(one(SqlType.VARCHAR, "äöü").getCharacterStream(1), -1))
        .isEqualTo("äöü");
    assertThat(one(SqlType.VARCHAR, "abc").getClob(1).getSubString(2, 2)).isEqualTo("bc");
    ResultSet word = one(SqlType.VARCHAR, "word");
    assertThatThrownBy(() -> word.getInt(1)).hasMessageContaining("'word' cannot be read as int");
  }

  @Test
  void bytesComeAsArrayStreamBlobAndHex() throws Exception {
    byte[] bytes = {1, (byte) 0xAB};
    assertThat(one(SqlType.BYTEA, bytes).getBytes(1)).isEqualTo(bytes);
    assertThat(one(SqlType.BYTEA, bytes).getBinaryStream(1).readAllBytes()).isEqualTo(bytes);
    assertThat(one(SqlType.BYTEA, bytes).getBlob(1).length()).isEqualTo(2);
    assertThat(one(SqlType.BYTEA, bytes).getString(1)).isEqualTo("\\x01ab");
  }

  @Test
  void datesAndTimesComeInOldAndNewClasses() throws SQLException {
    LocalDateTime moment = LocalDateTime.of(2001, 2, 3, 4, 5, 6, 700_000_000);
    ResultSet rows = one(SqlType.TIMESTAMP, moment);
    assertThat(rows.getObject(1)).isEqualTo(Timestamp.valueOf(moment));
    assertThat(rows.getObject(1, LocalDateTime.class)).isEqualTo(moment);
    assertThat(rows.getDate(1)).isEqualTo(Date.valueOf("2001-02-03"));
    assertThat(rows.getString(1)).isEqualTo("2001-02-03 04:05:06.7");
    Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    assertThat(rows.getTimestamp(1, tokyo).toInstant())
        .isEqualTo(Instant.parse("2001-02-02T19:05:06.700Z"));
    assertThat(one(SqlType.DATE, LocalDate.of(2001, 2, 3)).getObject(1))
        .isEqualTo(Date.valueOf("2001-02-03"));
    assertThat(one(SqlType.DATE, LocalDate.of(2001, 2, 3)).getTimestamp(1))
        .isEqualTo(Timestamp.valueOf("2001-02-03 00:00:00"));
    assertThat(one(SqlType.TIME, LocalTime.of(4, 5, 6)).getTime(1))
        .isEqualTo(Time.valueOf("04:05:06"));
  }

  @Test
  void anInstantKeepsItsPlaceInTime() throws SQLException {
    OffsetDateTime moment = OffsetDateTime.parse("2001-02-03T04:05:06Z");
    ResultSet rows = one(SqlType.TIMESTAMPTZ, moment);
    assertThat(rows.getObject(1)).isEqualTo(moment);
    assertThat(rows.getTimestamp(1).toInstant()).isEqualTo(moment.toInstant());
    assertThat(rows.getObject(1, Instant.class)).isEqualTo(moment.toInstant());
    assertThat(rows.getString(1)).isEqualTo("2001-02-03 04:05:06+00");
  }

  @Test
  void otherTypesComeAsTheirOwnClasses() throws SQLException {
    assertThat(one(SqlType.UUID, ID).getObject(1)).isEqualTo(ID);
    assertThat(one(SqlType.UUID, ID).getString(1)).isEqualTo(ID.toString());
    assertThat(one(SqlType.BOOLEAN, true).getInt(1)).isEqualTo(1);
    assertThat(one(SqlType.BOOLEAN, true).getString(1)).isEqualTo("true");
    assertThat(one(SqlType.DECIMAL, new BigDecimal("1E+3")).getString(1)).isEqualTo("1000");
    assertThat(one(SqlType.INTERVAL, new Interval(14, 3, 5_500_000_000L)).getString(1))
        .isEqualTo("1 year 2 mons 3 days 00:00:05.5");
  }

  @Test
  void readingOutsideARowIsAnError() throws SQLException {
    database.answer("one", List.of(ColumnInfo.of("x", SqlType.INTEGER)), new Object[] {1});
    ResultSet rows = statement.executeQuery("one");
    assertThatThrownBy(() -> rows.getInt(1)).hasMessageContaining("call next() first");
    assertThat(rows.isBeforeFirst()).isTrue();
    assertThat(rows.next()).isTrue();
    assertThat(rows.isFirst()).isTrue();
    assertThat(rows.getRow()).isEqualTo(1);
    assertThatThrownBy(() -> rows.getInt(2)).hasMessageContaining("not within 1..1");
    assertThatThrownBy(() -> rows.getInt("y")).hasMessageContaining("no column \"y\"");
    assertThat(rows.next()).isFalse();
    assertThat(rows.isAfterLast()).isTrue();
    assertThatThrownBy(() -> rows.getInt(1)).hasMessageContaining("after the last row");
    rows.close();
    assertThatThrownBy(rows::next).hasMessageContaining("closed");
    assertThatThrownBy(rows::getMetaData).hasMessageContaining("closed");
  }

  @Test
  void scrollingAndUpdatesAreRefusedWithASentence() throws SQLException {
    ResultSet rows = one(SqlType.INTEGER, 1);
    assertThatThrownBy(rows::previous).isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(() -> rows.updateInt(1, 2))
        .isInstanceOf(SQLFeatureNotSupportedException.class)
        .hasMessageContaining("read-only");
    assertThat(rows.getType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
    assertThat(rows.getConcurrency()).isEqualTo(ResultSet.CONCUR_READ_ONLY);
  }

  @Test
  void metadataTellsTypesSizesAndOrigin() throws SQLException {
    database.answer(
        "typed",
        List.of(
            ColumnInfo.of("n", SqlType.DECIMAL)
                .withPrecision(15, 2)
                .withOrigin("public", "orders", "price")
                .withNullability(ColumnInfo.Nullability.NOT_NULL),
            ColumnInfo.of("t", SqlType.VARCHAR)));
    ResultSetMetaData data = statement.executeQuery("typed").getMetaData();
    assertThat(data.getColumnCount()).isEqualTo(2);
    assertThat(data.getColumnLabel(1)).isEqualTo("n");
    assertThat(data.getColumnName(1)).isEqualTo("price");
    assertThat(data.getTableName(1)).isEqualTo("orders");
    assertThat(data.getSchemaName(1)).isEqualTo("public");
    assertThat(data.getCatalogName(1)).isEqualTo("script");
    assertThat(data.getColumnType(1)).isEqualTo(Types.NUMERIC);
    assertThat(data.getColumnTypeName(1)).isEqualTo("numeric");
    assertThat(data.getColumnClassName(1)).isEqualTo("java.math.BigDecimal");
    assertThat(data.getPrecision(1)).isEqualTo(15);
    assertThat(data.getScale(1)).isEqualTo(2);
    assertThat(data.getColumnDisplaySize(1)).isEqualTo(17);
    assertThat(data.isNullable(1)).isEqualTo(ResultSetMetaData.columnNoNulls);
    assertThat(data.isNullable(2)).isEqualTo(ResultSetMetaData.columnNullableUnknown);
    assertThat(data.getTableName(2)).isEmpty();
    assertThatThrownBy(() -> data.getColumnName(3)).hasMessageContaining("not within 1..2");
  }
}
