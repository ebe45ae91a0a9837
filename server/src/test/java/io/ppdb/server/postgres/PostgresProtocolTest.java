package io.ppdb.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.database.Database;
import io.ppdb.server.PpdbServer;
import io.ppdb.server.config.Configuration;
import io.ppdb.server.config.Port;
import io.ppdb.server.config.Setting;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.util.PSQLException;

/** The protocol as PostgreSQL's own JDBC driver speaks it. */
@Timeout(120)
class PostgresProtocolTest {
  private Database database;
  private PpdbServer server;

  @BeforeEach
  void start() {
    database = Database.openMemory("postgres-" + UUID.randomUUID());
    server =
        PpdbServer.start(
            database,
            Configuration.DEFAULT.with(Setting.POSTGRES, Port.AUTO).with(Setting.HTTP, Port.OFF));
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  private Connection connect(String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", "ppdb");
    for (int i = 0; i < properties.length; i += 2) {
      all.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://" + server.endpoint("postgres").orElseThrow().hostAndPort() + "/ppdb",
        all);
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static String value(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  /** Three executions: by text first, and in binary form once the driver prepares on the server. */
  @Test
  void valuesOfAllTypesComeBackAsTheyWereGiven() throws SQLException {
    OffsetDateTime instant = OffsetDateTime.of(2024, 2, 29, 12, 30, 15, 123456000, ZoneOffset.UTC);
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    try (Connection connection = connect("prepareThreshold", "-1", "binaryTransfer", "true")) {
      run(
          connection,
          "CREATE TABLE v (id integer PRIMARY KEY, b boolean, s smallint, l bigint, n numeric(30,"
              + " 10), f real, d double precision, t text, y bytea, da date, ts timestamp, tz"
              + " timestamptz, u uuid, a integer[])");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
        for (int id = 1; id <= 3; id++) {
          insert.setInt(1, id);
          insert.setBoolean(2, true);
          insert.setShort(3, (short) -7);
          insert.setLong(4, Long.MIN_VALUE);
          insert.setBigDecimal(5, new BigDecimal("-12345678901234567890.0123456789"));
          insert.setFloat(6, 1.5f);
          insert.setDouble(7, -0.1);
          insert.setString(8, "ü€😀'\\");
          insert.setBytes(9, new byte[] {0, 1, -1});
          insert.setObject(10, LocalDate.of(1999, 12, 31));
          insert.setObject(11, LocalDateTime.of(1969, 7, 20, 20, 17, 40));
          insert.setObject(12, instant);
          insert.setObject(13, uuid);
          insert.setArray(14, connection.createArrayOf("int4", new Integer[] {1, null, 3}));
          assertThat(insert.executeUpdate()).isEqualTo(1);
        }
      }
      try (PreparedStatement select = connection.prepareStatement("SELECT * FROM v WHERE id = ?")) {
        for (int id = 1; id <= 3; id++) {
          select.setInt(1, id);
          try (ResultSet rows = select.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBoolean("b")).isTrue();
            assertThat(rows.getShort("s")).isEqualTo((short) -7);
            assertThat(rows.getLong("l")).isEqualTo(Long.MIN_VALUE);
            assertThat(rows.getBigDecimal("n"))
                .isEqualTo(new BigDecimal("-12345678901234567890.0123456789"));
            assertThat(rows.getFloat("f")).isEqualTo(1.5f);
            assertThat(rows.getDouble("d")).isEqualTo(-0.1);
            assertThat(rows.getString("t")).isEqualTo("ü€😀'\\");
            assertThat(rows.getBytes("y")).containsExactly(0, 1, -1);
            assertThat(rows.getObject("da", LocalDate.class)).isEqualTo("1999-12-31");
            assertThat(rows.getObject("ts", LocalDateTime.class)).isEqualTo("1969-07-20T20:17:40");
            assertThat(rows.getObject("tz", OffsetDateTime.class)).isEqualTo(instant);
            assertThat(rows.getObject("u")).isEqualTo(uuid);
            assertThat((Object[]) rows.getArray("a").getArray()).containsExactly(1, null, 3);
            assertThat(rows.next()).isFalse();
          }
        }
      }
    }
  }

  @Test
  void numericsKeepTheirScaleInBinaryForm() throws SQLException {
    try (Connection connection = connect("prepareThreshold", "-1")) {
      for (String each :
          new String[] {
            "0", "0.00", "1", "10000", "9999.9999", "-0.0001", "123456789.000100", "1e20", "0.10"
          }) {
        try (PreparedStatement select = connection.prepareStatement("SELECT ?::numeric")) {
          select.setBigDecimal(1, new BigDecimal(each));
          try (ResultSet rows = select.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBigDecimal(1))
                .as(each)
                .isEqualTo(new BigDecimal(new BigDecimal(each).toPlainString()));
          }
        }
      }
    }
  }

