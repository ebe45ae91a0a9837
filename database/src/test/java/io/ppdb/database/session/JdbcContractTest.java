package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.TimeZone;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the javadoc of java.sql promises, sentence by sentence, on a database in memory. */
class JdbcContractTest {
  private Connection connection;
  Statement statement;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(JdbcUrls.newDatabase("contract"));
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private static void assertState(ThrowingCallable call, String sqlState) {
    assertThatThrownBy(call)
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo(sqlState);
  }

  private long count() throws SQLException {
    try (Statement own = connection.createStatement();
        ResultSet rows = own.executeQuery("SELECT count(*) FROM t")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  // ---- Savepoints

  @Test
  void savepointsOfTheSameNameAreDifferentSavepoints() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint first = connection.setSavepoint("a");
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    Savepoint second = connection.setSavepoint("a");
    statement.executeUpdate("INSERT INTO t VALUES (2, 2)");
    connection.rollback(second);
    assertThat(count()).isEqualTo(1);
    connection.rollback(first);
    assertThat(count()).isZero();
    assertState(() -> connection.rollback(second), "3B001");
  }

  @Test
  void savepointsEndWithTheTransactionHoweverItEnds() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint savepoint = connection.setSavepoint();
    assertThat(savepoint.getSavepointId()).isPositive();
    assertState(savepoint::getSavepointName, "3B001");
    statement.execute("COMMIT");
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    assertState(() -> connection.rollback(savepoint), "3B001");
    connection.commit();
    assertThat(count()).isEqualTo(1);
    connection.rollback();
    connection.setAutoCommit(true);
    assertState(() -> connection.setSavepoint(), "25P01");
  }

  @Test
  void aReleasedSavepointIsGoneAndWhatItCoveredStays() throws SQLException {
    connection.setAutoCommit(false);
    Savepoint outer = connection.setSavepoint("outer");
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    Savepoint inner = connection.setSavepoint("inner");
    connection.releaseSavepoint(outer);
    assertState(() -> connection.rollback(inner), "3B001");
    assertState(() -> connection.rollback(outer), "3B001");
    assertThat(count()).isEqualTo(1);
  }

  // ---- Autocommit

  @Test
  void switchingAutocommitCommitsAnOpenTransactionAndTheSameValueDoesNothing() throws SQLException {
    connection.setAutoCommit(false);
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    connection.setAutoCommit(false);
    connection.rollback();
    assertThat(count()).isZero();
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    connection.setAutoCommit(true);
    assertThat(count()).isEqualTo(1);
    assertState(() -> connection.commit(), "25P01");
    assertState(() -> connection.rollback(), "25P01");
  }

