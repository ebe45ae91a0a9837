package io.ppdb.bench.oltp;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Creates and fills the tables of the single statements. */
final class OltpTables {
  private static final int COMMIT_ROWS = 10_000;

  private OltpTables() {}

  static void create(Connection connection, OltpDialect dialect, OltpSizes sizes)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL,"
                  + " price BIGINT NOT NULL, stamp INTEGER NOT NULL)",
              "CREATE INDEX item_stamp ON item (stamp)",
              "CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL,"
                  + " city VARCHAR(40) NOT NULL)",
              "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,"
                  + " placed BIGINT NOT NULL)",
              "CREATE TABLE order_line (order_id INTEGER NOT NULL, line INTEGER NOT NULL,"
                  + " item_id INTEGER NOT NULL, quantity INTEGER NOT NULL,"
                  + " PRIMARY KEY (order_id, line))"
                  + dialect.keyedTable(),
              "CREATE TABLE entry (id INTEGER PRIMARY KEY, account INTEGER NOT NULL,"
                  + " amount BIGINT NOT NULL, note VARCHAR(40) NOT NULL)",
              "CREATE INDEX entry_account ON entry (account)")) {
        statement.execute(sql);
      }
    }
    connection.setAutoCommit(false);
    fill(
        connection,
        "INSERT INTO item VALUES (?, ?, ?, ?)",
        sizes.itemCount(),
        (insert, id) -> {
          insert.setInt(1, id);
          insert.setString(2, "item number " + id);
          insert.setLong(3, 100 + id % 997);
          insert.setInt(4, stamp(id, sizes));
        });
    fill(
        connection,
        "INSERT INTO customer VALUES (?, ?, ?)",
        sizes.customerCount(),
        (insert, id) -> {
          insert.setInt(1, id);
          insert.setString(2, "customer number " + id);
          insert.setString(3, "city number " + id % 100);
        });
    fill(
        connection,
        "INSERT INTO orders VALUES (?, ?, ?)",
        sizes.orderCount(),
        (insert, id) -> {
          insert.setInt(1, id);
          insert.setInt(2, (int) (id * 7919L % sizes.customerCount()));
          insert.setLong(3, 1_700_000_000_000L + id);
        });
    fill(
        connection,
        "INSERT INTO order_line VALUES (?, ?, ?, ?)",
        sizes.orderCount() * OltpSizes.LINES_PER_ORDER,
        (insert, number) -> {
          insert.setInt(1, number / OltpSizes.LINES_PER_ORDER);
          insert.setInt(2, number % OltpSizes.LINES_PER_ORDER);
          insert.setInt(3, (int) (number * 104_729L % sizes.itemCount()));
          insert.setInt(4, 1 + number % 9);
        });
    connection.setAutoCommit(true);
  }

  /** A permutation of the ids, so that the index is in another order than the rows. */
  private static int stamp(int id, OltpSizes sizes) {
    return (int) (id * 7_919L % sizes.itemCount());
  }

  /** Sets the parameters of one row. */
  interface Row {
    void set(PreparedStatement insert, int number) throws SQLException;
  }

  /** Inserts rows 0 to {@code rowCount} - 1. */
  static void fill(Connection connection, String sql, int rowCount, Row row) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int number = 0; number < rowCount; number++) {
        row.set(insert, number);
        insert.addBatch();
        if ((number + 1) % OltpSizes.BATCH_ROWS == 0) {
          insert.executeBatch();
        }
        if ((number + 1) % COMMIT_ROWS == 0) {
          connection.commit();
        }
      }
      insert.executeBatch();
    }
    connection.commit();
  }
}
