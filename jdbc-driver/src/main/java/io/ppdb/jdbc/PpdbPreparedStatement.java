package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlStatement;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement prepared once and executed with parameters. */
final class PpdbPreparedStatement extends ParameterSetters {
  private final SqlStatement prepared;
  private final List<@Nullable Object[]> parameterSets = new ArrayList<>();

  PpdbPreparedStatement(PpdbConnection connection, SqlStatement prepared) {
    super(connection, prepared);
    this.prepared = prepared;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    checkOpen();
    return query(prepared, values());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    checkOpen();
    return update(prepared, values());
  }

  @Override
  public int executeUpdate() throws SQLException {
    return clamp(executeLargeUpdate());
  }

  @Override
  public boolean execute() throws SQLException {
    checkOpen();
    return run(prepared, values());
  }

  @Override
  public void addBatch() throws SQLException {
    checkOpen();
    parameterSets.add(values());
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    parameterSets.clear();
  }

  /** Executes the collected parameter sets; in autocommit they are one transaction. */
  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    closeResults();
    List<@Nullable Object[]> sets = List.copyOf(parameterSets);
    parameterSets.clear();
    if (!prepared.columns().isEmpty()) {
      throw batchFailure(
          SqlErrors.of("0100E", "a statement that returns rows cannot be in a batch"), new long[0]);
    }
    long[] counts = new long[sets.size()];
    Arrays.fill(counts, EXECUTE_FAILED);
    try {
      runBatch(prepared, sets, counts);
    } catch (SQLException e) {
      int done = 0;
      while (done < counts.length && counts[done] != EXECUTE_FAILED) {
        done++;
      }
      throw batchFailure(e, Arrays.copyOf(counts, done));
    }
    return counts;
  }

  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    List<ColumnInfo> columns = prepared.columns();
    return columns.isEmpty() ? null : new PpdbResultSetMetaData(columns, catalog());
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    checkOpen();
    return new PpdbParameterMetaData(prepared.parameters());
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    throw textGiven();
  }

  @Override
  SqlStatement prepare(String sql, List<String> returning) throws SQLException {
    throw textGiven();
  }

  private static SQLException textGiven() {
    return SqlErrors.of("55000", "a prepared statement already has its SQL text");
  }

  @Override
  void release(SqlStatement executed) {
    ran();
  }

  @Override
  public void close() throws SQLException {
    if (!isClosed()) {
      super.close();
      prepared.close();
    }
  }
}
