package io.ppdb.database.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions through the driver, on a database in memory. */
class JdbcTransactionTest {
  private String url = "";
  private Connection first;
  private Connection second;

  @BeforeEach
  void connect() throws SQLException {
    url = JdbcUrls.newDatabase("transactions");
    first = DriverManager.getConnection(url);
    second = DriverManager.getConnection(url);
    execute(first, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)");
  }

  @AfterEach
  void disconnect() throws SQLException {
    first.close();
    second.close();
  }

  private static int execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? -1 : statement.getUpdateCount();
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  @Test
  void othersSeeACommitAndNothingBefore() throws SQLException {
    first.setAutoCommit(false);
    assertThat(execute(first, "INSERT INTO t VALUES (1, 1), (2, 2)")).isEqualTo(2);
    assertThat(count(first)).isEqualTo(2);
    assertThat(count(second)).isZero();
    first.commit();
    assertThat(count(second)).isEqualTo(2);
    execute(first, "DELETE FROM t");
    first.rollback();
    assertThat(count(first)).isEqualTo(2);
  }

  @Test
  void aTransactionKeepsItsSnapshot() throws SQLException {
    first.setAutoCommit(false);
    assertThat(count(first)).isZero();
    execute(second, "INSERT INTO t VALUES (1, 1)");
    assertThat(count(first)).isZero();
    first.commit();
    assertThat(count(first)).isEqualTo(1);
    assertThat(first.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
  }

  @Test
  void theSecondWriterOfARowGetsARollbackException() throws SQLException {
    execute(first, "INSERT INTO t VALUES (1, 1)");
    first.setAutoCommit(false);
    assertThat(execute(first, "UPDATE t SET n = 2 WHERE id = 1")).isEqualTo(1);
    execute(second, "UPDATE t SET n = 3 WHERE id = 1");
    assertThatThrownBy(first::commit)
        .isInstanceOf(SQLTransactionRollbackException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("40001");
    first.setAutoCommit(true);
    assertThat(execute(first, "UPDATE t SET n = n + 1 WHERE n = 3")).isEqualTo(1);
  }

  /** Each takes the other row for still there: possible under snapshot isolation, not here. */
  @Test
  void writeSkewIsPossibleUnlessTransactionsAreSerializable() throws SQLException {
    int[] levels = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE};
    for (int level : levels) {
      execute(first, "DELETE FROM t");
      execute(first, "INSERT INTO t VALUES (1, 1), (2, 1)");
      for (Connection connection : new Connection[] {first, second}) {
        connection.setTransactionIsolation(level);
        assertThat(connection.getTransactionIsolation()).isEqualTo(level);
        connection.setAutoCommit(false);
        assertThat(count(connection)).isEqualTo(2);
      }
      execute(first, "DELETE FROM t WHERE id = 1");
      execute(second, "DELETE FROM t WHERE id = 2");
      first.commit();
      if (level == Connection.TRANSACTION_SERIALIZABLE) {
        assertThatThrownBy(second::commit)
            .isInstanceOf(SQLTransactionRollbackException.class)
            .extracting(e -> ((SQLException) e).getSQLState())
            .isEqualTo("40001");
      } else {
        second.commit();
      }
      first.setAutoCommit(true);
      second.setAutoCommit(true);
      assertThat(count(first)).isEqualTo(level == Connection.TRANSACTION_SERIALIZABLE ? 1 : 0);
    }
  }

  @Test
  void autocommitStatementsOfManyThreadsNeverShowAConflict() throws Exception {
    execute(first, "INSERT INTO t VALUES (1, 0)");
    Thread[] threads = new Thread[4];
    java.util.concurrent.atomic.AtomicReference<Throwable> failure =
        new java.util.concurrent.atomic.AtomicReference<>();
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                try (Connection own = DriverManager.getConnection(url)) {
                  for (int round = 0; round < 25; round++) {
                    execute(own, "UPDATE t SET n = n + 1 WHERE id = 1");
                  }
                } catch (SQLException e) {
                  failure.set(e);
                }
              });
      threads[i].start();
    }
    for (Thread each : threads) {
      each.join();
    }
    assertThat(failure.get()).isNull();
    try (Statement statement = first.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(100);
    }
  }

  @Test
  void aSavepointTakesBackWhatCameAfterIt() throws SQLException {
    first.setAutoCommit(false);
    execute(first, "INSERT INTO t VALUES (1, 1)");
    Savepoint one = first.setSavepoint("one");
    execute(first, "INSERT INTO t VALUES (2, 2)");
    Savepoint two = first.setSavepoint();
    execute(first, "INSERT INTO t VALUES (3, 3)");
    first.rollback(two);
    assertThat(count(first)).isEqualTo(2);
    first.rollback(one);
    assertThat(count(first)).isEqualTo(1);
    first.releaseSavepoint(one);
    first.commit();
    assertThat(count(second)).isEqualTo(1);
  }

  @Test
  void savepointsWorkInSqlToo() throws SQLException {
    execute(first, "BEGIN");
    execute(first, "INSERT INTO t VALUES (1, 1)");
    execute(first, "SAVEPOINT a");
    execute(first, "INSERT INTO t VALUES (2, 2)");
    execute(first, "ROLLBACK TO SAVEPOINT a");
    assertThat(count(second)).isZero();
    execute(first, "COMMIT");
    assertThat(count(second)).isEqualTo(1);
  }

  @Test
  void aFailedStatementLeavesTheTransactionAsItWas() throws SQLException {
    first.setAutoCommit(false);
    execute(first, "INSERT INTO t VALUES (1, 1)");
    assertThatThrownBy(() -> execute(first, "INSERT INTO t VALUES (2, 2), (1, 1)"))
        .isInstanceOf(SQLException.class);
    assertThat(count(first)).isEqualTo(1);
    first.commit();
    assertThat(count(second)).isEqualTo(1);
  }

  @Test
  void readOnlyRefusesWrites() throws SQLException {
    first.setReadOnly(true);
    assertThat(first.isReadOnly()).isTrue();
    assertThatThrownBy(() -> execute(first, "INSERT INTO t VALUES (1, 1)"))
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("25006");
    assertThat(count(first)).isZero();
    first.setReadOnly(false);
    execute(first, "INSERT INTO t VALUES (1, 1)");
  }

  @Test
  void closingAConnectionRollsBack() throws SQLException {
    first.setAutoCommit(false);
    execute(first, "INSERT INTO t VALUES (1, 1)");
    first.close();
    assertThat(count(second)).isZero();
  }

  @Test
  void tablesAreMadeAndDroppedInTransactionsToo() throws SQLException {
    first.setAutoCommit(false);
    execute(first, "CREATE TABLE u (id INTEGER PRIMARY KEY)");
    execute(first, "INSERT INTO u VALUES (1)");
    first.rollback();
    assertThatThrownBy(() -> execute(first, "SELECT * FROM u"))
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("42P01");
  }
}
