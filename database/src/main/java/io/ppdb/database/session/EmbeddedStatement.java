package io.ppdb.database.session;

import io.ppdb.jdbc.session.ColumnInfo;
import io.ppdb.jdbc.session.ExecuteOptions;
import io.ppdb.jdbc.session.ParameterInfo;
import io.ppdb.jdbc.session.SqlResult;
import io.ppdb.jdbc.session.SqlStatement;
import io.ppdb.relational.PreparedSql;
import io.ppdb.relational.ResultColumn;
import io.ppdb.relational.StatementResult;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A prepared statement of an {@link EmbeddedSession}. */
final class EmbeddedStatement implements SqlStatement {
  private final EmbeddedSession owner;
  private final PreparedSql prepared;

  // The described columns, and what they were described from: a new plan brings new ones.
  private List<ResultColumn> describedFrom = List.of();
  private List<ColumnInfo> described = List.of();

  EmbeddedStatement(EmbeddedSession owner, PreparedSql prepared) {
    this.owner = owner;
    this.prepared = prepared;
  }

  @Override
  public List<ParameterInfo> parameters() {
    return prepared.parameterTypes().stream()
        .map(
            type ->
                new ParameterInfo(
                    TypeMapping.sqlType(type), TypeMapping.precision(type), type.scale()))
        .toList();
  }

  @Override
  public List<ColumnInfo> columns() {
    return describe(prepared.columns());
  }

  private List<ColumnInfo> describe(List<ResultColumn> columns) {
    if (columns != describedFrom) {
      described = TypeMapping.columns(columns);
      describedFrom = columns;
    }
    return described;
  }

  @Override
  public SqlResult execute(@Nullable Object[] parameters, ExecuteOptions options)
      throws SQLException {
    return Failures.translate(
        () -> {
          if (prepared.endsResults()) {
            owner.closeResults();
          } else if (!prepared.beginsTransaction()) {
            owner.beginIfManual();
          }
          StatementResult result = prepared.execute(TypeMapping.toEngine(parameters));
          EmbeddedResult shown =
              new EmbeddedResult(owner, result, describe(result.columns()), options.maxRows());
          if (result.hasRows()) {
            owner.opened(shown);
          }
          return shown;
        });
  }

  @Override
  public void executeBatch(
      List<@Nullable Object[]> parameterSets, long[] updateCounts, ExecuteOptions options)
      throws SQLException {
    List<@Nullable Object[]> sets = new ArrayList<>(parameterSets.size());
    for (@Nullable Object[] each : parameterSets) {
      sets.add(TypeMapping.toEngine(each));
    }
    Failures.run(
        () -> {
          owner.beginIfManual();
          long[] counts = prepared.executeBatch(sets);
          System.arraycopy(counts, 0, updateCounts, 0, counts.length);
        });
  }

  @Override
  public void cancel() {
    prepared.cancel();
  }

  @Override
  public void close() {}
}
