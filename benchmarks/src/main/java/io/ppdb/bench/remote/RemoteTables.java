package io.ppdb.bench.remote;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Creates the tables; the server fills them. */
final class RemoteTables {
  private RemoteTables() {}

  static void create(Connection connection, RemoteSizes sizes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements(sizes)) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> statements(RemoteSizes sizes) {
    return List.of(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL,"
            + " price BIGINT NOT NULL, stamp INTEGER NOT NULL)",
        "INSERT INTO item SELECT i, 'item number ' || i, 100 + i % 997, i * 7 % 1000"
            + series(sizes.itemCount()),
        "CREATE TABLE reading (id INTEGER PRIMARY KEY, sensor INTEGER NOT NULL,"
            + " value DOUBLE PRECISION NOT NULL, note VARCHAR(40) NOT NULL)",
        "INSERT INTO reading SELECT i, i % 1000, i / 8.0, 'reading number ' || i"
            + series(sizes.streamRows()),
        "CREATE TABLE branch (bid INTEGER PRIMARY KEY, bbalance BIGINT NOT NULL)",
        "INSERT INTO branch SELECT i, 0" + series(sizes.branchCount()),
        "CREATE TABLE teller (tid INTEGER PRIMARY KEY, bid INTEGER NOT NULL,"
            + " tbalance BIGINT NOT NULL)",
        "INSERT INTO teller SELECT i, 1 + (i - 1) / "
            + RemoteSizes.TELLERS
            + ", 0"
            + series(sizes.tellerCount()),
        "CREATE TABLE account (aid INTEGER PRIMARY KEY, bid INTEGER NOT NULL,"
            + " abalance BIGINT NOT NULL, filler VARCHAR(84) NOT NULL)",
        "INSERT INTO account SELECT i, 1 + (i - 1) / "
            + RemoteSizes.ACCOUNTS
            + ", 0, repeat('f', 84)"
            + series(sizes.accountCount()),
        "CREATE TABLE history (number BIGINT PRIMARY KEY, tid INTEGER NOT NULL,"
            + " bid INTEGER NOT NULL, aid INTEGER NOT NULL, delta INTEGER NOT NULL,"
            + " mtime TIMESTAMP NOT NULL)",
        "ANALYZE");
  }

  private static String series(int count) {
    return " FROM generate_series(1, " + count + ") AS s (i)";
  }
}
