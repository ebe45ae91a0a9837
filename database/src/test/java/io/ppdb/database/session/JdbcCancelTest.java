package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cancelling reaches the statement it is asked of, and no other. */
class JdbcCancelTest {
  private static final int ROWS = 20_000;

  /** Runs for longer than any test waits. */
  private static final String ENDLESS =
      "SELECT count(*) FROM t a JOIN t b ON a.n = b.n JOIN t c ON b.n = c.n WHERE a.id < b.id";

  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(JdbcUrls.newDatabase("cancel"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, 1)")) {
      addRows(insert, 0, ROWS);
      insert.executeBatch();
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private static void addRows(PreparedStatement insert, int from, int count) throws SQLException {
    for (int id = from; id < from + count; id++) {
      insert.setInt(1, id);
      insert.addBatch();
    }
  }

  private static String stateOf(Throwable failure) {
    assertThat(failure).isInstanceOf(SQLException.class);
    return ((SQLException) failure).getSQLState();
  }

  private static int readAll(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void anOlderResultIsCancelledAndAYoungerOneGoesOn() throws SQLException {
    try (Statement older = connection.createStatement();
        Statement younger = connection.createStatement();
        ResultSet olderRows = older.executeQuery("SELECT id FROM t");
        ResultSet youngerRows = younger.executeQuery("SELECT id FROM t")) {
      older.cancel();
      assertThat(stateOf(catchThrowable(() -> readAll(olderRows)))).isEqualTo("57014");
      assertThat(readAll(youngerRows)).isEqualTo(ROWS);
      younger.cancel();
      assertThat(readAll(younger.executeQuery("SELECT id FROM t")))
          .as("cancelling what has ended does not reach what comes next")
          .isEqualTo(ROWS);
    }
  }

  @Test
  void aRunningStatementIsCancelledFromAnotherThread() throws Exception {
    try (Statement statement = connection.createStatement()) {
      CompletableFuture<Throwable> seen = inThread(() -> readAll(statement.executeQuery(ENDLESS)));
      cancelUntilDone(statement, seen);
      assertThat(stateOf(seen.join())).isEqualTo("57014");
      assertThat(readAll(statement.executeQuery("SELECT id FROM t"))).isEqualTo(ROWS);
    }
  }

  @Test
  void aBatchIsCancelledBetweenItsSets() throws Exception {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, 2)");
        Statement statement = connection.createStatement()) {
      addRows(insert, ROWS, 10 * ROWS);
      CompletableFuture<Throwable> seen = inThread(insert::executeBatch);
      cancelUntilDone(insert, seen);
      assertThat(seen.join()).isInstanceOf(BatchUpdateException.class);
      assertThat(stateOf(seen.join())).isEqualTo("57014");
      assertThat(readAll(statement.executeQuery("SELECT id FROM t"))).isEqualTo(ROWS);
    }
  }

  @Test
  void aTimeoutIsTheStatementsOwn() throws SQLException {
    try (Statement statement = connection.createStatement();
        Statement other = connection.createStatement();
        ResultSet rows = other.executeQuery("SELECT id FROM t")) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> readAll(statement.executeQuery(ENDLESS)))
          .isInstanceOf(SQLTimeoutException.class);
      assertThat(readAll(rows)).isEqualTo(ROWS);
      assertThat(readAll(statement.executeQuery("SELECT id FROM t"))).isEqualTo(ROWS);
    }
  }

  @Test
  void anAbortedConnectionLetsWhatRunsFail() throws Exception {
    Statement statement = connection.createStatement();
    CompletableFuture<Throwable> seen = inThread(() -> readAll(statement.executeQuery(ENDLESS)));
    connection.abort(Runnable::run);
    assertThat(connection.isClosed()).isTrue();
    assertThat(seen.join()).isInstanceOf(SQLException.class);
  }

  private interface Work {
    Object run() throws Exception;
  }

  /** What {@code work}, running in a thread of its own, fails with; null if it does not. */
  private static CompletableFuture<Throwable> inThread(Work work) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    new Thread(() -> failure.complete(catchThrowable(work::run))).start();
    return failure;
  }

  /** Cancels again and again, for the thread may not have come to its execution yet. */
  private static void cancelUntilDone(Statement statement, CompletableFuture<?> done)
      throws SQLException {
    while (!done.isDone()) {
      statement.cancel();
      Thread.onSpinWait();
    }
  }
}