  @Test
  void parametersMayComeInAnyOrderAndAgain() throws SQLException {
    try (Connection connection = connect("preferQueryMode", "extended")) {
      run(connection, "CREATE TABLE p (id integer PRIMARY KEY, t text)");
      run(connection, "INSERT INTO p VALUES (1, 'a'), (2, 'b')");
      try (PreparedStatement select =
          connection.prepareStatement("SELECT t || ? FROM p WHERE id = ? OR id = ? ORDER BY id")) {
        select.setString(1, "!");
        select.setInt(2, 2);
        select.setInt(3, 1);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("a!");
        }
      }
    }
  }

  @Test
  void afterAnErrorATransactionCanOnlyBeRolledBack() throws SQLException {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE f (id integer PRIMARY KEY)");
      connection.setAutoCommit(false);
      run(connection, "INSERT INTO f VALUES (1)");
      assertThatThrownBy(() -> run(connection, "INSERT INTO f VALUES (1)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
      assertThatThrownBy(() -> run(connection, "SELECT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      connection.rollback();
      assertThat(value(connection, "SELECT count(*) FROM f")).isEqualTo("0");
      run(connection, "INSERT INTO f VALUES (1)");
      var savepoint = connection.setSavepoint();
      assertThatThrownBy(() -> run(connection, "INSERT INTO f VALUES (1)"))
          .isInstanceOf(SQLException.class);
      connection.rollback(savepoint);
      run(connection, "INSERT INTO f VALUES (2)");
      connection.commit();
      assertThat(value(connection, "SELECT count(*) FROM f")).isEqualTo("2");
    }
  }

  @Test
  void aBatchIsOneTransaction() throws SQLException {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE b (id integer PRIMARY KEY)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO b VALUES (?)")) {
        for (int each : new int[] {1, 2, 1}) {
          insert.setInt(1, each);
          insert.addBatch();
        }
        assertThatThrownBy(insert::executeBatch).isInstanceOf(BatchUpdateException.class);
        assertThat(value(connection, "SELECT count(*) FROM b")).isEqualTo("0");
        for (int each = 0; each < 1000; each++) {
          insert.setInt(1, each);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(1000).containsOnly(1);
      }
      assertThat(value(connection, "SELECT count(*) FROM b")).isEqualTo("1000");
    }
  }

  @Test
  void severalStatementsOfOneTextAreOneTransaction() throws SQLException {
    try (Connection connection = connect("preferQueryMode", "simple")) {
      run(connection, "CREATE TABLE m (id integer PRIMARY KEY)");
      assertThatThrownBy(
              () -> run(connection, "INSERT INTO m VALUES (1); INSERT INTO m VALUES (1)"))
          .isInstanceOf(SQLException.class);
      assertThat(value(connection, "SELECT count(*) FROM m")).isEqualTo("0");
      run(
          connection,
          "INSERT INTO m VALUES (1); INSERT INTO m VALUES (';--$$')".replace("';--$$'", "2"));
      assertThat(value(connection, "SELECT count(*) FROM m")).isEqualTo("2");
    }
  }

  @Test
  void rowsComeInPortionsOfTheFetchSize() throws SQLException {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE r (id integer PRIMARY KEY)");
      run(connection, "INSERT INTO r SELECT * FROM generate_series(1, 10000)");
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(7);
        int count = 0;
        try (ResultSet rows = statement.executeQuery("SELECT id FROM r ORDER BY id")) {
          while (rows.next()) {
            count++;
            assertThat(rows.getInt(1)).isEqualTo(count);
            if (count == 100) {
              assertThat(value(connection, "SELECT count(*) FROM r")).isEqualTo("10000");
            }
          }
        }
        assertThat(count).isEqualTo(10_000);
      }
    }
  }

  @Test
  void syntaxErrorsNameTheirPlace() throws SQLException {
    try (Connection connection = connect()) {
      assertThatThrownBy(() -> run(connection, "SELECT 1,\n  nosuch FROM (VALUES (1)) t(a)"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42703");
                assertThat(e.getServerErrorMessage().getPosition()).isEqualTo(13);
              });
    }
  }

  @Test
  void copyReadsAndWrites() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE c (id integer PRIMARY KEY, t text)");
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      assertThat(
              copy.copyIn(
                  "COPY c FROM STDIN WITH (FORMAT csv)",
                  new StringReader("1,eins\n2,\"zw,ei\"\n3,\n")))
          .isEqualTo(3);
      StringWriter out = new StringWriter();
      assertThat(copy.copyOut("COPY c TO STDOUT WITH (FORMAT csv)", out)).isEqualTo(3);
      assertThat(out).hasToString("1,eins\n2,\"zw,ei\"\n3,\n");
      assertThatThrownBy(
              () ->
                  copy.copyIn(
                      "COPY c FROM STDIN WITH (FORMAT csv)", new StringReader("4,a\n4,b\n")))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
      assertThat(value(connection, "SELECT count(*) FROM c")).isEqualTo("3");
    }
  }

  @Test
  void aStatementIsCancelledFromAnotherThread() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      run(connection, "CREATE TABLE s (id integer PRIMARY KEY)");
      run(connection, "INSERT INTO s SELECT * FROM generate_series(1, 3000)");
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  statement.executeQuery("SELECT count(*) FROM s a, s b, s c WHERE a.id < b.id");
                  return "done";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      while (!state.isDone()) {
        statement.cancel();
        try {
          state.get(50, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
          // not begun yet, perhaps: once more
        }
      }
      assertThat(state.get()).isEqualTo("57014");
      assertThat(value(connection, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void notificationsComeWhenTheirTransactionHasCommitted() throws SQLException {
    try (Connection listener = connect();
        Connection sender = connect()) {
      run(listener, "LISTEN news");
      sender.setAutoCommit(false);
      run(sender, "NOTIFY news, 'lost'");
      sender.rollback();
      run(sender, "NOTIFY news, 'kept'", "NOTIFY news, 'kept'");
      sender.commit();
      PGNotification[] arrived = listener.unwrap(PGConnection.class).getNotifications(30_000);
      assertThat(arrived).hasSize(1);
      assertThat(arrived[0].getName()).isEqualTo("news");
      assertThat(arrived[0].getParameter()).isEqualTo("kept");
    }
  }

  @Test
  void rolesLogInByTheirPasswordsOnly() throws SQLException {
    try (Connection owner = connect()) {
      run(owner, "CREATE ROLE anna LOGIN PASSWORD 'geheim'", "CREATE ROLE bert LOGIN");
      run(owner, "CREATE TABLE secret (id integer PRIMARY KEY)");
    }
    assertLoginFails("28P01", "user", "anna");
    assertLoginFails("28P01", "user", "anna", "password", "falsch");
    assertLoginFails("28P01", "user", "bert", "password", "x");
    assertLoginFails("28P01", "user", "nobody", "password", "x");
    try (Connection anna = connect("user", "anna", "password", "geheim")) {
      assertThat(value(anna, "SELECT current_user")).isEqualTo("anna");
      assertThatThrownBy(() -> value(anna, "SELECT * FROM secret"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
    try (Connection owner = connect()) {
      run(owner, "ALTER ROLE ppdb PASSWORD 'jetzt'");
    }
    assertLoginFails("28P01", "user", "ppdb");
    try (Connection owner = connect("user", "ppdb", "password", "jetzt")) {
      assertThat(value(owner, "SELECT 1")).isEqualTo("1");
    }
  }

  private void assertLoginFails(String sqlState, String... properties) {
    String[] all = properties;
    assertThatThrownBy(() -> connect(all).close())
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as("%s", e).isIn(sqlState, "08004"));
  }

  @Test
  void otherDatabasesAreNotThere() {
    assertThatThrownBy(
            () ->
                DriverManager.getConnection(
                        "jdbc:postgresql://"
                            + server.endpoint("postgres").orElseThrow().hostAndPort()
                            + "/other",
                        "ppdb",
                        "")
                    .close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("3D000"));
  }

  @Test
  void theServerStopsWhileClientsAreConnected() throws SQLException {
    Connection connection = connect();
    assertThat(value(connection, "SELECT 1")).isEqualTo("1");
    server.close();
    assertThatThrownBy(() -> value(connection, "SELECT 1")).isInstanceOf(SQLException.class);
  }
}
