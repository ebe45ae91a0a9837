package io.ppdb.bench.tpch;

import io.ppdb.bench.Measurement;
import io.ppdb.bench.Side;
import io.ppdb.bench.Stopwatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child's part of suite {@code tpch}: one database over JDBC, in a file.
 *
 * <p>Requests: {@code open FOLDER} · {@code load FOLDER}, answered by a measurement · {@code rows
 * QUERY}, answered by the result · {@code run QUERY MILLIS}, answered by a measurement of as many
 * executions as fit · {@code close}.
 */
public final class TpchSide implements Side {
  private static final int BATCH_ROWS = 1_000;
  private static final int COMMIT_ROWS = 20_000;

  private final Dialect dialect;
  private @Nullable Connection connection;

  /**
   * What is particular to an engine.
   *
   * @param urlPattern its JDBC URL
   * @param setUp statements that set the connection up
   * @param copyPattern the statement that loads a file, for an engine whose JDBC batches are no way
   *     to load a table; null means batches
   * @param afterLoad statements that make loaded data ready to be queried
   */
  private record Dialect(
      String urlPattern,
      List<String> setUp,
      @Nullable String copyPattern,
      List<String> afterLoad) {}

  private TpchSide(Dialect dialect) {
    this.dialect = dialect;
  }

  public static TpchSide create(String engine) {
    return new TpchSide(
        switch (engine) {
          case "ppdb" -> new Dialect("jdbc:ppdb:file:FOLDER", List.of(), null, List.of());
          // One thread, so that CPU and elapsed time compare one core with one core. Its JDBC
          // batches insert row by row: 2,000 rows a second.
          case "duckdb" ->
              new Dialect(
                  "jdbc:duckdb:FOLDER/tpch.duckdb",
                  List.of("SET threads = 1"),
                  "COPY TABLE FROM 'FILE' (FORMAT csv, DELIMITER '|', HEADER false, QUOTE '')",
                  List.of("CHECKPOINT"));
          // Without reuse of results, or it would answer a repeated query from memory.
          case "h2" ->
              new Dialect(
                  "jdbc:h2:FOLDER/tpch;CACHE_SIZE=524288;OPTIMIZE_REUSE_RESULTS=0",
                  List.of(),
                  null,
                  List.of("ANALYZE"));
          default -> throw new IllegalArgumentException("no engine '" + engine + "'");
        });
  }

  @Override
  public List<String> answer(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "open" -> {
        Path folder = Files.createDirectories(Path.of(words.get(1)));
        connection =
            DriverManager.getConnection(dialect.urlPattern().replace("FOLDER", folder.toString()));
        execute(dialect.setUp());
      }
      case "load" -> {
        return List.of(load(Path.of(words.get(1))).toLine());
      }
      case "rows" -> {
        return rows(query(words.get(1)));
      }
      case "run" -> {
        return List.of(run(query(words.get(1)), Long.parseLong(words.get(2))).toLine());
      }
      case "close" -> connection().close();
      default -> throw new IllegalArgumentException("unknown request " + words);
    }
    return List.of();
  }

  private Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("no database is open");
    }
    return connection;
  }

  private void execute(List<String> statements) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Measurement load(Path folder) throws SQLException, IOException {
    Stopwatch stopwatch = new Stopwatch();
    long rowCount = 0;
    for (TpchTables table : TpchTables.values()) {
      execute(List.of(table.createStatement()));
      Path file = folder.resolve(table + ".tbl");
      rowCount +=
          dialect.copyPattern() == null
              ? insert(table, file)
              : copy(dialect.copyPattern(), table, file);
    }
    execute(dialect.afterLoad());
    return stopwatch.stop(rowCount, Long.toString(rowCount));
  }

  private long copy(String pattern, TpchTables table, Path file) throws SQLException {
    String copy = pattern.replace("TABLE", table.tableName()).replace("FILE", file.toString());
    try (Statement statement = connection().createStatement()) {
      return statement.executeUpdate(copy);
    }
  }

  private long insert(TpchTables table, Path file) throws SQLException, IOException {
    List<String> types = table.columnTypes();
    connection().setAutoCommit(false);
    long rowCount = 0;
    try (PreparedStatement insert = connection().prepareStatement(table.insertStatement());
        BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] fields = line.split("\\|", -1);
        for (int i = 0; i < types.size(); i++) {
          set(insert, i + 1, types.get(i), fields[i]);
        }
        insert.addBatch();
        rowCount++;
        if (rowCount % BATCH_ROWS == 0) {
          insert.executeBatch();
        }
        if (rowCount % COMMIT_ROWS == 0) {
          connection().commit();
        }
      }
      insert.executeBatch();
    }
    connection().commit();
    connection().setAutoCommit(true);
    return rowCount;
  }

  private static void set(PreparedStatement statement, int index, String type, String field)
      throws SQLException {
    switch (type) {
      case "INTEGER" -> statement.setInt(index, Integer.parseInt(field));
      case "BIGINT" -> statement.setLong(index, Long.parseLong(field));
      case "DECIMAL" -> statement.setBigDecimal(index, new BigDecimal(field));
      case "DATE" -> statement.setDate(index, Date.valueOf(field));
      default -> statement.setString(index, field);
    }
  }

  private List<String> rows(TpchQuery query) throws SQLException {
    try (Statement statement = connection().createStatement();
        ResultSet result = statement.executeQuery(query.sql())) {
      return ResultRows.encode(result);
    }
  }

  /**
   * Executes the query again and again and reads every value. Prepared once: some engines keep the
   * plan of a text they have seen and some do not, so planning is measured on none.
   */
  private Measurement run(TpchQuery query, long minMillis) throws SQLException {
    long minNanos = TimeUnit.MILLISECONDS.toNanos(minMillis);
    try (PreparedStatement prepared = connection().prepareStatement(query.sql())) {
      Stopwatch stopwatch = new Stopwatch();
      long executionCount = 0;
      do {
        try (ResultSet result = prepared.executeQuery()) {
          ResultRows.encode(result);
        }
        executionCount++;
      } while (stopwatch.wallNanos() < minNanos);
      return stopwatch.stop(executionCount, "");
    }
  }

  private static TpchQuery query(String name) {
    return TpchQuery.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