  @Test
  void readOnlyAndIsolationDoNotChangeWithinATransaction() throws SQLException {
    connection.setAutoCommit(false);
    assertThat(count()).isZero();
    assertState(() -> connection.setReadOnly(true), "25001");
    assertState(
        () -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED), "25001");
    assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_NONE))
        .isInstanceOf(SQLException.class);
  }

  // ---- Results

  @Test
  void aResultEndsWithItsTransactionAlsoWhenSqlEndsIt() throws SQLException {
    statement.executeUpdate("INSERT INTO t VALUES (1, 1), (2, 2)");
    connection.setAutoCommit(false);
    for (String end : new String[] {"COMMIT", "ROLLBACK"}) {
      ResultSet rows = statement.executeQuery("SELECT id FROM t ORDER BY id");
      assertThat(rows.next()).isTrue();
      try (Statement other = connection.createStatement()) {
        other.execute(end);
      }
      assertThat(rows.isClosed()).as(end).isTrue();
      assertState(rows::next, "55000");
    }
  }

  @Test
  void aResultLivesOnWhenSqlSetsASavepointAndIsToldWhenSqlGoesBackToIt() throws SQLException {
    statement.executeUpdate("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
    connection.setAutoCommit(false);
    try (Statement other = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM t ORDER BY id");
        ResultSet unread = connection.createStatement().executeQuery("SELECT id FROM t")) {
      other.execute("SAVEPOINT here");
      assertThat(rows.next()).isTrue();
      other.execute("ROLLBACK TO SAVEPOINT here");
      assertState(unread::next, "24000");
    }
  }

  @Test
  void executingAgainClosesTheResultOfTheStatementOnly() throws SQLException {
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    try (Statement other = connection.createStatement()) {
      ResultSet first = statement.executeQuery("SELECT id FROM t");
      ResultSet kept = other.executeQuery("SELECT id FROM t");
      ResultSet second = statement.executeQuery("SELECT id FROM t");
      assertThat(first.isClosed()).isTrue();
      assertThat(kept.isClosed()).isFalse();
      assertThat(second.next()).isTrue();
      assertThat(kept.next()).isTrue();
    }
  }

  @Test
  void whatIsClosedRefusesEverythingButClosing() throws SQLException {
    PreparedStatement prepared = connection.prepareStatement("SELECT id FROM t WHERE id = ?");
    prepared.setInt(1, 1);
    ResultSet rows = prepared.executeQuery();
    rows.close();
    rows.close();
    assertState(rows::next, "55000");
    assertState(() -> rows.getInt(1), "55000");
    assertState(rows::wasNull, "55000");
    assertState(rows::getMetaData, "55000");
    assertState(rows::getRow, "55000");
    assertState(rows::getStatement, "55000");
    prepared.close();
    prepared.close();
    assertState(() -> prepared.setInt(1, 1), "55000");
    assertState(prepared::executeQuery, "55000");
    assertState(prepared::addBatch, "55000");
    assertState(prepared::clearParameters, "55000");
    assertState(prepared::getMetaData, "55000");
    assertState(prepared::getUpdateCount, "55000");
    assertState(prepared::getConnection, "55000");
    connection.close();
    connection.close();
    assertThat(connection.isValid(1)).isFalse();
    assertThat(statement.isClosed()).isTrue();
    assertState(() -> connection.createStatement(), "08003");
    assertState(() -> connection.prepareStatement("SELECT 1"), "08003");
    assertState(() -> connection.getMetaData(), "08003");
    assertState(() -> connection.setAutoCommit(true), "08003");
    assertState(() -> connection.getAutoCommit(), "08003");
    assertState(() -> connection.commit(), "08003");
    assertState(() -> connection.setReadOnly(true), "08003");
    assertState(() -> connection.getSchema(), "08003");
    assertState(() -> connection.nativeSQL("SELECT 1"), "08003");
  }

  @Test
  void wasNullTellsOfTheLastValueRead() throws SQLException {
    statement.executeUpdate("INSERT INTO t VALUES (1, NULL)");
    try (ResultSet rows = statement.executeQuery("SELECT id, n FROM t")) {
      assertState(() -> rows.getInt(1), "24000");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(2)).isZero();
      assertThat(rows.wasNull()).isTrue();
      assertThat(rows.getInt("ID")).isEqualTo(1);
      assertThat(rows.wasNull()).isFalse();
      assertThat(rows.getObject(2, Integer.class)).isNull();
      assertThat(rows.wasNull()).isTrue();
      assertThat(rows.getBoolean(2)).isFalse();
      assertThat(rows.getRow()).isEqualTo(1);
      assertState(() -> rows.getInt(3), "22023");
      assertState(() -> rows.getInt(0), "22023");
      assertState(() -> rows.getInt("absent"), "42703");
      assertThat(rows.next()).isFalse();
      assertThat(rows.isAfterLast()).isTrue();
      assertThat(rows.getRow()).isZero();
      assertState(() -> rows.getInt(1), "24000");
    }
  }

  @Test
  void timesAreReadAsTheClassesOfJavaTime() throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT DATE '2001-02-03', TIME '04:05:06.5', TIMESTAMP '2001-02-03 04:05:06.789',"
                + " CAST('2001-02-03 04:05:06+02' AS TIMESTAMPTZ)")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getObject(1, LocalDate.class)).isEqualTo("2001-02-03");
      assertThat(rows.getObject(2, LocalTime.class)).isEqualTo("04:05:06.5");
      assertThat(rows.getObject(3, LocalDateTime.class)).isEqualTo("2001-02-03T04:05:06.789");
      assertThat(rows.getObject(3, LocalDate.class)).isEqualTo("2001-02-03");
      OffsetDateTime instant = OffsetDateTime.parse("2001-02-03T02:05:06Z");
      assertThat(rows.getObject(4, OffsetDateTime.class).toInstant())
          .isEqualTo(instant.toInstant());
      assertThat(rows.getObject(4, Instant.class)).isEqualTo(instant.toInstant());
      assertThat(rows.getObject(4, ZonedDateTime.class).toInstant()).isEqualTo(instant.toInstant());
      assertThat(rows.getTimestamp(3))
          .isEqualTo(java.sql.Timestamp.valueOf("2001-02-03 04:05:06.789"));
      assertThat(rows.getDate(1)).isEqualTo(java.sql.Date.valueOf("2001-02-03"));
      assertThatThrownBy(() -> rows.getObject(1, Thread.class)).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void anInstantIsADateAndATimeInTheZoneOfTheCalendar() throws SQLException {
    TimeZone zone = TimeZone.getTimeZone("GMT+14:00");
    Calendar calendar = Calendar.getInstance(zone);
    try (ResultSet rows =
        statement.executeQuery("SELECT CAST('2001-02-03 23:30:00+00' AS TIMESTAMPTZ)")) {
      assertThat(rows.next()).isTrue();
      assertThat(Instant.ofEpochMilli(rows.getDate(1, calendar).getTime()))
          .isEqualTo("2001-02-03T10:00:00Z");
      assertThat(Instant.ofEpochMilli(rows.getTime(1, calendar).getTime()))
          .isEqualTo("1969-12-31T23:30:00Z");
    }
  }

  @Test
  void aNumberThatDoesNotFitIsAnErrorNeverCut() throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT 300, CAST(1.50 AS DECIMAL(10, 2)), CAST(1e300 AS DOUBLE PRECISION),"
                + " 9223372036854775807, CAST('abc' AS VARCHAR)")) {
      assertThat(rows.next()).isTrue();
      assertState(() -> rows.getByte(1), "22003");
      assertThat(rows.getShort(1)).isEqualTo((short) 300);
      assertThat(rows.getBigDecimal(2)).isEqualTo(new BigDecimal("1.50"));
      assertThat(rows.getObject(2)).isEqualTo(new BigDecimal("1.50"));
      assertThat(rows.getString(2)).isEqualTo("1.50");
      assertState(() -> rows.getFloat(3), "22003");
      assertState(() -> rows.getObject(3, Float.class), "22003");
      assertState(() -> rows.getLong(3), "22003");
      assertState(() -> rows.getInt(4), "22003");
      assertThat(rows.getBigDecimal(4)).isEqualTo(new BigDecimal("9223372036854775807"));
      assertThatThrownBy(() -> rows.getInt(5)).isInstanceOf(SQLDataException.class);
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, 1)")) {
      assertState(() -> insert.setObject(1, 1e300, Types.REAL), "22003");
      assertState(() -> insert.setObject(1, 1L << 40, Types.INTEGER), "22003");
    }
  }

  @Test
  void decimalsKeepTheScaleOfTheirColumn() throws SQLException {
    statement.execute("CREATE TABLE prices (id INTEGER PRIMARY KEY, p DECIMAL(10, 3), q DECIMAL)");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO prices VALUES (?, ?, ?)")) {
      insert.setInt(1, 1);
      insert.setBigDecimal(2, new BigDecimal("1.5"));
      insert.setBigDecimal(3, new BigDecimal("0.1250"));
      insert.executeUpdate();
      insert.setInt(1, 2);
      insert.setBigDecimal(2, new BigDecimal("12345678.5"));
      assertState(insert::executeUpdate, "22003");
    }
    try (ResultSet rows = statement.executeQuery("SELECT p, q FROM prices")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getBigDecimal(1)).isEqualTo(new BigDecimal("1.500"));
      assertThat(rows.getBigDecimal(2)).isEqualByComparingTo(new BigDecimal("0.125"));
      assertThat(rows.getMetaData().getScale(1)).isEqualTo(3);
    }
  }

  // ---- Generated keys

  @Test
  void generatedKeysAreTheColumnsThatWereAskedFor() throws SQLException {
    statement.execute(
        "CREATE TABLE g (id BIGINT GENERATED ALWAYS AS IDENTITY, v TEXT, n INTEGER DEFAULT 7)");
    assertThat(connection.getMetaData().supportsGetGeneratedKeys()).isTrue();
    assertThat(
            statement.executeUpdate(
                "INSERT INTO g (v) VALUES ('a'), ('b'); ", new String[] {"n", "id"}))
        .isEqualTo(2);
    try (ResultSet keys = statement.getGeneratedKeys()) {
      assertThat(keys.getMetaData().getColumnLabel(1)).isEqualTo("n");
      assertThat(keys.next()).isTrue();
      assertThat(keys.getInt(1)).isEqualTo(7);
      assertThat(keys.getLong("id")).isEqualTo(1);
      assertThat(keys.next()).isTrue();
      assertThat(keys.getLong("id")).isEqualTo(2);
      assertThat(keys.next()).isFalse();
    }
    statement.executeUpdate("UPDATE g SET v = 'c' WHERE id = 2", Statement.RETURN_GENERATED_KEYS);
    try (ResultSet keys = statement.getGeneratedKeys()) {
      assertThat(keys.next()).isTrue();
      assertThat(keys.getString("v")).isEqualTo("c");
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO g (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, "d");
      assertThat(insert.executeUpdate()).isEqualTo(1);
      try (ResultSet keys = insert.getGeneratedKeys()) {
        assertThat(keys.next()).isTrue();
        assertThat(keys.getLong(1)).isEqualTo(3);
      }
      for (String each : new String[] {"e", "f"}) {
        insert.setString(1, each);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).containsExactly(1, 1);
      try (ResultSet keys = insert.getGeneratedKeys()) {
        assertThat(keys.next()).isTrue();
        assertThat(keys.getLong(1)).isEqualTo(4);
        assertThat(keys.next()).isTrue();
        assertThat(keys.getLong(1)).isEqualTo(5);
        assertThat(keys.next()).isFalse();
      }
    }
    assertThat(connection.getAutoCommit()).isTrue();
  }

  @Test
  void aBatchWithKeysHappensAsAWholeOrNotAtAll() throws SQLException {
    statement.execute("INSERT INTO t VALUES (3, 3)");
    for (boolean autoCommit : new boolean[] {true, false}) {
      connection.setAutoCommit(autoCommit);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES (?, 0)", new String[] {"id"})) {
        for (int id = 1; id < 5; id++) {
          insert.setInt(1, id);
          insert.addBatch();
        }
        assertThatThrownBy(insert::executeBatch).isInstanceOf(BatchUpdateException.class);
      }
      assertThat(count()).isEqualTo(1);
    }
  }

  @Test
  void keysOfWhatChangesNothingAreAnEmptyResultAndThoseByIndexAreRefused() throws SQLException {
    statement.execute("SELECT 1", Statement.RETURN_GENERATED_KEYS);
    try (ResultSet keys = statement.getGeneratedKeys()) {
      assertThat(keys.next()).isFalse();
    }
    assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (2, 2)", new int[] {1}))
        .isInstanceOf(SQLFeatureNotSupportedException.class)
        .hasMessageContaining("generated");
    assertThat(count()).isZero();
    String[] unknown = {"nobody"};
    assertState(() -> statement.execute("INSERT INTO t VALUES (2, 2)", unknown), "42703");
  }

  // ---- Batches

  @Test
  void aBatchOfTextsStopsAtTheFirstFailureAndCountsWhatTookEffect() throws SQLException {
    statement.addBatch("INSERT INTO t VALUES (1, 1), (2, 2)");
    statement.addBatch("UPDATE t SET n = 0 WHERE id > 100");
    statement.addBatch("INSERT INTO t VALUES (1, 1)");
    statement.addBatch("INSERT INTO t VALUES (3, 3)");
    assertThatThrownBy(statement::executeBatch)
        .isInstanceOfSatisfying(
            BatchUpdateException.class,
            e -> {
              assertThat(e.getUpdateCounts()).containsExactly(2, 0);
              assertThat(e.getLargeUpdateCounts()).containsExactly(2L, 0L);
              assertThat(e.getSQLState()).isEqualTo("23505");
            });
    assertThat(count()).isEqualTo(2);
    assertThat(statement.executeBatch()).as("the list is empty after a run").isEmpty();
  }

  @Test
  void aBatchTakesNoStatementThatReturnsRows() throws SQLException {
    statement.addBatch("INSERT INTO t VALUES (1, 1)");
    statement.addBatch("SELECT 1");
    assertThatThrownBy(statement::executeBatch)
        .isInstanceOfSatisfying(
            BatchUpdateException.class, e -> assertThat(e.getUpdateCounts()).containsExactly(1));
    try (PreparedStatement query = connection.prepareStatement("SELECT id FROM t")) {
      query.addBatch();
      assertThatThrownBy(query::executeBatch).isInstanceOf(BatchUpdateException.class);
    }
  }

  @Test
  void aPreparedBatchIsForChanges() throws SQLException {
    try (PreparedStatement create = connection.prepareStatement("CREATE INDEX by_n ON t (n)")) {
      create.addBatch();
      assertThatThrownBy(create::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .hasMessageContaining("only INSERT, UPDATE and DELETE");
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, 1)")) {
      assertThat(insert.executeBatch()).isEmpty();
      assertState(insert::addBatch, "07001");
    }
  }

  // ---- Limits

  @Test
  void limitsRefuseNonsense() throws SQLException {
    assertState(() -> statement.setMaxRows(-1), "22023");
    assertState(() -> statement.setFetchSize(-1), "22023");
    assertState(() -> statement.setQueryTimeout(-1), "22023");
    assertState(() -> connection.isValid(-1), "22023");
    assertThat(connection.isValid(Integer.MAX_VALUE)).isTrue();
    statement.setFetchSize(1);
    statement.executeUpdate("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
    statement.setMaxRows(2);
    try (ResultSet rows = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
      assertThat(rows.getFetchSize()).isEqualTo(1);
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
    }
    assertThat(statement.executeUpdate("UPDATE t SET n = 0"))
        .as("a limit of rows is about results only")
        .isEqualTo(3);
  }

  // ---- Metadata

  @Test
  void resultMetadataTellsNullabilityAndOrigin() throws SQLException {
    statement.execute(
        "CREATE TABLE m (id INTEGER PRIMARY KEY, v VARCHAR(7) NOT NULL, d DECIMAL(9, 4),"
            + " ts TIMESTAMP, y BYTEA)");
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT id AS key, v, d, ts, y, count(*) AS n FROM m GROUP BY id, v, d, ts, y")) {
      ResultSetMetaData data = rows.getMetaData();
      assertThat(data.getColumnLabel(1)).isEqualTo("key");
      assertThat(data.isNullable(1)).isEqualTo(ResultSetMetaData.columnNoNulls);
      assertThat(data.isNullable(2)).isEqualTo(ResultSetMetaData.columnNoNulls);
      assertThat(data.isNullable(3)).isEqualTo(ResultSetMetaData.columnNullable);
      assertThat(data.getPrecision(2)).isEqualTo(7);
      assertThat(data.getColumnDisplaySize(2)).isEqualTo(7);
      assertThat(data.getPrecision(3)).isEqualTo(9);
      assertThat(data.getScale(3)).isEqualTo(4);
      assertThat(data.isSigned(3)).isTrue();
      assertThat(data.isSigned(2)).isFalse();
      assertThat(data.getColumnType(4)).isEqualTo(Types.TIMESTAMP);
      assertThat(data.getColumnClassName(5)).isEqualTo("[B");
      assertThat(data.getColumnType(6)).isEqualTo(Types.BIGINT);
      assertState(() -> data.getColumnLabel(7), "22023");
    }
    try (ResultSet rows = statement.executeQuery("SELECT x.id AS key FROM m AS x")) {
      ResultSetMetaData data = rows.getMetaData();
      assertThat(data.getColumnName(1)).isEqualTo("id");
      assertThat(data.getTableName(1)).isEqualTo("m");
      assertThat(data.getSchemaName(1)).isEqualTo("public");
    }
  }

  @Test
  void namesWithPatternCharactersAreFoundByTheirEscapes() throws SQLException {
    statement.execute("CREATE TABLE \"50%_off\\x\" (id INTEGER PRIMARY KEY, \"a_b\" INTEGER)");
    statement.execute("CREATE TABLE \"50xy_off\" (id INTEGER PRIMARY KEY, \"a_b\" INTEGER)");
    DatabaseMetaData data = connection.getMetaData();
    String escape = data.getSearchStringEscape();
    String pattern = "50" + escape + "%" + escape + "_off" + escape + "\\x";
    try (ResultSet tables = data.getTables(null, "public", pattern, null)) {
      assertThat(tables.next()).isTrue();
      assertThat(tables.getString("TABLE_NAME")).isEqualTo("50%_off\\x");
      assertThat(tables.next()).isFalse();
    }
    try (ResultSet columns = data.getColumns(null, null, "50%", "a" + escape + "_b")) {
      assertThat(columns.next()).isTrue();
      assertThat(columns.next()).isTrue();
      assertThat(columns.next()).isFalse();
    }
    try (ResultSet tables = data.getTables(null, "", "%", null)) {
      assertThat(tables.next()).as("every table has a schema").isFalse();
    }
    try (ResultSet tables = data.getTables(null, null, "trailing\\", null)) {
      assertThat(tables.next()).isFalse();
    }
    try (ResultSet keys = data.getPrimaryKeys("", null, "t")) {
      assertThat(keys.next()).as("every table has a catalogue").isFalse();
    }
  }

  // ---- Wrappers and warnings

  @Test
  void nothingWarnsAndEverythingUnwrapsToItsOwnInterfaces() throws SQLException {
    assertThat((Object) connection.getWarnings()).isNull();
    assertThat((Object) statement.getWarnings()).isNull();
    assertThat(connection.isWrapperFor(Connection.class)).isTrue();
    assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
    assertThat(statement.unwrap(Statement.class)).isSameAs(statement);
    assertThat(connection.isWrapperFor(Thread.class)).isFalse();
    assertThatThrownBy(() -> connection.unwrap(Thread.class)).isInstanceOf(SQLException.class);
    assertThat(statement.enquoteIdentifier("select", true)).isEqualTo("\"select\"");
  }

  @Test
  void aStatementThatClosesOnCompletionGoesWithItsResult() throws SQLException {
    statement.closeOnCompletion();
    assertThat(statement.isCloseOnCompletion()).isTrue();
    statement.executeUpdate("INSERT INTO t VALUES (1, 1)");
    assertThat(statement.isClosed()).isFalse();
    statement.executeQuery("SELECT 1").close();
    assertThat(statement.isClosed()).isTrue();
  }

  @Test
  void moreResultsThereAreNot() throws SQLException {
    assertThat(statement.execute("SELECT 1")).isTrue();
    assertThat(statement.getUpdateCount()).isEqualTo(-1);
    assertThat(statement.getMoreResults()).isFalse();
    assertThat(statement.getUpdateCount()).isEqualTo(-1);
    assertThat(statement.getResultSet()).isNull();
    assertThat(statement.execute("UPDATE t SET n = 1")).isFalse();
    assertThat(statement.getUpdateCount()).isZero();
    assertThat(statement.getMoreResults()).isFalse();
    assertThat(statement.getUpdateCount()).isEqualTo(-1);
  }
}
