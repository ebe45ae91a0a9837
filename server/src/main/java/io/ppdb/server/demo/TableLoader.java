package io.ppdb.server.demo;

import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fills demo tables from their files, a few thousand rows a transaction. Not thread-safe. */
final class TableLoader {
  private static final int BATCH_ROWS = 4096;

  private final SqlSession session;

  TableLoader(SqlSession session) {
    this.session = session;
  }

  /** Makes and fills {@code table}; returns how many rows it has. */
  long load(DemoTable table) throws IOException, SQLException {
    execute(table.ddl());
    try (CsvReader reader = DemoTable.open(table.name())) {
      List<@Nullable String> header = reader.next();
      if (header == null) {
        throw new IOException(table.name() + ".csv is empty");
      }
      try (SqlStatement insert = session.prepare(insertInto(table, header))) {
        return insertAll(table, reader, insert);
      }
    }
  }

  private static long insertAll(DemoTable table, CsvReader reader, SqlStatement insert)
      throws IOException, SQLException {
    long rowCount = 0;
    List<@Nullable Object[]> batch = new ArrayList<>(BATCH_ROWS);
    while (true) {
      int line = reader.line();
      List<@Nullable String> fields = reader.next();
      if (fields != null) {
        batch.add(table.parse(fields, line));
      }
      if (!batch.isEmpty() && (fields == null || batch.size() == BATCH_ROWS)) {
        insert.executeBatch(batch, new long[batch.size()], ExecuteOptions.DEFAULT);
        rowCount += batch.size();
        batch.clear();
      }
      if (fields == null) {
        return rowCount;
      }
    }
  }

  private static String insertInto(DemoTable table, List<@Nullable String> header) {
    String columns =
        header.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    String parameters = String.join(", ", Collections.nCopies(header.size(), "?"));
    return "INSERT INTO " + table.name() + " (" + columns + ") VALUES (" + parameters + ")";
  }

  private void execute(String sql) throws SQLException {
    try (SqlStatement statement = session.prepare(sql)) {
      statement.execute(new @Nullable Object[0], ExecuteOptions.DEFAULT).close();
    }
  }
}
