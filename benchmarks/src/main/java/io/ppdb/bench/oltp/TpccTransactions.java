package io.ppdb.bench.oltp;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The five transactions of the mix, after TPC-C 5.11 §2, on one connection without autocommit.
 *
 * <p>Each takes all of its random input from its caller, so that a transaction which conflicts can
 * be run again. Rows that two transactions may change are changed before they are read: that is
 * right under snapshot isolation and under READ COMMITTED with row locks.
 */
final class TpccTransactions {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  TpccTransactions(Connection connection) {
    this.connection = connection;
  }

  /** A line of a new order; an item number beyond the table's makes the order roll back. */
  record Line(int item, int supplyWarehouse, int quantity) {}

  void newOrder(int warehouse, int district, int customer, Line[] lines, long time)
      throws SQLException {
    int warehouseTax = (int) number("SELECT w_tax FROM tw WHERE w_id = ?", warehouse);
    long discount =
        number(
            "SELECT c_discount FROM tc WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
            warehouse,
            district,
            customer);
    change(
        "UPDATE td SET d_next_o_id = d_next_o_id + 1 WHERE d_w_id = ? AND d_id = ?",
        warehouse,
        district);
    int order;
    int districtTax;
    try (ResultSet row =
        query(
            "SELECT d_next_o_id, d_tax FROM td WHERE d_w_id = ? AND d_id = ?",
            warehouse,
            district)) {
      row.next();
      order = row.getInt(1) - 1;
      districtTax = row.getInt(2);
    }
    change(
        "INSERT INTO torder VALUES (?, ?, ?, ?, ?, NULL, ?)",
        warehouse,
        district,
        order,
        customer,
        time,
        lines.length);
    change("INSERT INTO tnew VALUES (?, ?, ?)", warehouse, district, order);
    for (int i = 0; i < lines.length; i++) {
      Line line = lines[i];
      int price;
      try (ResultSet row = query("SELECT i_price, i_name FROM ti WHERE i_id = ?", line.item)) {
        if (!row.next()) {
          connection.rollback();
          return;
        }
        price = row.getInt(1);
      }
      change(
          "UPDATE ts SET s_quantity = CASE WHEN s_quantity >= ? THEN s_quantity - ?"
              + " ELSE s_quantity - ? + 91 END, s_ytd = s_ytd + ?, s_orders = s_orders + 1,"
              + " s_remote = s_remote + ? WHERE s_w_id = ? AND s_i_id = ?",
          line.quantity + 10,
          line.quantity,
          line.quantity,
          line.quantity,
          line.supplyWarehouse == warehouse ? 0 : 1,
          line.supplyWarehouse,
          line.item);
      String information;
      try (ResultSet row =
          query(
              "SELECT s_dist, s_quantity FROM ts WHERE s_w_id = ? AND s_i_id = ?",
              line.supplyWarehouse,
              line.item)) {
        row.next();
        information = row.getString(1);
      }
      long amount = (long) line.quantity * price * (100 - discount) / 100;
      amount = amount * (100 + warehouseTax + districtTax) / 100;
      change(
          "INSERT INTO tl VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
          warehouse,
          district,
          order,
          i + 1,
          line.item,
          line.supplyWarehouse,
          line.quantity,
          amount,
          information);
    }
    connection.commit();
  }

  /** Pays; {@code customer} is an id, or if it is negative, {@code lastName} tells who. */
  void payment(
      int warehouse,
      int district,
      int customerWarehouse,
      int customerDistrict,
      int customer,
      String lastName,
      int historyNumber,
      long amount)
      throws SQLException {
    change("UPDATE tw SET w_ytd = w_ytd + ? WHERE w_id = ?", amount, warehouse);
    change(
        "UPDATE td SET d_ytd = d_ytd + ? WHERE d_w_id = ? AND d_id = ?",
        amount,
        warehouse,
        district);
    int id = customer < 0 ? named(customerWarehouse, customerDistrict, lastName) : customer;
    change(
        "UPDATE tc SET c_balance = c_balance - ?, c_ytd = c_ytd + ?, c_payments = c_payments + 1"
            + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
        amount,
        amount,
        customerWarehouse,
        customerDistrict,
        id);
    try (ResultSet row =
        query(
            "SELECT c_first, c_last, c_credit, c_balance, c_data FROM tc"
                + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
            customerWarehouse,
            customerDistrict,
            id)) {
      row.next();
      if (row.getString(3).equals("BC")) {
        String data = id + " " + warehouse + " " + amount + " " + row.getString(5);
        change(
            "UPDATE tc SET c_data = ? WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
            data.substring(0, Math.min(500, data.length())),
            customerWarehouse,
            customerDistrict,
            id);
      }
    }
    change(
        "INSERT INTO th VALUES (?, ?, ?, ?, ?, ?, ?)",
        warehouse,
        historyNumber,
        district,
        customerWarehouse,
        customerDistrict,
        id,
        amount);
    connection.commit();
  }

