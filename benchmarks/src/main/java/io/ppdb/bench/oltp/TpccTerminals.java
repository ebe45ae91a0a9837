package io.ppdb.bench.oltp;

import io.ppdb.bench.Measurement;
import io.ppdb.bench.Stopwatch;
import io.ppdb.bench.oltp.TpccTransactions.Line;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The terminals of the mix: each has a connection, a warehouse and random numbers of its own, and
 * runs a fixed number of transactions. One item line in a hundred comes from another warehouse and
 * 15 payments in a hundred are for customers of another, so terminals do conflict; a transaction
 * that conflicts is run again with the same input and counts once.
 */
final class TpccTerminals {
  private final List<Terminal> terminals;
  private final int transactionCount;
  private final ExecutorService threads;

  /** Opens a connection like the others. */
  interface Connections {
    Connection open() throws SQLException;
  }

  private TpccTerminals(List<Terminal> terminals, int transactionCount) {
    this.terminals = terminals;
    this.transactionCount = transactionCount;
    this.threads = Executors.newFixedThreadPool(terminals.size());
  }

  /** Creates and fills the tables, opens the connections. */
  static TpccTerminals open(int count, OltpSizes sizes, Connections connections)
      throws SQLException {
    try (Connection connection = connections.open()) {
      TpccTables.create(connection, sizes.warehouseCount());
    }
    List<Terminal> terminals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Connection connection = connections.open();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      terminals.add(new Terminal(connection, i + 1, sizes.warehouseCount()));
    }
    return new TpccTerminals(terminals, sizes.mixedTransactions());
  }

  /** Runs the first {@code count} terminals at the same time. */
  Measurement run(int count, int round) throws Exception {
    int each = transactionCount * (count == 1 ? 4 : 1) * (round == 0 ? 3 : 1);
    Stopwatch stopwatch = new Stopwatch();
    List<Future<?>> running = new ArrayList<>();
    for (Terminal terminal : terminals.subList(0, count)) {
      running.add(
          threads.submit(
              () -> {
                terminal.run(new SplittableRandom(round * 100L + terminal.warehouse), each);
                return null;
              }));
    }
    for (Future<?> terminal : running) {
      terminal.get();
    }
    Measurement measurement = stopwatch.stop((long) each * count, "");
    Connection connection = terminals.get(0).connection;
    String checksum = TpccTables.checksum(connection);
    connection.commit();
    return measurement.withChecksum(checksum);
  }

  void close() throws SQLException {
    threads.shutdown();
    for (Terminal terminal : terminals) {
      terminal.connection.close();
    }
  }

  /** One terminal; used by one thread at a time. */
  private static final class Terminal {
    final Connection connection;
    final int warehouse;
    private final TpccTransactions transactions;
    private final int warehouseCount;
    private int historyNumber;

    Terminal(Connection connection, int warehouse, int warehouseCount) {
      this.connection = connection;
      this.warehouse = warehouse;
      this.transactions = new TpccTransactions(connection);
      this.warehouseCount = warehouseCount;
    }

    /** One transaction with its input drawn. */
    private interface Attempt {
      void run() throws SQLException;
    }

    void run(SplittableRandom random, int count) throws SQLException {
      for (int i = 0; i < count; i++) {
        int kind = random.nextInt(100);
        Attempt attempt =
            kind < 45
                ? newOrder(random, i)
                : kind < 88
                    ? payment(random)
                    : kind < 92
                        ? orderStatus(random)
                        : kind < 96 ? delivery(random, i) : stockLevel(random);
        untilDone(attempt);
      }
    }

    private void untilDone(Attempt attempt) throws SQLException {
      while (true) {
        try {
          attempt.run();
          return;
        } catch (SQLException e) {
          if (!isConflict(e)) {
            throw e;
          }
          connection.rollback();
        }
      }
    }

    /** A serialisation failure or deadlock, or H2's time-out while waiting for a lock. */
    private static boolean isConflict(SQLException e) {
      String state = e.getSQLState();
      return state != null && (state.startsWith("40") || state.equals("HYT00"));
    }

    private Attempt newOrder(SplittableRandom random, int number) {
      int district = 1 + random.nextInt(TpccTables.DISTRICTS);
      int customer = 1 + random.nextInt(TpccTables.CUSTOMERS);
      Line[] lines = new Line[5 + random.nextInt(11)];
      for (int i = 0; i < lines.length; i++) {
        int item = 1 + random.nextInt(TpccTables.ITEMS);
        int supply = random.nextInt(100) == 0 ? otherWarehouse(random) : warehouse;
        lines[i] = new Line(item, supply, 1 + random.nextInt(10));
      }
      if (random.nextInt(100) == 0) {
        lines[lines.length - 1] = new Line(TpccTables.ITEMS + 1, warehouse, 1);
      }
      return () -> transactions.newOrder(warehouse, district, customer, lines, number);
    }

    private Attempt payment(SplittableRandom random) {
      int district = 1 + random.nextInt(TpccTables.DISTRICTS);
      boolean isRemote = random.nextInt(100) < 15;
      int customerWarehouse = isRemote ? otherWarehouse(random) : warehouse;
      int customerDistrict = isRemote ? 1 + random.nextInt(TpccTables.DISTRICTS) : district;
      int customer = random.nextInt(100) < 60 ? -1 : 1 + random.nextInt(TpccTables.CUSTOMERS);
      String lastName = TpccTables.lastName(random.nextInt(TpccTables.LAST_NAMES));
      int amount = 100 + random.nextInt(500_000);
      int history = historyNumber++;
      return () ->
          transactions.payment(
              warehouse,
              district,
              customerWarehouse,
              customerDistrict,
              customer,
              lastName,
              history,
              amount);
    }

    private Attempt orderStatus(SplittableRandom random) {
      int district = 1 + random.nextInt(TpccTables.DISTRICTS);
      String lastName = TpccTables.lastName(random.nextInt(TpccTables.LAST_NAMES));
      return () -> transactions.orderStatus(warehouse, district, lastName);
    }

    private Attempt delivery(SplittableRandom random, int number) {
      int carrier = 1 + random.nextInt(10);
      return () -> transactions.delivery(warehouse, carrier, number);
    }

    private Attempt stockLevel(SplittableRandom random) {
      int district = 1 + random.nextInt(TpccTables.DISTRICTS);
      int threshold = 10 + random.nextInt(11);
      return () -> transactions.stockLevel(warehouse, district, threshold);
    }

    private int otherWarehouse(SplittableRandom random) {
      int other = 1 + random.nextInt(warehouseCount - 1);
      return other < warehouse ? other : other + 1;
    }
  }
}
