package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements through the driver, on a database in memory. */
class JdbcStatementTest {
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(JdbcUrls.newDatabase("statement"));
    statement = connection.createStatement();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private void execute(String... statements) throws SQLException {
    for (String each : statements) {
      statement.execute(each);
    }
  }

  private List<Object> column(String query) throws SQLException {
    List<Object> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getObject(1));
      }
    }
    return values;
  }

  @Test
  void everyTypeGoesInByParameterAndComesOut() throws SQLException {
    execute(
        "CREATE TABLE everything (id INTEGER PRIMARY KEY, b BOOLEAN, s SMALLINT, l BIGINT,"
            + " n DECIMAL(10,2), r REAL, d DOUBLE PRECISION, v VARCHAR(20), t TEXT, y BYTEA,"
            + " dt DATE, tm TIME, ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE, u UUID)");
    UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    OffsetDateTime instant = OffsetDateTime.parse("2001-02-03T04:05:06.789Z");
    Object[] values = {
      1,
      true,
      (short) 2,
      3L,
      new BigDecimal("4.50"),
      5.5f,
      6.25,
      "seven",
      "eight äöü €",
      new byte[] {9, 0, -1},
      LocalDate.of(2001, 2, 3),
      LocalTime.of(4, 5, 6, 789_000_000),
      LocalDateTime.of(2001, 2, 3, 4, 5, 6, 789_000_000),
      instant,
      id
    };
    String marks = "?, ".repeat(values.length - 1) + "?";
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO everything VALUES (" + marks + ")")) {
      assertThat(insert.getParameterMetaData().getParameterCount()).isEqualTo(values.length);
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      assertThat(insert.executeUpdate()).isEqualTo(1);
      insert.setInt(1, 2);
      for (int i = 1; i < values.length; i++) {
        insert.setNull(i + 1, Types.NULL);
      }
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
    try (ResultSet rows = statement.executeQuery("SELECT * FROM everything ORDER BY id")) {
      assertThat(rows.next()).isTrue();
      for (int i = 0; i < values.length; i++) {
        Object expected = values[i] instanceof Short s ? Integer.valueOf(s) : values[i];
        assertThat(rows.getObject(i + 1, expected.getClass()))
            .as("column %d", i + 1)
            .isEqualTo(expected);
      }
      assertThat(rows.next()).isTrue();
      for (int i = 1; i < values.length; i++) {
        assertThat(rows.getObject(i + 1)).isNull();
      }
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void resultMetadataNamesTypesAndOrigins() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(15,2), name VARCHAR(30))");
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id, price AS p, name, id + 1 AS successor FROM t")) {
      ResultSetMetaData data = query.getMetaData();
      assertThat(data.getColumnCount()).isEqualTo(4);
      assertThat(data.getColumnLabel(2)).isEqualTo("p");
      assertThat(data.getColumnTypeName(1)).isEqualTo("integer");
      assertThat(data.getColumnType(2)).isEqualTo(Types.NUMERIC);
      assertThat(data.getPrecision(2)).isEqualTo(15);
      assertThat(data.getScale(2)).isEqualTo(2);
      assertThat(data.getPrecision(3)).isEqualTo(30);
      assertThat(data.getColumnClassName(4)).isEqualTo("java.lang.Integer");
    }
  }

  @Test
  void parameterMetadataTellsTheInferredTypes() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR)");
    try (PreparedStatement query =
        connection.prepareStatement("SELECT * FROM t WHERE id = ? AND name = ?")) {
      ParameterMetaData data = query.getParameterMetaData();
      assertThat(data.getParameterCount()).isEqualTo(2);
      assertThat(data.getParameterTypeName(1)).isEqualTo("integer");
      assertThat(data.getParameterTypeName(2)).isEqualTo("varchar");
    }
  }

  @Test
  void aTextParameterBecomesTheTypeItStandsFor() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, moment TIMESTAMP)");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      insert.setString(1, "7");
      insert.setString(2, "2001-02-03 04:05:06");
      insert.executeUpdate();
    }
    assertThat(column("SELECT id FROM t WHERE moment = TIMESTAMP '2001-02-03 04:05:06'"))
        .containsExactly(7);
  }

  @Test
  void aPreparedQueryRunsAgainWithOtherParametersAndAfterSchemaChanges() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
    execute("INSERT INTO t VALUES (1, 10), (2, 20), (3, 20)");
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id FROM t WHERE n = ? ORDER BY id")) {
      for (int round = 0; round < 2; round++) {
        query.setInt(1, 20);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(2);
          assertThat(rows.next()).isTrue();
          assertThat(rows.next()).isFalse();
        }
        query.setInt(1, 10);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(1);
          assertThat(rows.next()).isFalse();
        }
        if (round == 0) {
          execute("CREATE INDEX by_n ON t (n)");
        }
      }
    }
  }

  @Test
  void aBatchInAutocommitIsOneTransaction() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      for (int i = 0; i < 100; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(100).containsOnly(1);
      insert.setInt(1, 200);
      insert.addBatch();
      insert.setInt(1, 50);
      insert.addBatch();
      assertThatThrownBy(insert::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .satisfies(
              e -> {
                assertThat(((BatchUpdateException) e).getUpdateCounts()).isEmpty();
                assertThat(((SQLException) e).getSQLState()).isEqualTo("23505");
              });
    }
    assertThat(column("SELECT count(*) FROM t")).containsExactly(100L);
  }

  @Test
  void aFailedBatchInATransactionTakesBackTheBatchOnly() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (10)");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      for (int id : new int[] {1, 2, 1, 3}) {
        insert.setInt(1, id);
        insert.addBatch();
      }
      assertThatThrownBy(insert::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .satisfies(e -> assertThat(((BatchUpdateException) e).getUpdateCounts()).isEmpty());
    }
    connection.commit();
    connection.setAutoCommit(true);
    assertThat(column("SELECT id FROM t ORDER BY id")).containsExactly(10);
  }

  @Test
  void errorsCarrySqlStateAndPosition() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    execute("INSERT INTO t VALUES (1, 1)");
    assertThatThrownBy(() -> statement.executeQuery("SELEC 1"))
        .isInstanceOf(SQLSyntaxErrorException.class)
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nowhere"))
        .isInstanceOf(SQLSyntaxErrorException.class)
        .hasMessageContaining("nowhere")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("42P01");
    assertThatThrownBy(() -> statement.executeQuery("SELECT absent FROM t"))
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("42703");
    assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (1, 2)"))
        .isInstanceOf(SQLIntegrityConstraintViolationException.class);
    assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO t (id) VALUES (2)"))
        .isInstanceOf(SQLIntegrityConstraintViolationException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("23502");
    assertThatThrownBy(() -> column("SELECT n / 0 FROM t"))
        .isInstanceOf(SQLDataException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("22012");
    assertThat(column("SELECT n FROM t")).containsExactly(1);
  }

  @Test
  void maxRowsEndsAResult() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    insertNumbers(10_000);
    statement.setMaxRows(3);
    assertThat(column("SELECT id FROM t ORDER BY id")).containsExactly(1, 2, 3);
    statement.setMaxRows(0);
    assertThat(column("SELECT id FROM t")).hasSize(10_000);
  }

  @Test
  void severalResultsOfOneConnectionStayOpenTogether() throws SQLException {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    insertNumbers(5000);
    try (Statement other = connection.createStatement();
        ResultSet outer = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
      int count = 0;
      while (outer.next()) {
        if (count++ % 1000 == 0) {
          other.executeUpdate("DELETE FROM t WHERE id = " + (5000 - count));
        }
      }
      // The result shows the snapshot it began with, whatever is deleted meanwhile.
      assertThat(count).isEqualTo(5000);
    }
    assertThat(column("SELECT count(*) FROM t")).containsExactly(4995L);
  }

  private void insertNumbers(int count) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      for (int i = 1; i <= count; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
