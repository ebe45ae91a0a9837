package io.ppdb.bench.remote;

import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The child's part of suite {@code oltp --remote}: a client of a server that runs already.
 *
 * <p>Requests: {@code open URL PID SIZES CREATE} · {@code run WORKLOAD ROUND}, answered by a
 * measurement whose CPU time is the server's · {@code close}.
 */
public final class RemoteSide implements Side {
  private static final int READS_PER_PASS = 200;

  /** Passes whose digests make the checksum of a round of reads. */
  private static final int CHECKED_PASSES = 5;

  private static final int FETCH_ROWS = 10_000;

  /** Where the numbers of a client begin that uses tables which another has created. */
  private static final long SECOND_CLIENT = 1L << 40;

  private String url = "";
  private boolean creator;
  private ServerCpu cpu = new ServerCpu(ProcessHandle.current().pid());
  private RemoteSizes sizes = RemoteSizes.named("quick");

  private RemoteSide() {}

  public static RemoteSide create() {
    return new RemoteSide();
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> {
        url = words.get(1);
        cpu = new ServerCpu(Long.parseLong(words.get(2)));
        sizes = RemoteSizes.named(words.get(3));
        creator = Boolean.parseBoolean(words.get(4));
        if (creator) {
          try (Connection connection = connect()) {
            RemoteTables.create(connection, sizes);
          }
        }
      }
      case "run" -> {
        return List.of(
            run(RemoteWorkload.named(words.get(1)), Integer.parseInt(words.get(2))).toLine());
      }
      case "close" -> {}
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
    return List.of();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  private Measurement run(RemoteWorkload workload, int round) throws Exception {
    return switch (workload) {
      case POINT_SELECT, POINT_SELECT_16 -> pointSelects(workload.connectionCount(), round);
      case TPCB -> bank(workload.connectionCount(), round);
      case STREAM_1M -> stream(round);
    };
  }

  private long minNanos(int round) {
    return TimeUnit.MILLISECONDS.toNanos(
        round == 0 ? sizes.warmUpMillis() : sizes.minRoundMillis());
  }

  /** What a client did: operations, and a digest of what it saw. */
  private record Share(long operationCount, long digest) {}

  /** Work on a connection of its own. */
  private interface ClientWork {
    Share run(Connection connection, int client) throws SQLException;
  }

  /** Lets {@code count} clients work at the same time; measures from when all are connected. */
  private Measurement together(int count, ClientWork work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Connection> connections = new ArrayList<>();
    try {
      List<Callable<Share>> clients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Connection connection = connect();
        int client = i;
        connections.add(connection);
        clients.add(() -> work.run(connection, client));
      }
      long cpuBefore = cpu.nanos();
      Stopwatch stopwatch = new Stopwatch();
      long operationCount = 0;
      long digest = 0;
      for (Future<Share> each : threads.invokeAll(clients)) {
        operationCount += each.get().operationCount();
        digest = digest * 31 + each.get().digest();
      }
      Measurement measured = stopwatch.stop(operationCount, Long.toHexString(digest));
      return new Measurement(
          operationCount, measured.wallNanos(), cpu.nanos() - cpuBefore, measured.checksum());
    } finally {
      threads.shutdown();
      for (Connection each : connections) {
        each.close();
      }
    }
  }

  private Measurement pointSelects(int connectionCount, int round) throws Exception {
    long minNanos = minNanos(round);
    return together(
        connectionCount,
        (connection, client) -> {
          long end = System.nanoTime() + minNanos;
          long digest = 0;
          int pass = 0;
          try (PreparedStatement select =
              connection.prepareStatement("SELECT name, price, stamp FROM item WHERE id = ?")) {
            while (pass < CHECKED_PASSES || System.nanoTime() < end) {
              long seen = pass(select, (round * 100L + client) * 1_000_000 + pass);
              digest = pass < CHECKED_PASSES ? digest * 31 + seen : digest;
              pass++;
            }
          }
          return new Share((long) pass * READS_PER_PASS, digest);
        });
  }

  private long pass(PreparedStatement select, long seed) throws SQLException {
    SplittableRandom random = new SplittableRandom(seed);
    long digest = 0;
    for (int i = 0; i < READS_PER_PASS; i++) {
      select.setInt(1, 1 + random.nextInt(sizes.itemCount()));
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new IllegalStateException("an item is missing");
        }
        digest = digest * 31 + rows.getString(1).hashCode() + rows.getLong(2) + rows.getInt(3);
      }
    }
    return digest;
  }

  private Measurement bank(int connectionCount, int round) throws Exception {
    int count = sizes.transactions() * (round == 0 ? 3 : 1);
    long[] before = books();
    Measurement measurement =
        together(
            connectionCount,
            (connection, client) -> {
              long number = (round * 100L + client) * 1_000_000;
              BankClient bank = new BankClient(connection, sizes);
              bank.run(number, number + (creator ? 0 : SECOND_CLIENT), count);
              return new Share(count, 0);
            });
    long[] after = books();
    return measurement.withChecksum((after[0] - before[0]) + ":" + (after[1] - before[1]));
  }

  private long[] books() throws SQLException {
    try (Connection connection = connect()) {
      return BankClient.books(connection);
    }
  }

  private Measurement stream(int round) throws Exception {
    long minNanos = minNanos(round);
    return together(
        1,
        (connection, client) -> {
          long end = System.nanoTime() + minNanos;
          long digest = 0;
          long count = 0;
          connection.setAutoCommit(false); // or PostgreSQL's driver reads all rows at once
          while (count == 0 || System.nanoTime() < end) {
            digest = readAll(connection);
            count += sizes.streamRows();
          }
          connection.commit();
          return new Share(count, digest);
        });
  }

  private long readAll(Connection connection) throws SQLException {
    long digest = 0;
    int count = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery("SELECT id, sensor, value, note FROM reading")) {
        while (rows.next()) {
          // A sum: the order of the rows is the server's own.
          digest += rows.getInt(1) * 31L + rows.getInt(2) + Double.hashCode(rows.getDouble(3));
          digest += rows.getString(4).hashCode();
          count++;
        }
      }
    }
    if (count != sizes.streamRows()) {
      throw new IllegalStateException(count + " rows of " + sizes.streamRows());
    }
    return digest;
  }
}
