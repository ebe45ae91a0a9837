package io.ppdb.jdbc;

import static io.ppdb.jdbc.ScriptedDatabase.BLOCKING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.SqlType;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class StatementTest {
  private ScriptedDatabase database;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void connect(TestInfo test) throws SQLException {
    String name = test.getTestMethod().orElseThrow().getName();
    database = ScriptedDatabase.named(name);
    database.answer("SELECT x", List.of(ColumnInfo.of("x", SqlType.INTEGER)), new Object[] {1});
    connection = DriverManager.getConnection("jdbc:ppdb:script:" + name);
    statement = connection.createStatement();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void executeTellsRowsFromCounts() throws SQLException {
    assertThat(statement.execute("SELECT x")).isTrue();
    assertThat(statement.getUpdateCount()).isEqualTo(-1);
    assertThat(statement.getResultSet().next()).isTrue();
    assertThat(statement.getMoreResults()).isFalse();
    assertThat(statement.getResultSet()).isNull();
    assertThat(statement.execute("UPDATE t")).isFalse();
    assertThat(statement.getUpdateCount()).isEqualTo(1);
    assertThat(statement.getMoreResults()).isFalse();
    assertThat(statement.getUpdateCount()).isEqualTo(-1);
    assertThatThrownBy(() -> statement.executeUpdate("SELECT x"))
        .hasMessageContaining("returns rows");
    assertThatThrownBy(() -> statement.executeQuery("UPDATE t"))
        .hasMessageContaining("returns no rows");
    assertThat(database.log).doesNotContainSequence("SELECT x", "SELECT x");
  }

  @Test
  void aNewExecutionClosesTheResultBefore() throws SQLException {
    ResultSet first = statement.executeQuery("SELECT x");
    ResultSet second = statement.executeQuery("SELECT x");
    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isFalse();
    statement.close();
    assertThat(second.isClosed()).isTrue();
    assertThatThrownBy(() -> statement.executeQuery("SELECT x"))
        .hasMessage("this statement is closed");
  }

  @Test
  void closeOnCompletionClosesWithTheLastResult() throws SQLException {
    statement.closeOnCompletion();
    statement.executeQuery("SELECT x").close();
    assertThat(statement.isClosed()).isTrue();
  }

  @Test
  void closingTheConnectionClosesEverything() throws SQLException {
    ResultSet rows = statement.executeQuery("SELECT x");
    connection.close();
    assertThat(rows.isClosed()).isTrue();
    assertThat(statement.isClosed()).isTrue();
    assertThat(connection.isValid(1)).isFalse();
    assertThat(database.log).containsOnlyOnce("close");
    assertThatThrownBy(connection::createStatement)
        .isInstanceOf(SQLNonTransientConnectionException.class);
  }

  @Test
  void parametersReachTheSessionAsItsValues() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?,?,?,?,?,?,?,?,?,?,?,?")) {
      insert.setInt(1, 1);
      insert.setShort(2, (short) 2);
      insert.setLong(3, 3);
      insert.setBigDecimal(4, new BigDecimal("4.5"));
      insert.setString(5, "five");
      insert.setBytes(6, new byte[] {6});
      insert.setDate(7, Date.valueOf("2001-02-03"));
      insert.setTimestamp(8, Timestamp.valueOf("2001-02-03 04:05:06"));
      insert.setObject(9, Instant.EPOCH);
      insert.setNull(10, Types.INTEGER);
      insert.setBinaryStream(11, new ByteArrayInputStream(new byte[] {1, 2, 3}), 2);
      insert.setCharacterStream(12, new StringReader("twelve"));
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
    assertThat(database.parameterSets.get(0))
        .containsExactly(
            1,
            2,
            3L,
            new BigDecimal("4.5"),
            "five",
            new byte[] {6},
            LocalDate.of(2001, 2, 3),
            LocalDateTime.of(2001, 2, 3, 4, 5, 6),
            OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
            null,
            new byte[] {1, 2},
            "twelve");
  }

  @Test
  void aTimestampBecomesAnInstantWhereTheParameterIsOne() throws SQLException {
    database.parameterType = SqlType.TIMESTAMPTZ;
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?")) {
      Timestamp moment = Timestamp.from(Instant.parse("2001-02-03T04:05:06Z"));
      insert.setTimestamp(1, moment);
      insert.execute();
      assertThat(((OffsetDateTime) database.parameterSets.get(0)[0]).toInstant())
          .isEqualTo(moment.toInstant());
    }
  }

  @Test
  void setObjectConvertsToTheTypeItIsGiven() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?,?,?,?")) {
      insert.setObject(1, "12", Types.INTEGER);
      insert.setObject(2, 1.256, Types.NUMERIC, 2);
      insert.setObject(3, "2001-02-03", Types.DATE);
      insert.setObject(4, 7, Types.VARCHAR);
      insert.execute();
      assertThat(database.parameterSets.get(0))
          .containsExactly(12, new BigDecimal("1.26"), LocalDate.of(2001, 2, 3), "7");
      assertThatThrownBy(() -> insert.setObject(1, new Object()))
          .hasMessageContaining("no type for a parameter");
    }
  }

  @Test
  void aParameterWithoutValueIsAnError() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?,?")) {
      insert.setInt(1, 1);
      assertThatThrownBy(insert::executeUpdate).hasMessage("parameter 2 has no value");
      assertThatThrownBy(() -> insert.setInt(3, 1)).hasMessageContaining("not within 1..2");
      assertThatThrownBy(() -> insert.executeQuery("SELECT x"))
          .hasMessageContaining("already has its SQL text");
    }
  }

  @Test
  void aFailedBatchTellsWhatWasDone() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT ?")) {
      for (String each : new String[] {"a", "b", "bad", "c"}) {
        insert.setString(1, each);
        insert.addBatch();
      }
      assertThatThrownBy(insert::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .satisfies(
              e -> {
                BatchUpdateException failure = (BatchUpdateException) e;
                assertThat(failure.getUpdateCounts()).containsExactly(1, 1);
                assertThat(failure.getSQLState()).isEqualTo("23505");
              });
      assertThat(insert.executeBatch()).isEmpty();
    }
    statement.addBatch("INSERT 1");
    statement.addBatch("INSERT 2");
    assertThat(statement.executeBatch()).containsExactly(1, 1);
  }

  @Test
  void aTimeoutCancelsAndSaysSo() throws SQLException {
    statement.setQueryTimeout(1);
    assertThatThrownBy(() -> statement.executeQuery(BLOCKING))
        .isInstanceOf(SQLTimeoutException.class)
        .hasMessage("the statement ran for longer than 1 s");
  }

  @Test
  void cancelReachesARunningStatementFromAnotherThread() throws Exception {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    Thread runner =
        new Thread(() -> seen.complete(catchThrowable(() -> statement.executeQuery(BLOCKING))));
    runner.start();
    database.blocked.await();
    statement.cancel();
    assertThat(seen.join())
        .isNotInstanceOf(SQLTimeoutException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("57014");
  }

  @Test
  void savepointsEndWithTheirTransaction() throws SQLException {
    assertThatThrownBy(connection::commit).hasMessageContaining("setAutoCommit(false)");
    connection.setAutoCommit(false);
    Savepoint first = connection.setSavepoint("one");
    Savepoint second = connection.setSavepoint();
    assertThat(first.getSavepointName()).isEqualTo("one");
    assertThat(second.getSavepointId()).isPositive();
    connection.rollback(first);
    assertThatThrownBy(() -> connection.rollback(second)).hasMessageContaining("released");
    connection.commit();
    assertThatThrownBy(() -> connection.rollback(first)).hasMessageContaining("ended");
    assertThat(database.log).contains("savepoint one", "rollback to one", "commit");
  }

  @Test
  void commitClosesOpenResults() throws SQLException {
    connection.setAutoCommit(false);
    ResultSet rows = statement.executeQuery("SELECT x");
    connection.commit();
    assertThat(rows.isClosed()).isTrue();
  }

  @Test
  void escapesAreTranslatedOutsideQuotesAndComments() throws SQLException {
    assertThat(connection.nativeSQL("SELECT {d '2001-02-03'}, {fn abs(-1)}, '{d x}' -- {d"))
        .isEqualTo("SELECT DATE '2001-02-03',  abs(-1), '{d x}' -- {d");
    assertThat(connection.nativeSQL("SELECT * FROM {oj a LEFT JOIN {oj b} } {limit 5}"))
        .isEqualTo("SELECT * FROM  a LEFT JOIN  b  LIMIT 5");
    assertThat(connection.nativeSQL("SELECT /*/ {d */ {d '2001-02-03'}, $${d$$"))
        .isEqualTo("SELECT /*/ {d */ DATE '2001-02-03', $${d$$");
    assertThatThrownBy(() -> connection.nativeSQL("{call p()}"))
        .isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(() -> connection.nativeSQL("{d '2001-02-03'"))
        .hasMessageContaining("no closing");
  }

  @Test
  void clientInfoTakesKnownNames() throws SQLException {
    connection.setClientInfo("ApplicationName", "test");
    assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("test");
    assertThat(database.log).contains("ApplicationName=test");
    assertThatThrownBy(() -> connection.setClientInfo("Nonsense", "x"))
        .isInstanceOf(SQLClientInfoException.class);
  }

  @Test
  void propertiesOfTheUrlApply() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("schema", "other");
    try (Connection other =
        DriverManager.getConnection("jdbc:ppdb:script:urls?readOnly=true&schema=x", properties)) {
      assertThat(other.isReadOnly()).isTrue();
      assertThat(other.getSchema()).isEqualTo("other");
    }
  }

  @Test
  void anUnknownUrlIsAClearError() {
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:ppdb:/host:1/db"))
        .hasMessageContaining("cannot read the URL")
        .hasMessageContaining("jdbc:ppdb:file:DIRECTORY");
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:ppdb:tape:x"))
        .hasMessageContaining("nothing here opens the URL");
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:ppdb:script:"))
        .hasMessageContaining("names no database");
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:ppdb://localhost:x/ppdb"))
        .hasMessageContaining("'x' is no port: expected a number from 1 to 65535");
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:ppdb://no-such-host.invalid/ppdb"))
        .hasMessage("no connection to no-such-host.invalid:5432: the host is unknown");
  }

  @Test
  void onlyTheDriversOwnClassesUnwrap() throws SQLException {
    assertThat(connection.isWrapperFor(PpdbConnection.class)).isTrue();
    assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
    assertThatThrownBy(() -> connection.unwrap(String.class)).isInstanceOf(SQLException.class);
  }

  @Test
  void abortEndsTheSessionOnTheExecutor() throws SQLException {
    connection.abort(Runnable::run);
    assertThat(connection.isClosed()).isTrue();
    assertThat(database.log).contains("abort");
  }
}
