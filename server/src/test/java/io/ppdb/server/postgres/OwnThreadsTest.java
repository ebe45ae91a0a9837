package io.ppdb.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.server.TestServer;
import io.ppdb.server.config.Setting;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * Connections behave the same whether they have threads of their own or share them with others, and
 * none of them holds up another.
 */
@Timeout(120)
class OwnThreadsTest {
  private static final String[] TABLE = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)", "INSERT INTO t VALUES (1, 0), (2, 0)"
  };

  private static TestServer server(int ownThreads) {
    return TestServer.start(TestServer.FREE_PORTS.with(Setting.OWN_THREADS, ownThreads), TABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64})
  void aConnectionThatWaitsForALockHoldsUpNobody(int ownThreads) throws Exception {
    try (TestServer server = server(ownThreads)) {
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        connections.add(server.connect());
      }
      Connection holder = connections.get(7);
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute("SELECT * FROM t WHERE id = 1 FOR UPDATE");
      }
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      for (Connection each : connections.subList(0, 6)) {
        waiting.add(
            CompletableFuture.runAsync(
                () -> {
                  try (Statement statement = each.createStatement()) {
                    statement.execute("BEGIN; SELECT * FROM t WHERE id = 1 FOR UPDATE; COMMIT");
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                },
                task -> new Thread(task).start()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
      assertThat(count(connections.get(6), "SELECT count(*) FROM t")).isEqualTo(2);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      holder.commit();
      for (CompletableFuture<Void> each : waiting) {
        each.get(30, TimeUnit.SECONDS);
      }
      for (Connection each : connections) {
        each.close();
      }
      try (Connection next = server.connect()) {
        assertThat(count(next, "SELECT count(*) FROM t")).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void statementsAreCancelledFromOtherConnections(int ownThreads) throws Exception {
    try (TestServer server = server(ownThreads);
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      CompletableFuture<Void> cancelled =
          CompletableFuture.runAsync(
              () -> {
                try {
                  TimeUnit.MILLISECONDS.sleep(200);
                  statement.cancel();
                } catch (InterruptedException | SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(
              () ->
                  statement.executeQuery(
                      "SELECT count(*) FROM generate_series(1, 100000) a (i),"
                          + " generate_series(1, 100000) b (j) WHERE i + j < 0"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      cancelled.get(30, TimeUnit.SECONDS);
      assertThat(count(connection, "SELECT count(*) FROM t")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void copyReadsMoreThanComesAtOnce(int ownThreads) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 10; i < 300_000; i++) {
      rows.append(i).append('\t').append(i % 7).append('\n');
    }
    try (TestServer server = server(ownThreads);
        Connection connection = server.connect()) {
      long count =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("/* all */ copy t FROM STDIN", new StringReader(rows.toString()));
      assertThat(count).isEqualTo(299_990);
      assertThat(count(connection, "SELECT count(*) FROM t")).isEqualTo(299_992);
    }
  }

  @Test
  void whoDoesNotReadHoldsUpNeitherOthersNorTheEnd() throws Exception {
    TestServer server = server(64);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port("postgres"))) {
      slow.getOutputStream()
          .write(
              new FrontendMessages()
                  .startup("user", "ppdb", "database", "ppdb")
                  .query("SELECT i, repeat('x', 1000) FROM generate_series(1, 10000000) AS s (i)")
                  .toBytes());
      slow.getOutputStream().flush();
      TimeUnit.SECONDS.sleep(1);
      try (Connection other = server.connect()) {
        assertThat(count(other, "SELECT count(*) FROM t")).isEqualTo(2);
      }
      long start = System.nanoTime();
      server.close();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(20);
    }
  }

  @Test
  void messagesThatComeInPiecesAreServedAllTheSame() throws Exception {
    byte[] messages =
        new FrontendMessages()
            .startup("user", "ppdb", "database", "ppdb")
            .parse("", "INSERT INTO t VALUES (3, 0)")
            .bind("", "", 0)
            .execute("", 0)
            .empty('S')
            .query("UPDATE t SET n = 5 WHERE id = 3")
            .empty('X')
            .toBytes();
    try (TestServer server = server(64);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port("postgres"))) {
      socket.setTcpNoDelay(true);
      for (byte each : messages) {
        socket.getOutputStream().write(each);
        socket.getOutputStream().flush();
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
      try (Connection connection = server.connect()) {
        assertThat(count(connection, "SELECT n FROM t WHERE id = 3")).isEqualTo(5);
      }
    }
  }

  /** Pieces end amid a batch, so that parts of it are served by workers; answers stay in order. */
  @Test
  void answersComeInTheOrderOfTheirMessages() throws Exception {
    try (TestServer server = server(64);
        Connection connection = server.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO t SELECT ? + i, 1 FROM generate_series(1, ?) AS s (i)")) {
      int next = 100;
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 700; i++) {
          insert.setInt(1, next);
          insert.setInt(2, i % 3);
          insert.addBatch();
          next += i % 3;
        }
        int[] counts = insert.executeBatch();
        assertThat(counts).hasSize(700);
        for (int i = 0; i < counts.length; i++) {
          assertThat(counts[i]).as("rows of statement %d", i).isEqualTo(i % 3);
        }
      }
    }
  }

  private static int count(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getInt(1);
    }
  }
}
