package io.ppdb.bench.oltp;

import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of suite {@code oltp}: one database over JDBC, in files.
 *
 * <p>Requests: {@code open FOLDER SIZES} · {@code run WORKLOAD ROUND SYNCED}, answered by a
 * measurement; SYNCED says whether commits are to survive power loss · {@code close}.
 */
public final class OltpSide implements Side {
  /** Passes whose digests make the checksum of a round of reads. */
  private static final int CHECKED_PASSES = 5;

  private final OltpDialect dialect;
  private @Nullable Opened opened;

  /** An open database. */
  private static final class Opened {
    final String url;
    final OltpSizes sizes;
    final Connection connection;
    final OltpStatements statements;
    @Nullable TpccTerminals terminals;

    Opened(String url, OltpSizes sizes, Connection connection) {
      this.url = url;
      this.sizes = sizes;
      this.connection = connection;
      this.statements = new OltpStatements(connection, sizes);
    }
  }

  private OltpSide(OltpDialect dialect) {
    this.dialect = dialect;
  }

  public static OltpSide create(String engine) {
    return new OltpSide(OltpDialect.of(engine));
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> open(Path.of(words.get(1)), OltpSizes.named(words.get(2)));
      case "run" -> {
        OltpWorkload workload = OltpWorkload.named(words.get(1));
        int round = Integer.parseInt(words.get(2));
        return List.of(run(workload, round, Boolean.parseBoolean(words.get(3))).toLine());
      }
      case "close" -> close();
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
    return List.of();
  }

  private Opened opened() {
    if (opened == null) {
      throw new IllegalStateException("no database is open");
    }
    return opened;
  }

  private void open(Path folder, OltpSizes sizes) throws Exception {
    Files.createDirectories(folder);
    String url = dialect.urlPattern().replace("FOLDER", folder.toString());
    Connection connection = DriverManager.getConnection(url);
    for (String statement : dialect.setUp()) {
      execute(connection, statement);
    }
    execute(connection, dialect.unsynced());
    OltpTables.create(connection, dialect, sizes);
    opened = new Opened(url, sizes, connection);
  }

  private void close() throws SQLException {
    TpccTerminals terminals = opened().terminals;
    if (terminals != null) {
      terminals.close();
    }
    opened().connection.close();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Measurement run(OltpWorkload workload, int round, boolean synced) throws Exception {
    Opened database = opened();
    OltpStatements statements = database.statements;
    if (workload.isDurable()) {
      execute(database.connection, synced ? dialect.synced() : dialect.unsynced());
    }
    return switch (workload) {
      case POINT_SELECT ->
          reads(
              statements.pointSelect(),
              round,
              (select, seed) -> statements.pointSelect(select, seed));
      case RANGE100 ->
          reads(statements.range100(), round, (select, seed) -> statements.range100(select, seed));
      case JOIN3 ->
          reads(statements.join3(), round, (select, seed) -> statements.join3(select, seed));
      case POINT_SELECT_FRESH -> {
        try (Statement statement = database.connection.createStatement()) {
          yield repeated(round, pass -> statements.pointSelectFresh(statement, seed(round, pass)));
        }
      }
      case INSERT_AUTOCOMMIT -> {
        int count = writeCount(synced, round);
        int first = firstEntry(workload, synced, round);
        yield writes(count, () -> statements.insert(first, count));
      }
      case INSERT_BATCH -> {
        int batches = database.sizes.batchCount() * (round == 0 ? 3 : 1);
        int count = batches * OltpSizes.BATCH_ROWS;
        int first = firstEntry(workload, synced, round);
        yield writes(count, () -> statements.insertBatches(first, batches));
      }
      case UPDATE -> {
        int count = writeCount(synced, round);
        yield writes(count, () -> statements.update(seed(round, 0), count));
      }
      case TPCC1 -> terminals().run(1, round);
      case TPCC8 -> terminals().run(OltpSuite.TERMINAL_COUNT, round);
    };
  }

  private int writeCount(boolean synced, int round) {
    OltpSizes sizes = opened().sizes;
    return (synced ? sizes.syncedWrites() : sizes.writes()) * (round == 0 ? 3 : 1);
  }

  /** Ids of their own for each round, the same on sides that leave out rounds. */
  private static int firstEntry(OltpWorkload workload, boolean synced, int round) {
    int way = (workload == OltpWorkload.INSERT_BATCH ? 2 : 0) + (synced ? 0 : 1);
    return (way * 10 + round) * 1_000_000;
  }

  private TpccTerminals terminals() throws SQLException {
    Opened database = opened();
    if (database.terminals == null) {
      database.terminals =
          TpccTerminals.open(
              OltpSuite.TERMINAL_COUNT,
              database.sizes,
              () -> {
                Connection connection = DriverManager.getConnection(database.url);
                execute(connection, dialect.unsynced());
                return connection;
              });
    }
    return database.terminals;
  }

  private static long seed(int round, int pass) {
    return round * 1_000_000L + pass;
  }

  /** One pass over a prepared query. */
  private interface PreparedPass {
    long run(PreparedStatement select, long seed) throws SQLException;
  }

  private Measurement reads(String sql, int round, PreparedPass pass) throws SQLException {
    try (PreparedStatement select = opened().connection.prepareStatement(sql)) {
      return repeated(round, number -> pass.run(select, seed(round, number)));
    }
  }

  /** Repeats a pass until the round is long enough. */
  private Measurement repeated(int round, OltpStatements.Pass work) throws SQLException {
    OltpSizes sizes = opened().sizes;
    long minNanos =
        TimeUnit.MILLISECONDS.toNanos(round == 0 ? sizes.warmUpMillis() : sizes.minRoundMillis());
    Stopwatch stopwatch = new Stopwatch();
    long digest = 0;
    int pass = 0;
    while (pass < CHECKED_PASSES || stopwatch.wallNanos() < minNanos) {
      long result = work.run(pass);
      digest = pass < CHECKED_PASSES ? digest * 31 + result : digest;
      pass++;
    }
    return stopwatch.stop((long) pass * sizes.readsPerPass(), Long.toHexString(digest));
  }

  /** Work that is done once. */
  private interface Work {
    void run() throws SQLException;
  }

  /** Measures work whose checksum is what it changed in the tables. */
  private Measurement writes(int count, Work work) throws SQLException {
    long[] before = opened().statements.contents();
    Stopwatch stopwatch = new Stopwatch();
    work.run();
    Measurement measurement = stopwatch.stop(count, "");
    long[] changed = opened().statements.contents();
    Arrays.setAll(changed, i -> changed[i] - before[i]);
    return measurement.withChecksum(Arrays.toString(changed).replace(" ", ""));
  }
}
