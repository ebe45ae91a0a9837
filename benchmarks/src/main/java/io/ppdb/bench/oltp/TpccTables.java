package io.ppdb.bench.oltp;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The nine tables of the TPC-C-like mix, with a tenth of the rows that TPC-C 5.11 §1.2 asks for and
 * fewer columns of text. Money is in cents.
 */
final class TpccTables {
  static final int DISTRICTS = 10;
  static final int CUSTOMERS = 300;
  static final int ITEMS = 10_000;

  /** Last names, so that some customers of a district share one. */
  static final int LAST_NAMES = 100;

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE tw (w_id INTEGER PRIMARY KEY, w_name VARCHAR(10), w_tax INTEGER NOT NULL,"
              + " w_ytd BIGINT NOT NULL)",
          "CREATE TABLE td (d_w_id INTEGER, d_id INTEGER, d_name VARCHAR(10),"
              + " d_tax INTEGER NOT NULL, d_ytd BIGINT NOT NULL, d_next_o_id INTEGER NOT NULL,"
              + " PRIMARY KEY (d_w_id, d_id))",
          "CREATE TABLE tc (c_w_id INTEGER, c_d_id INTEGER, c_id INTEGER,"
              + " c_first VARCHAR(16) NOT NULL, c_last VARCHAR(16) NOT NULL,"
              + " c_credit VARCHAR(2) NOT NULL, c_discount INTEGER NOT NULL,"
              + " c_balance BIGINT NOT NULL, c_ytd BIGINT NOT NULL, c_payments INTEGER NOT NULL,"
              + " c_deliveries INTEGER NOT NULL, c_data VARCHAR(500) NOT NULL,"
              + " PRIMARY KEY (c_w_id, c_d_id, c_id))",
          "CREATE INDEX tc_last ON tc (c_w_id, c_d_id, c_last, c_first)",
          "CREATE TABLE th (h_w_id INTEGER NOT NULL, h_number INTEGER NOT NULL,"
              + " h_d_id INTEGER NOT NULL, h_c_w_id INTEGER NOT NULL, h_c_d_id INTEGER NOT NULL,"
              + " h_c_id INTEGER NOT NULL, h_amount BIGINT NOT NULL,"
              + " PRIMARY KEY (h_w_id, h_number))",
          "CREATE TABLE ti (i_id INTEGER PRIMARY KEY, i_name VARCHAR(24) NOT NULL,"
              + " i_price INTEGER NOT NULL)",
          "CREATE TABLE ts (s_w_id INTEGER, s_i_id INTEGER, s_quantity INTEGER NOT NULL,"
              + " s_ytd BIGINT NOT NULL, s_orders INTEGER NOT NULL, s_remote INTEGER NOT NULL,"
              + " s_dist VARCHAR(24) NOT NULL, PRIMARY KEY (s_w_id, s_i_id))",
          "CREATE TABLE torder (o_w_id INTEGER, o_d_id INTEGER, o_id INTEGER,"
              + " o_c_id INTEGER NOT NULL, o_entry BIGINT NOT NULL, o_carrier INTEGER,"
              + " o_lines INTEGER NOT NULL, PRIMARY KEY (o_w_id, o_d_id, o_id))",
          "CREATE INDEX torder_customer ON torder (o_w_id, o_d_id, o_c_id, o_id)",
          "CREATE TABLE tnew (n_w_id INTEGER, n_d_id INTEGER, n_o_id INTEGER,"
              + " PRIMARY KEY (n_w_id, n_d_id, n_o_id))",
          "CREATE TABLE tl (l_w_id INTEGER, l_d_id INTEGER, l_o_id INTEGER, l_number INTEGER,"
              + " l_i_id INTEGER NOT NULL, l_supply_w_id INTEGER NOT NULL, l_delivered BIGINT,"
              + " l_quantity INTEGER NOT NULL, l_amount BIGINT NOT NULL,"
              + " l_dist VARCHAR(24) NOT NULL, PRIMARY KEY (l_w_id, l_d_id, l_o_id, l_number))");

  private TpccTables() {}

