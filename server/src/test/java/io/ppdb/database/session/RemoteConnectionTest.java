package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.server.TestServer;
import io.ppdb.server.config.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only a connection over the network has: logins, large results, servers that go or lie. */
@Timeout(120)
class RemoteConnectionTest {
  private static Connection connect(TestServer server, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:ppdb://" + server.hostAndPort("postgres") + "/ppdb", user, password);
  }

  private static void assertState(ThrowingCallable call, String sqlState) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
  }

  @Test
  void rolesLogInByTheirPasswords() throws SQLException {
    try (TestServer server =
        TestServer.start(TestServer.FREE_PORTS, "CREATE ROLE anna LOGIN PASSWORD 'gehe\u00efm'")) {
      try (Connection anna = connect(server, "anna", "gehe\u00efm");
          Statement statement = anna.createStatement();
          ResultSet rows = statement.executeQuery("SELECT current_user")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("anna");
      }
      assertState(() -> connect(server, "anna", "falsch").close(), "28P01");
      assertState(() -> connect(server, "nobody", "x").close(), "28P01");
      assertState(
          () ->
              DriverManager.getConnection(
                      "jdbc:ppdb://" + server.hostAndPort("postgres") + "/other")
                  .close(),
          "3D000");
    }
  }

  @Test
  void rowsComeAsTheyAreReadAndOthersCanBeAskedForMeanwhile() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = connect(server, "ppdb", "");
        Statement many = connection.createStatement();
        Statement one = connection.createStatement()) {
      for (boolean autoCommit : new boolean[] {true, false}) {
        connection.setAutoCommit(autoCommit);
        for (int fetchSize : new int[] {0, 7, 1000}) {
          many.setFetchSize(fetchSize);
          long sum = 0;
          try (ResultSet rows =
              many.executeQuery("SELECT g, 'row ' || g FROM generate_series(1, 20000) AS g")) {
            while (rows.next()) {
              sum += rows.getLong(1);
              if (rows.getLong(1) % 7000 == 0) {
                try (ResultSet other = one.executeQuery("SELECT " + rows.getLong(1))) {
                  assertThat(other.next()).isTrue();
                  assertThat(other.getLong(1)).isEqualTo(rows.getLong(1));
                }
              }
              assertThat(rows.getString(2)).isEqualTo("row " + rows.getLong(1));
            }
          }
          assertThat(sum).isEqualTo(20000L * 20001 / 2);
        }
      }
    }
  }

  @Test
  void aResultThatNobodyReadsOnIsCancelled() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = connect(server, "ppdb", "");
        Statement statement = connection.createStatement()) {
      long start = System.nanoTime();
      try (ResultSet rows =
          statement.executeQuery("SELECT g FROM generate_series(1, 2000000000) AS g")) {
        assertThat(rows.next()).isTrue();
      }
      assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
      try (ResultSet rows = statement.executeQuery("SELECT 1")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  @Test
  void largeBatchesAndLargeValuesGoThrough() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = connect(server, "ppdb", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
        for (int i = 0; i < 20_000; i++) {
          insert.setInt(1, i);
          insert.setString(2, "value " + i);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(20_000).containsOnly(1);
        insert.setInt(1, -1);
        insert.setString(2, "x".repeat(5_000_000));
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(*), max(length(v)) FROM t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(20_001);
        assertThat(rows.getLong(2)).isEqualTo(5_000_000);
      }
    }
  }

  @Test
  void aPlanWhoseColumnsHaveChangedIsMadeAgain() throws SQLException {
    try (TestServer server = TestServer.start();
        Connection connection = connect(server, "ppdb", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO t VALUES (1)");
      try (PreparedStatement all = connection.prepareStatement("SELECT * FROM t")) {
        try (ResultSet rows = all.executeQuery()) {
          assertThat(rows.getMetaData().getColumnCount()).isEqualTo(1);
        }
        statement.execute("ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 5");
        try (ResultSet rows = all.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt("n")).isEqualTo(5);
        }
      }
    }
  }

  @Test
  void aServerThatGoesIsAClearError() throws SQLException {
    TestServer server = TestServer.start();
    try (Connection connection = connect(server, "ppdb", "");
        Statement statement = connection.createStatement()) {
      server.close();
      assertThat(connection.isValid(5)).isFalse();
      assertState(() -> statement.executeQuery("SELECT 1"), "08006");
    }
    assertState(
        () ->
            DriverManager.getConnection("jdbc:ppdb://127.0.0.1:" + unusedPort() + "/ppdb").close(),
        "08001");
  }

  private static int unusedPort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aServerThatSaysNonsenseIsAnErrorAndNoHang() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      byte[] nonsense = new byte[random.nextInt(64)];
      random.nextBytes(nonsense);
      if (round % 2 == 0 && nonsense.length > 4) {
        System.arraycopy("NR\0\0\0".getBytes(StandardCharsets.US_ASCII), 0, nonsense, 0, 5);
      }
      try (ServerSocket liar = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Thread answers =
            new Thread(
                () -> {
                  try (Socket client = liar.accept()) {
                    client.getOutputStream().write(nonsense);
                    client.shutdownOutput();
                    InputStream in = client.getInputStream();
                    while (in.read() >= 0) {
                      // until the client goes
                    }
                  } catch (IOException e) {
                    // The client has gone.
                  }
                });
        answers.start();
        assertThatThrownBy(
                () ->
                    DriverManager.getConnection(
                            "jdbc:ppdb://127.0.0.1:" + liar.getLocalPort() + "/ppdb")
                        .close())
            .isInstanceOf(SQLException.class);
        answers.join(10_000);
        assertThat(answers.isAlive()).isFalse();
      }
    }
  }

  @Test
  void aSilentServerIsGivenUpOn() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  DriverManager.getConnection(
                          "jdbc:ppdb://127.0.0.1:"
                              + silent.getLocalPort()
                              + "/ppdb?connectTimeout=1")
                      .close())
          .hasMessageContaining("did not answer in time");
    }
  }

  @Test
  void tooManyConnectionsAreRefused() throws SQLException {
    try (TestServer server =
            TestServer.start(TestServer.FREE_PORTS.with(Setting.MAX_CONNECTIONS, 1));
        Connection first = connect(server, "ppdb", "")) {
      assertState(() -> connect(server, "ppdb", "").close(), "53300");
      assertThat(first.isValid(5)).isTrue();
    }
  }
}