  /** The customer in the middle of those with a last name, by first name. */
  private int named(int warehouse, int district, String lastName) throws SQLException {
    int[] ids = new int[TpccTables.CUSTOMERS];
    int count = 0;
    try (ResultSet rows =
        query(
            "SELECT c_id, c_first FROM tc WHERE c_w_id = ? AND c_d_id = ? AND c_last = ?"
                + " ORDER BY c_first",
            warehouse,
            district,
            lastName)) {
      while (rows.next()) {
        ids[count++] = rows.getInt(1);
      }
    }
    return ids[count / 2];
  }

  void orderStatus(int warehouse, int district, String lastName) throws SQLException {
    int customer = named(warehouse, district, lastName);
    int order = 0;
    try (ResultSet row =
        query(
            "SELECT o_id, o_entry, o_carrier FROM torder WHERE o_w_id = ? AND o_d_id = ?"
                + " AND o_c_id = ? ORDER BY o_id DESC LIMIT 1",
            warehouse,
            district,
            customer)) {
      if (row.next()) {
        order = row.getInt(1);
      }
    }
    try (ResultSet rows =
        query(
            "SELECT l_i_id, l_supply_w_id, l_quantity, l_amount, l_delivered FROM tl"
                + " WHERE l_w_id = ? AND l_d_id = ? AND l_o_id = ?",
            warehouse,
            district,
            order)) {
      while (rows.next()) {
        rows.getLong(4);
      }
    }
    connection.commit();
  }

  void delivery(int warehouse, int carrier, long time) throws SQLException {
    for (int district = 1; district <= TpccTables.DISTRICTS; district++) {
      int order;
      try (ResultSet row =
          query(
              "SELECT n_o_id FROM tnew WHERE n_w_id = ? AND n_d_id = ? ORDER BY n_o_id LIMIT 1",
              warehouse,
              district)) {
        if (!row.next()) {
          continue;
        }
        order = row.getInt(1);
      }
      change(
          "DELETE FROM tnew WHERE n_w_id = ? AND n_d_id = ? AND n_o_id = ?",
          warehouse,
          district,
          order);
      int customer =
          (int)
              number(
                  "SELECT o_c_id FROM torder WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?",
                  warehouse,
                  district,
                  order);
      change(
          "UPDATE torder SET o_carrier = ? WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?",
          carrier,
          warehouse,
          district,
          order);
      change(
          "UPDATE tl SET l_delivered = ? WHERE l_w_id = ? AND l_d_id = ? AND l_o_id = ?",
          time,
          warehouse,
          district,
          order);
      long amount =
          number(
              "SELECT sum(l_amount) FROM tl WHERE l_w_id = ? AND l_d_id = ? AND l_o_id = ?",
              warehouse,
              district,
              order);
      change(
          "UPDATE tc SET c_balance = c_balance + ?, c_deliveries = c_deliveries + 1"
              + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
          amount,
          warehouse,
          district,
          customer);
    }
    connection.commit();
  }

  void stockLevel(int warehouse, int district, int threshold) throws SQLException {
    long next =
        number("SELECT d_next_o_id FROM td WHERE d_w_id = ? AND d_id = ?", warehouse, district);
    number(
        "SELECT count(DISTINCT s_i_id) FROM tl JOIN ts ON s_w_id = l_w_id AND s_i_id = l_i_id"
            + " WHERE l_w_id = ? AND l_d_id = ? AND l_o_id >= ? AND l_o_id < ?"
            + " AND s_quantity < ?",
        warehouse,
        district,
        next - 20,
        next,
        threshold);
    connection.commit();
  }

  private PreparedStatement prepared(String sql, Object... values) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else if (values[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) values[i]);
      }
    }
    return statement;
  }

  private ResultSet query(String sql, Object... values) throws SQLException {
    return prepared(sql, values).executeQuery();
  }

  private long number(String sql, Object... values) throws SQLException {
    try (ResultSet row = query(sql, values)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void change(String sql, Object... values) throws SQLException {
    if (prepared(sql, values).executeUpdate() == 0) {
      throw new IllegalStateException("no row was changed by " + sql);
    }
  }
}