  static void create(Connection connection, int warehouseCount) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    }
    connection.setAutoCommit(false);
    OltpTables.fill(
        connection,
        "INSERT INTO ti VALUES (?, ?, ?)",
        ITEMS,
        (insert, number) -> {
          insert.setInt(1, number + 1);
          insert.setString(2, "item " + number);
          insert.setInt(3, 100 + number * 37 % 9_900);
        });
    OltpTables.fill(
        connection,
        "INSERT INTO tw VALUES (?, ?, ?, 0)",
        warehouseCount,
        (insert, number) -> {
          insert.setInt(1, number + 1);
          insert.setString(2, "w" + number);
          insert.setInt(3, number * 7 % 20);
        });
    OltpTables.fill(
        connection,
        "INSERT INTO ts VALUES (?, ?, ?, 0, 0, 0, ?)",
        warehouseCount * ITEMS,
        (insert, number) -> {
          insert.setInt(1, number / ITEMS + 1);
          insert.setInt(2, number % ITEMS + 1);
          insert.setInt(3, 10 + number * 13 % 91);
          insert.setString(4, "district information " + number % 100);
        });
    OltpTables.fill(
        connection,
        "INSERT INTO td VALUES (?, ?, ?, ?, 0, 1)",
        warehouseCount * DISTRICTS,
        (insert, number) -> {
          insert.setInt(1, number / DISTRICTS + 1);
          insert.setInt(2, number % DISTRICTS + 1);
          insert.setString(3, "d" + number);
          insert.setInt(4, number * 11 % 20);
        });
    OltpTables.fill(
        connection,
        "INSERT INTO tc VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?)",
        warehouseCount * DISTRICTS * CUSTOMERS,
        (insert, number) -> {
          int id = number % CUSTOMERS;
          insert.setInt(1, number / CUSTOMERS / DISTRICTS + 1);
          insert.setInt(2, number / CUSTOMERS % DISTRICTS + 1);
          insert.setInt(3, id + 1);
          insert.setString(4, "first" + id * 31 % CUSTOMERS);
          insert.setString(5, lastName(id));
          insert.setString(6, id % 10 == 0 ? "BC" : "GC");
          insert.setInt(7, id % 50);
          insert.setString(8, "some words about a customer ".repeat(10));
        });
    connection.setAutoCommit(true);
  }

  static String lastName(int number) {
    return "last" + number % LAST_NAMES;
  }

  /**
   * What does not depend on the order in which the terminals' transactions took place: orders,
   * lines, payments and deliveries must be the same on all sides, and agree with each other.
   */
  static String checksum(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT sum(w_ytd) FROM tw), (SELECT sum(d_ytd) FROM td), (SELECT"
                    + " sum(h_amount) FROM th), (SELECT sum(c_ytd) FROM tc), (SELECT"
                    + " sum(d_next_o_id - 1) FROM td), (SELECT count(*) FROM torder), (SELECT"
                    + " coalesce(sum(o_lines), 0) FROM torder), (SELECT count(*) FROM tl), (SELECT"
                    + " count(*) FROM tnew), (SELECT sum(s_ytd) FROM ts), (SELECT sum(l_quantity)"
                    + " FROM tl), (SELECT sum(c_balance) FROM tc), (SELECT coalesce(sum(l_amount),"
                    + " 0) FROM tl WHERE l_delivered IS NOT NULL)")) {
      rows.next();
      long paid = rows.getLong(1);
      check(paid == rows.getLong(2) && paid == rows.getLong(3) && paid == rows.getLong(4), "paid");
      check(rows.getLong(5) == rows.getLong(6), "orders");
      check(rows.getLong(7) == rows.getLong(8), "lines");
      check(rows.getLong(10) == rows.getLong(11), "stock");
      check(rows.getLong(12) == rows.getLong(13) - paid, "balances");
      return paid
          + ":"
          + rows.getLong(6)
          + ":"
          + rows.getLong(8)
          + ":"
          + rows.getLong(9)
          + ":"
          + rows.getLong(10)
          + ":"
          + rows.getLong(12);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("the mix has left inconsistent " + what);
    }
  }
}
