package io.ppdb.bench.remote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * One client of the bank of TPC-B: each transaction moves an amount into an account, its teller's
 * and its branch's books and writes it down. One that conflicts with another is run again with the
 * same input and counts once.
 */
final class BankClient {
  private static final int MOST_DELTA = 5_000;

  private final Connection connection;
  private final PreparedStatement changeAccount;
  private final PreparedStatement readAccount;
  private final PreparedStatement changeTeller;
  private final PreparedStatement changeBranch;
  private final PreparedStatement addHistory;
  private final RemoteSizes sizes;

  BankClient(Connection connection, RemoteSizes sizes) throws SQLException {
    this.connection = connection;
    this.sizes = sizes;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    changeAccount =
        connection.prepareStatement("UPDATE account SET abalance = abalance + ? WHERE aid = ?");
    readAccount = connection.prepareStatement("SELECT abalance FROM account WHERE aid = ?");
    changeTeller =
        connection.prepareStatement("UPDATE teller SET tbalance = tbalance + ? WHERE tid = ?");
    changeBranch =
        connection.prepareStatement("UPDATE branch SET bbalance = bbalance + ? WHERE bid = ?");
    addHistory =
        connection.prepareStatement(
            "INSERT INTO history VALUES (?, ?, ?, ?, ?, CURRENT_TIMESTAMP)");
  }

  /**
   * Runs {@code count} transactions.
   *
   * @param seed of its random numbers
   * @param first the number of the first one in the history
   */
  void run(long seed, long first, int count) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      int account = 1 + random.nextInt(sizes.accountCount());
      int teller = 1 + random.nextInt(sizes.tellerCount());
      int delta = random.nextInt(-MOST_DELTA, MOST_DELTA + 1);
      while (!tryOnce(first + i, account, teller, delta)) {
        connection.rollback();
      }
    }
  }

  private boolean tryOnce(long number, int account, int teller, int delta) throws SQLException {
    try {
      int branch = 1 + (teller - 1) / RemoteSizes.TELLERS;
      change(changeAccount, delta, account);
      readAccount.setInt(1, account);
      try (ResultSet rows = readAccount.executeQuery()) {
        if (!rows.next()) {
          throw new IllegalStateException("account " + account + " is missing");
        }
        rows.getLong(1);
      }
      change(changeTeller, delta, teller);
      change(changeBranch, delta, branch);
      addHistory.setLong(1, number);
      addHistory.setInt(2, teller);
      addHistory.setInt(3, branch);
      addHistory.setInt(4, account);
      addHistory.setInt(5, delta);
      addHistory.executeUpdate();
      connection.commit();
      return true;
    } catch (SQLException e) {
      if ("40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private static void change(PreparedStatement update, int delta, int id) throws SQLException {
    update.setInt(1, delta);
    update.setInt(2, id);
    if (update.executeUpdate() != 1) {
      throw new IllegalStateException("no row " + id);
    }
  }

  /**
   * What all books say, which must agree with each other: the sum, and how many transactions there
   * were.
   */
  static long[] books(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT sum(abalance) FROM account), (SELECT sum(tbalance) FROM teller),"
                    + " (SELECT sum(bbalance) FROM branch), (SELECT coalesce(sum(delta), 0) FROM"
                    + " history), (SELECT count(*) FROM history)")) {
      rows.next();
      long sum = rows.getLong(1);
      for (int i = 2; i <= 4; i++) {
        if (rows.getLong(i) != sum) {
          throw new IllegalStateException("the books of the bank do not agree");
        }
      }
      return new long[] {sum, rows.getLong(5)};
    }
  }
}
