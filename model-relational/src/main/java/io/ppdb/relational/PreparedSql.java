package io.ppdb.relational;

import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.parser.TransactionNode.Action;
import io.ppdb.relational.type.ColumnType;
import java.io.Reader;
import java.io.Writer;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement of a session. Planned again by itself when a table it reads has changed.
 * Used by the thread of its session, save for {@link #cancel}.
 */
public final class PreparedSql {
  private final RelationalSession session;
  private final String sql;
  private BoundStatement bound;

  /** Of the latest execution. */
  private volatile @Nullable Cancellation cancellation;

  PreparedSql(RelationalSession session, String sql, BoundStatement bound) {
    this.session = session;
    this.sql = sql;
    this.bound = bound;
  }

  public String sql() {
    return sql;
  }

  /** The types that were inferred for the parameters. */
  public List<ColumnType> parameterTypes() {
    return bound.parameterTypes();
  }

  /** The columns of its rows; empty if it returns a count. */
  public List<ResultColumn> columns() {
    return compiled().columns();
  }

  /** Whether it returns rows rather than a count. */
  public boolean hasRows() {
    return !compiled().columns().isEmpty();
  }

  /** Whether it begins a transaction. */
  public boolean beginsTransaction() {
    return isControl(Action.BEGIN);
  }

  /** Whether it ends a transaction or takes back a part of it, and so its open results too. */
  public boolean endsResults() {
    return isControl(Action.COMMIT, Action.ROLLBACK, Action.ROLLBACK_TO);
  }

  /** Whether it takes back what was done since a savepoint. */
  public boolean rollsBackToSavepoint() {
    return isControl(Action.ROLLBACK_TO);
  }

  private boolean isControl(Action... actions) {
    return compiled() instanceof CompiledStatement.TransactionControl control
        && List.of(actions).contains(control.node().action());
  }

  /**
   * Runs it.
   *
   * @param parameters one value for each {@code ?}: of the classes {@link
   *     io.ppdb.relational.vector.Values} names or convertible to them; text for any type
   */
  public StatementResult execute(@Nullable Object... parameters) {
    return session.execute(this, parameters);
  }

  /**
   * Runs a writing statement once for each set of parameters; outside a transaction all of them are
   * one.
   *
   * @return the counts
   */
  public long[] executeBatch(List<@Nullable Object[]> parameterSets) {
    return session.executeBatch(this, parameterSets);
  }

  /** Whether it is {@code COPY … FROM STDIN}, which {@link #copyFrom} runs. */
  public boolean copiesFromClient() {
    return compiled() instanceof CompiledStatement.Copy copy
        && copy.node().isFrom()
        && copy.node().file() == null;
  }

  /** Whether it is {@code COPY … TO STDOUT}, which {@link #copyTo} runs. */
  public boolean copiesToClient() {
    return compiled() instanceof CompiledStatement.Copy copy
        && !copy.node().isFrom()
        && copy.node().file() == null;
  }

  /** How many columns the rows have that COPY reads or writes. */
  public int copyColumnCount() {
    return session.copy(this).columnCount();
  }

  /** Copies the rows of {@code source} into a table; how many. */
  public long copyFrom(Reader source) {
    return session.copy(this).read(source);
  }

  /** Copies rows to {@code target}; how many. */
  public long copyTo(Writer target) {
    return session.copy(this).write(target);
  }

  /**
   * Lets its latest execution, or the reading of its rows, fail with CANCELLED; from any thread.
   */
  public void cancel() {
    Cancellation latest = cancellation;
    if (latest != null) {
      latest.request();
    }
  }

  void setCancellation(Cancellation newCancellation) {
    cancellation = newCancellation;
  }

  CompiledStatement compiled() {
    return bound.statement();
  }

  void setBound(BoundStatement newBound) {
    bound = newBound;
  }

  /** The values of the plan's parameters, of which the caller gives {@code parameters}. */
  @Nullable Object[] values(@Nullable Object[] parameters, ZoneId timeZone) {
    @Nullable Object[] given =
        ParameterValues.convert(parameters, bound.parameterTypes(), timeZone);
    @Nullable Object[] literals = bound.literals();
    return literals == null ? given : literals;
  }
}
