package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlErrors;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlSessionProvider;
import io.ppdb.jdbc.session.SqlStatement;
import io.ppdb.jdbc.session.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A database that answers queries with rows the test registered and takes every other statement for
 * an update of one row. It keeps what it was asked.
 */
public final class ScriptedDatabase implements SqlSessionProvider {
  private static final Map<String, ScriptedDatabase> BY_NAME = new ConcurrentHashMap<>();

  /** SQL text that blocks until it is cancelled. */
  static final String BLOCKING = "SELECT forever";

  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final List<@Nullable Object[]> parameterSets = new ArrayList<>();
  final CountDownLatch blocked = new CountDownLatch(1);
  private final Map<String, LocalRows> answers = new ConcurrentHashMap<>();
  SqlType parameterType = SqlType.UNKNOWN;

  private static final class LocalRows {
    private final List<ColumnInfo> columns;
    private final List<@Nullable Object[]> rows;

    LocalRows(List<ColumnInfo> columns, List<@Nullable Object[]> rows) {
      this.columns = columns;
      this.rows = rows;
    }
  }

  static ScriptedDatabase named(String name) {
    return BY_NAME.computeIfAbsent(name, unused -> new ScriptedDatabase());
  }

  void answer(String sql, List<ColumnInfo> columns, @Nullable Object[]... rows) {
    answers.put(sql, new LocalRows(columns, List.of(rows)));
  }

  @Override
  public boolean accepts(String scheme) {
    return scheme.equals("script");
  }

  @Override
  public SqlSession connect(String scheme, String location, Map<String, String> properties) {
    return named(location).new Session();
  }

  private final class Session implements SqlSession {
    private boolean autoCommit = true;
    private boolean readOnly;
    private int isolation = Connection.TRANSACTION_REPEATABLE_READ;
    private String schema = "public";

    @Override
    public SqlStatement prepare(String sql) {
      return new Prepared(sql);
    }

    @Override
    public boolean isAutoCommit() {
      return autoCommit;
    }

    @Override
    public void setAutoCommit(boolean newAutoCommit) {
      autoCommit = newAutoCommit;
    }

    @Override
    public boolean isInTransaction() {
      return !autoCommit;
    }

    @Override
    public void commit() {
      log.add("commit");
    }

    @Override
    public void rollback() {
      log.add("rollback");
    }

    @Override
    public void setSavepoint(String name) {
      log.add("savepoint " + name);
    }

    @Override
    public void rollbackToSavepoint(String name) {
      log.add("rollback to " + name);
    }

    @Override
    public void releaseSavepoint(String name) {
      log.add("release " + name);
    }

    @Override
    public boolean isReadOnly() {
      return readOnly;
    }

    @Override
    public void setReadOnly(boolean newReadOnly) {
      readOnly = newReadOnly;
    }

    @Override
    public int isolation() {
      return isolation;
    }

    @Override
    public void setIsolation(int level) {
      isolation = level;
    }

    @Override
    public boolean supportsIsolation(int level) {
      return level == Connection.TRANSACTION_REPEATABLE_READ;
    }

    @Override
    public String schema() {
      return schema;
    }

    @Override
    public void setSchema(String newSchema) {
      schema = newSchema;
    }

    @Override
    public String catalog() {
      return "script";
    }

    @Override
    public String userName() {
      return "ppdb";
    }

    @Override
    public boolean isDatabaseReadOnly() {
      return false;
    }

    @Override
    public String databaseVersion() {
      return "0.1.0";
    }

    @Override
    public void setClientInfo(String name, @Nullable String value) {
      log.add(name + "=" + value);
    }

    @Override
    public boolean isValid(int timeoutMillis) {
      return true;
    }

    @Override
    public void abort() {
      log.add("abort");
    }

    @Override
    public void close() {
      log.add("close");
    }
  }

  private final class Prepared implements SqlStatement {
    private final String sql;
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Prepared(String sql) {
      this.sql = sql;
    }

    @Override
    public List<ParameterInfo> parameters() {
      int count = (int) sql.chars().filter(c -> c == '?').count();
      return Collections.nCopies(count, new ParameterInfo(parameterType, 0, 0));
    }

    @Override
    public List<ColumnInfo> columns() {
      if (sql.equals(BLOCKING)) {
        return List.of(ColumnInfo.of("x", SqlType.INTEGER));
      }
      LocalRows rows = answers.get(sql);
      return rows == null ? List.of() : rows.columns;
    }

    @Override
    public SqlResult execute(@Nullable Object[] parameters, ExecuteOptions options)
        throws SQLException {
      log.add(sql);
      parameterSets.add(parameters);
      if (sql.equals(BLOCKING)) {
        blocked.countDown();
        awaitCancel();
      }
      LocalRows rows = answers.get(sql);
      return rows == null ? new Update() : new LocalResult(rows.columns, rows.rows);
    }

    private void awaitCancel() throws SQLException {
      try {
        cancelled.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw SqlErrors.of("57014", "the statement was cancelled");
    }

    @Override
    public void executeBatch(
        List<@Nullable Object[]> sets, long[] updateCounts, ExecuteOptions options)
        throws SQLException {
      for (int i = 0; i < sets.size(); i++) {
        if (Arrays.asList(sets.get(i)).contains("bad")) {
          throw SqlErrors.of("23505", "duplicate key");
        }
        updateCounts[i] = 1;
        parameterSets.add(sets.get(i));
      }
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }

    @Override
    public void close() {
      log.add("closed " + sql);
    }
  }

  private static final class Update implements SqlResult {
    @Override
    public List<ColumnInfo> columns() {
      return List.of();
    }

    @Override
    public long updateCount() {
      return 1;
    }

    @Override
    public @Nullable RowBatch fetch(int maxRows) {
      return null;
    }

    @Override
    public void close() {}
  }
}
