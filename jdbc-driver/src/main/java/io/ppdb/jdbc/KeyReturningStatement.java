package io.ppdb.jdbc;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlSession;
import io.ppdb.jdbc.session.SqlStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement that changes rows and hands back columns of them, by {@code RETURNING}: to a caller
 * it gives an update count, and the rows as its generated keys.
 */
final class KeyReturningStatement implements SqlStatement {
  /** The columns of whoever asks for what was generated, without saying what that is. */
  static final List<String> ALL = List.of("*");

  private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE");
  private static final Pattern FIRST_WORD =
      Pattern.compile("(?s)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(\\p{Alpha}+).*");
  private static final Pattern RETURNING =
      Pattern.compile("\\bRETURNING\\b", Pattern.CASE_INSENSITIVE);
  private static final String SAVEPOINT = "$keys";

  private final SqlSession session;
  private final SqlStatement statement;

  private KeyReturningStatement(SqlSession session, SqlStatement statement) {
    this.session = session;
    this.statement = statement;
  }

  /**
   * Prepares a statement; as it is if nothing is asked for or it is none that changes rows.
   *
   * @param columns that it hands back, {@link #ALL} for all
   */
  static SqlStatement prepare(SqlSession session, String sql, List<String> columns)
      throws SQLException {
    if (columns.isEmpty() || !changesRows(sql) || RETURNING.matcher(sql).find()) {
      return session.prepare(sql);
    }
    String list =
        columns.equals(ALL)
            ? "*"
            : columns.stream().map(KeyReturningStatement::quoted).collect(Collectors.joining(", "));
    String text = sql.stripTrailing();
    text = text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
    return new KeyReturningStatement(session, session.prepare(text + "\nRETURNING " + list));
  }

  private static boolean changesRows(String sql) {
    Matcher matcher = FIRST_WORD.matcher(sql);
    return matcher.matches() && CHANGES.contains(matcher.group(1).toUpperCase(Locale.ROOT));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** An update count and the rows that were changed. */
  static final class Changed implements SqlResult {
    private final LocalResult keys;

    Changed(LocalResult keys) {
      this.keys = keys;
    }

    LocalResult keys() {
      return keys;
    }

    @Override
    public List<ColumnInfo> columns() {
      return List.of();
    }

    @Override
    public long updateCount() {
      return keys.rowCount();
    }

    @Override
    public @Nullable RowBatch fetch(int maxRows) {
      return null;
    }

    @Override
    public void close() {}
  }

  @Override
  public List<ParameterInfo> parameters() {
    return statement.parameters();
  }

  /** None: the rows are no result. */
  @Override
  public List<ColumnInfo> columns() {
    return List.of();
  }

  @Override
  public Changed execute(@Nullable Object[] parameters, ExecuteOptions options)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    addRows(parameters, rows);
    return new Changed(new LocalResult(statement.columns(), rows));
  }

  /** Executes it once and adds the rows it hands back; how many they are. */
  private int addRows(@Nullable Object[] parameters, List<@Nullable Object[]> rows)
      throws SQLException {
    int before = rows.size();
    try (SqlResult result = statement.execute(parameters, ExecuteOptions.DEFAULT)) {
      RowBatch batch;
      while ((batch = result.fetch(0)) != null) {
        for (int row = 0; row < batch.rowCount(); row++) {
          @Nullable Object[] values = new @Nullable Object[result.columns().size()];
          for (int column = 0; column < values.length; column++) {
            values[column] = batch.getObject(column, row);
          }
          rows.add(values);
        }
      }
    }
    return rows.size() - before;
  }

  @Override
  public void executeBatch(
      List<@Nullable Object[]> parameterSets, long[] updateCounts, ExecuteOptions options)
      throws SQLException {
    executeBatch(parameterSets, updateCounts);
  }

  /** Executes it once per parameter set, all or none; the rows of all. */
  Changed executeBatch(List<@Nullable Object[]> parameterSets, long[] updateCounts)
      throws SQLException {
    boolean alone = session.isAutoCommit() && !session.isInTransaction();
    if (alone) {
      session.setAutoCommit(false);
    } else {
      session.setSavepoint(SAVEPOINT);
    }
    try {
      List<@Nullable Object[]> rows = new ArrayList<>();
      long[] counts = new long[parameterSets.size()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = addRows(parameterSets.get(i), rows);
      }
      if (alone) {
        session.commit();
      } else {
        session.releaseSavepoint(SAVEPOINT);
      }
      System.arraycopy(counts, 0, updateCounts, 0, counts.length);
      return new Changed(new LocalResult(statement.columns(), rows));
    } catch (SQLException | RuntimeException e) {
      if (alone) {
        session.rollback();
      } else {
        session.rollbackToSavepoint(SAVEPOINT);
        session.releaseSavepoint(SAVEPOINT);
      }
      throw e;
    } finally {
      if (alone) {
        session.setAutoCommit(true);
      }
    }
  }

  @Override
  public void cancel() {
    statement.cancel();
  }

  @Override
  public void close() {
    statement.close();
  }
}
