package io.ppdb.bench.oltp;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** The workloads of single statements, on one connection; each gives a digest of what it saw. */
final class OltpStatements {
  private static final String POINT = "SELECT name, price, stamp FROM item WHERE id = ";
  private static final int RANGE_ROWS = 100;

  private final Connection connection;
  private final OltpSizes sizes;

  OltpStatements(Connection connection, OltpSizes sizes) {
    this.connection = connection;
    this.sizes = sizes;
  }

  /** One pass of a workload that reads. */
  interface Pass {
    long run(int pass) throws SQLException;
  }

  /** A prepared statement as a pass with random ids. */
  private interface Query {
    long run(int id) throws SQLException;
  }

  private long pass(long seed, int bound, Query query) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    long digest = 0;
    for (int i = 0; i < sizes.readsPerPass(); i++) {
      digest = digest * 31 + query.run(random.nextInt(bound));
    }
    return digest;
  }

  long pointSelect(PreparedStatement select, long seed) throws SQLException {
    return pass(
        seed,
        sizes.itemCount(),
        id -> {
          select.setInt(1, id);
          try (ResultSet rows = select.executeQuery()) {
            return digestOfItem(rows);
          }
        });
  }

  String pointSelect() {
    return POINT + "?";
  }

  long pointSelectFresh(Statement statement, long seed) throws SQLException {
    return pass(
        seed,
        sizes.itemCount(),
        id -> {
          try (ResultSet rows = statement.executeQuery(POINT + id)) {
            return digestOfItem(rows);
          }
        });
  }

  private static long digestOfItem(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      throw new IllegalStateException("an item is missing");
    }
    return rows.getString(1).length() + rows.getLong(2) * 7 + rows.getInt(3) * 13L;
  }

  String range100() {
    return "SELECT id, name, price, stamp FROM item WHERE stamp >= ? AND stamp < ? ORDER BY stamp";
  }

  long range100(PreparedStatement select, long seed) throws SQLException {
    return pass(
        seed,
        sizes.itemCount() - RANGE_ROWS,
        first -> {
          select.setInt(1, first);
          select.setInt(2, first + RANGE_ROWS);
          long digest = 0;
          try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              digest = digest * 31 + rows.getInt(1) + rows.getString(2).length();
              digest += rows.getLong(3) + rows.getInt(4);
            }
          }
          return digest;
        });
  }

  String join3() {
    return "SELECT c.name, o.placed, l.line, l.quantity, i.name, i.price"
        + " FROM orders o JOIN customer c ON c.id = o.customer_id"
        + " JOIN order_line l ON l.order_id = o.id JOIN item i ON i.id = l.item_id"
        + " WHERE o.id = ?";
  }

  long join3(PreparedStatement select, long seed) throws SQLException {
    return pass(
        seed,
        sizes.orderCount(),
        order -> {
          select.setInt(1, order);
          long digest = 0; // a sum: the order of the rows is the engine's own
          try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              long line = rows.getString(1).length() + rows.getLong(2) * 3 + rows.getInt(3) * 5L;
              digest += line * rows.getInt(4) + rows.getString(5).length() + rows.getLong(6) * 7;
            }
          }
          return digest;
        });
  }

  /** Inserts rows {@code first} to {@code first + count - 1}, each in a transaction of its own. */
  void insert(int first, int count) throws SQLException {
    try (PreparedStatement insert = prepareInsert()) {
      for (int id = first; id < first + count; id++) {
        setEntry(insert, id);
        insert.executeUpdate();
      }
    }
  }

  /** The same by batches that are one transaction each. */
  void insertBatches(int first, int batchCount) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = prepareInsert()) {
      for (int batch = 0; batch < batchCount; batch++) {
        for (int row = 0; row < OltpSizes.BATCH_ROWS; row++) {
          setEntry(insert, first + batch * OltpSizes.BATCH_ROWS + row);
          insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
      }
    }
    connection.setAutoCommit(true);
  }

  private PreparedStatement prepareInsert() throws SQLException {
    return connection.prepareStatement("INSERT INTO entry VALUES (?, ?, ?, ?)");
  }

  private void setEntry(PreparedStatement insert, int id) throws SQLException {
    insert.setInt(1, id);
    insert.setInt(2, (int) (id * 104_729L % sizes.itemCount()));
    insert.setLong(3, id % 1_000 - 500);
    insert.setString(4, "entry number " + id);
  }

  /** Adds to the price of random items, each in a transaction of its own. */
  void update(long seed, int count) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE item SET price = price + ? WHERE id = ?")) {
      for (int i = 0; i < count; i++) {
        update.setInt(1, 1 + i % 3);
        update.setInt(2, random.nextInt(sizes.itemCount()));
        if (update.executeUpdate() != 1) {
          throw new IllegalStateException("an update found no item");
        }
      }
    }
  }

  /** Counts and sums of the tables that are written. */
  long[] contents() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM entry), (SELECT coalesce(sum(amount), 0) FROM entry),"
                    + " (SELECT sum(price) FROM item)")) {
      rows.next();
      return new long[] {rows.getLong(1), rows.getLong(2), rows.getLong(3)};
    }
  }
}
