package io.ppdb.server.cli;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import io.ppdb.server.cli.StatementReader.Lexis;
import io.ppdb.server.cli.StatementReader.Statement;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL statements in a session and writes their results; stops at the first error.
 *
 * <p>Statements that give no rows write nothing. Not thread-safe.
 */
final class SqlScript {
  private static final int FETCH_ROWS = 1024;
  private static final @Nullable Object[] NO_PARAMETERS = {};

  private final SqlSession session;
  private final ResultWriter results;

  SqlScript(SqlSession session, ResultWriter results) {
    this.session = session;
    this.results = results;
  }

  void run(Reader script) throws IOException {
    StatementReader statements = new StatementReader(script, Lexis.SQL);
    for (Statement each = statements.next(); each != null; each = statements.next()) {
      try {
        execute(each.text());
      } catch (SQLException e) {
        throw each.failure(e);
      }
    }
  }

  /** Runs one statement; returns how many rows it gave or changed. */
  long execute(String sql) throws SQLException {
    try (SqlStatement statement = session.prepare(sql);
        SqlResult result = statement.execute(NO_PARAMETERS, ExecuteOptions.DEFAULT)) {
      if (result.columns().isEmpty()) {
        return result.updateCount();
      }
      ResultRows rows = new ResultRows(result);
      results.write(rows);
      return rows.rowCount;
    }
  }

  /** The lines of the plan by which {@code sql} would run. */
  List<String> plan(String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (SqlStatement statement = session.prepare("EXPLAIN " + sql);
        SqlResult result = statement.execute(NO_PARAMETERS, ExecuteOptions.DEFAULT)) {
      ResultRows rows = new ResultRows(result);
      for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
        String.valueOf(row[0]).lines().forEach(lines::add);
      }
    }
    return lines;
  }

  private static final class ResultRows implements Rows {
    private final SqlResult result;
    private final List<Column> columns;

    private @Nullable RowBatch batch;
    private int nextRow;
    private long rowCount;

    ResultRows(SqlResult result) {
      this.result = result;
      this.columns = result.columns().stream().map(ResultRows::column).toList();
    }

    private static Column column(ColumnInfo info) {
      return new Column(info.label(), info.type().isNumeric());
    }

    @Override
    public List<Column> columns() {
      return columns;
    }

    @Override
    public @Nullable Object @Nullable [] next() throws SQLException {
      if (batch == null || nextRow == batch.rowCount()) {
        batch = result.fetch(FETCH_ROWS);
        nextRow = 0;
      }
      if (batch == null) {
        return null;
      }
      @Nullable Object[] row = new @Nullable Object[columns.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = batch.getObject(i, nextRow);
      }
      nextRow++;
      rowCount++;
      return row;
    }
  }
}
