package io.ppdb.suites.tpch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.suites.Answer;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The 22 queries of TPC-H 3.0.1 with their validation parameters, over the data of its generator,
 * give what DuckDB gives: at scale factor 0.01, with {@code ppdb.effort} above 1 at 0.1 as well.
 * Below 0.01 the generator repeats keys.
 */
final class TpchTest {
  private static final int QUERY_COUNT = 22;
  private static final int ROWS_PER_BATCH = 1_000;

  @TempDir Path folder;

  @Test
  void queriesGiveWhatDuckDbGives() throws IOException, SQLException {
    compare(0.01);
    if (Integer.getInteger("ppdb.effort", 1) > 1) {
      compare(0.1);
    }
  }

  private void compare(double scaleFactor) throws IOException, SQLException {
    List<String> differences = new ArrayList<>();
    int rowCount = 0;
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Connection ppdb = DriverManager.getConnection("jdbc:ppdb:mem:tpch-" + scaleFactor);
        Statement ofDuck = duck.createStatement();
        Statement ofPpdb = ppdb.createStatement()) {
      for (String statement : resource("schema.sql").split(";\\s*(?=CREATE)", -1)) {
        ofDuck.execute(statement);
        ofPpdb.execute(statement);
      }
      for (TpchTable<?> table : TpchTable.getTables()) {
        load(table, scaleFactor, ofDuck, ppdb);
      }
      for (int query = 1; query <= QUERY_COUNT; query++) {
        String name = String.format(Locale.ROOT, "q%02d", query);
        String sql = resource(name + ".sql");
        long start = System.nanoTime();
        Answer actual = Answer.of(ofPpdb, sql);
        long millis = (System.nanoTime() - start) / 1_000_000;
        Answer expected = Answer.of(ofDuck, sql);
        String difference = actual.differenceTo(expected);
        if (difference != null || expected.failed()) {
          differences.add(name + ": " + difference);
        }
        rowCount += expected.rows().size();
        System.out.printf(
            "tpch %s SF %s: %d rows, %d ms%n", name, scaleFactor, actual.rows().size(), millis);
      }
    }
    assertThat(differences).as("PPDB and DuckDB").isEmpty();
    assertThat(rowCount).as("rows compared").isGreaterThan(QUERY_COUNT);
  }

  private <E extends TpchEntity> void load(
      TpchTable<E> table, double scaleFactor, Statement duck, Connection ppdb)
      throws IOException, SQLException {
    String name = table.getTableName();
    Path file = folder.resolve(name + "-" + scaleFactor + ".tbl");
    ppdb.setAutoCommit(false);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      PreparedStatement insert = null;
      int count = 0;
      for (E row : table.createGenerator(scaleFactor, 1, 1)) {
        String line = row.toLine().replaceAll("\\|$", "");
        writer.write(line);
        writer.newLine();
        String[] values = line.split("\\|", -1);
        if (insert == null) {
          String parameters = "?, ".repeat(values.length - 1) + "?";
          insert = ppdb.prepareStatement("INSERT INTO " + name + " VALUES (" + parameters + ")");
        }
        for (int i = 0; i < values.length; i++) {
          insert.setString(i + 1, values[i]);
        }
        insert.addBatch();
        if (++count % ROWS_PER_BATCH == 0) {
          insert.executeBatch();
          ppdb.commit();
        }
      }
      if (insert != null) {
        insert.executeBatch();
        insert.close();
      }
    }
    ppdb.commit();
    ppdb.setAutoCommit(true);
    duck.execute("COPY " + name + " FROM '" + file + "' (DELIMITER '|', HEADER FALSE)");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TpchTest.class.getResourceAsStream("/tpch/" + name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
