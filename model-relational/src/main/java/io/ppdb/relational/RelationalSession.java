package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.lock.IsolationLevel;
import io.ppdb.relational.parser.TransactionModes;
import io.ppdb.relational.parser.TransactionNode;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.Explanation;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.type.ColumnType;
import java.io.Reader;
import java.io.Writer;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * One user's statements: a transaction, if one is open, and settings.
 *
 * <p>Without an open transaction each statement is one of its own; a writing one is run again when
 * it conflicts with another. In a transaction a failed statement leaves no effect, and the
 * transaction goes on; after an engine's error it can only be rolled back. Used by one thread at a
 * time, save for {@link #abort} and {@link PreparedSql#cancel}.
 */
public final class RelationalSession implements AutoCloseable {
  private final RelationalEngine engine;
  private final SessionTransaction transaction;
  private final SessionSettings settings;
  private final StatementRunner runner;
  private final Cancellation cancellationOfAll = new Cancellation();
  private boolean closed;

  /**
   * @param role the id of the role that opens it
   */
  RelationalSession(RelationalEngine engine, @Nullable Transaction external, long role) {
    this.engine = engine;
    this.transaction =
        new SessionTransaction(engine.store(), engine.rowLocks().newOwner(), external);
    this.settings =
        new SessionSettings(transaction, new SessionRoles(engine.catalog(), transaction, role));
    this.runner = new StatementRunner(engine, transaction, settings);
  }

  /** Parses and plans one statement. */
  public PreparedSql prepare(String sql) {
    checkOpen();
    return new PreparedSql(this, sql, runner.compile(sql));
  }

  /** Prepares and runs one statement. */
  public StatementResult execute(String sql, @Nullable Object... parameters) {
    return prepare(sql).execute(parameters);
  }

  StatementResult execute(PreparedSql prepared, @Nullable Object[] parameters) {
    return execute(prepared, parameters, cancellationOfAll);
  }

  /**
   * Runs a statement, which may be part of another.
   *
   * @param around cancels it, too
   */
  StatementResult execute(
      PreparedSql prepared, @Nullable Object[] parameters, Cancellation around) {
    checkOpen();
    CompiledStatement statement = prepared.compiled();
    @Nullable Object[] values = prepared.values(parameters, settings.timeZone());
    if (statement instanceof CompiledStatement.TransactionControl control) {
      control(control.node());
      return StatementResult.ofCount(0);
    }
    transaction.checkUsable();
    if (statement instanceof CompiledStatement.Copy copy) {
      Cancellation cancellation = newCancellation(prepared, around);
      return StatementResult.ofCount(
          new CopyStatement(this, copy.node(), cancellation).runWithFile());
    }
    transaction.use();
    Cancellation cancellation = newCancellation(prepared, around);
    if (statement instanceof CompiledStatement.Query) {
      return runner.query(prepared, values, cancellation);
    }
    if (statement instanceof CompiledStatement.Write) {
      return runner.write(prepared, values, cancellation);
    }
    if (statement instanceof CompiledStatement.Explain) {
      return runner.explain(prepared, values, cancellation);
    }
    if (statement instanceof CompiledStatement.Analyze analyze) {
      transaction.checkWritable();
      new AnalyzeStatement(engine.catalog(), settings.viewpoint(), transaction, cancellation)
          .run(analyze.node());
      return StatementResult.ofCount(0);
    }
    if (statement instanceof CompiledStatement.Definition definition) {
      transaction.checkWritable();
      engine
          .definitions()
          .run(
              definition.definition(),
              definition.sql(),
              new SessionDefinitions(
                  transaction,
                  runner,
                  settings.viewpoint(),
                  settings.roles().session(),
                  cancellation));
      return StatementResult.ofCount(0);
    }
    return setting((CompiledStatement.Setting) statement);
  }

  /** Fails unless the role may do with files of the server what members of {@code role} may. */
  void requireFiles(long role) {
    long current = settings.viewpoint().role();
    boolean allowed =
        current == Role.BOOTSTRAP
            || transaction.read(
                view -> engine.catalog().access().at(view).hasRightsOf(current, role));
    if (!allowed) {
      throw new PpdbException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "must be superuser or have privileges of the "
              + (role == Role.READ_SERVER_FILES ? "pg_read_server_files" : "pg_write_server_files")
              + " role to COPY with a file");
    }
  }

  /** The columns of the table that a statement calls {@code name}. */
  List<String> columnNames(SqlIdentifier name) {
    return transaction.read(
        view -> {
          TableAccess table =
              new CatalogView(engine.catalog(), view, settings.viewpoint()).table(name.names);
          if (table == null) {
            throw new PpdbException(
                ErrorCode.UNDEFINED_TABLE,
                "relation \""
                    + String.join(".", name.names)
                    + "\" does not exist"
                    + SqlTrees.at(name));
          }
          return table.table().columns().stream().map(ColumnDefinition::name).toList();
        });
  }

  /** What SHOW says of a setting; empty if nobody has set it and it means nothing. */
  public Optional<String> setting(String name) {
    checkOpen();
    return Optional.ofNullable(settings.find(name));
  }

  /** Whether the role that the session stands for may do everything. */
  public boolean isSuperuser() {
    checkOpen();
    return settings.roles().isSuperuser();
  }

  /** Runs {@code COPY table FROM STDIN …} with the rows of {@code source}; how many there were. */
  public long copyIn(String sql, Reader source) {
    return copy(prepare(sql)).read(source);
  }

  /** Runs {@code COPY … TO STDOUT …}, which writes to {@code target}; how many rows. */
  public long copyOut(String sql, Writer target) {
    return copy(prepare(sql)).write(target);
  }

  /** COPY with a stream of the program. */
  CopyStatement copy(PreparedSql prepared) {
    if (prepared.compiled() instanceof CompiledStatement.Copy copy) {
      return new CopyStatement(this, copy.node(), newCancellation(prepared, cancellationOfAll));
    }
    throw new PpdbException(ErrorCode.INVALID_STATE, "only COPY has a stream");
  }

  long[] executeBatch(PreparedSql prepared, List<@Nullable Object[]> parameterSets) {
    return executeBatch(prepared, parameterSets, cancellationOfAll);
  }

  /**
   * Runs a batch, which may be part of a statement.
   *
   * @param around cancels it, too
   */
  long[] executeBatch(
      PreparedSql prepared, List<@Nullable Object[]> parameterSets, Cancellation around) {
    checkOpen();
    transaction.checkUsable();
    transaction.use();
    return runner.writeBatch(prepared, parameterSets, newCancellation(prepared, around));
  }

  private Cancellation newCancellation(PreparedSql prepared, Cancellation around) {
    Cancellation cancellation = new Cancellation(around, settings.statementTimeoutMillis());
    prepared.setCancellation(cancellation);
    return cancellation;
  }

  /**
   * Lets every statement that is running, or tried afterwards, fail with CANCELLED; from any
   * thread. Afterwards the session can only be closed.
   */
  public void abort() {
    cancellationOfAll.request();
  }

  private void control(TransactionNode node) {
    switch (node.action()) {
      case BEGIN -> {
        TransactionModes modes = node.modes();
        IsolationLevel level = modes.isolation();
        checkOpen();
        transaction.begin(level == null ? transaction.isolation() : level);
        if (modes.readOnly() != null) {
          transaction.setReadOnly(modes.readOnly());
        }
      }
      case SET -> transaction.change(node.modes());
      case SET_DEFAULT -> transaction.setDefaults(node.modes());
      case COMMIT -> commit();
      case ROLLBACK -> rollback();
      case SAVEPOINT -> setSavepoint(node.savepoint());
      case ROLLBACK_TO -> rollbackTo(node.savepoint());
      case RELEASE -> releaseSavepoint(node.savepoint());
    }
  }

  /** The isolation of transactions that begin from now on. */
  public void setIsolation(IsolationLevel isolation) {
    transaction.setIsolation(isolation);
  }

  /** Begins a transaction of the session's isolation; ACTIVE_TRANSACTION if one is open. */
  public void begin() {
    checkOpen();
    transaction.begin(transaction.isolation());
  }

  /** Begins a transaction; ACTIVE_TRANSACTION if one is open. */
  public void begin(TransactionOptions newOptions) {
    checkOpen();
    transaction.begin(newOptions);
  }

  public boolean isInTransaction() {
    return transaction.current() != null;
  }

  /** Commits the open transaction; does nothing if there is none. */
  public void commit() {
    transaction.commit();
  }

  /** Rolls the open transaction back; does nothing if there is none. */
  public void rollback() {
    transaction.rollback();
  }

  /** Sets a savepoint; one of the same name is hidden until this one is released. */
  public void setSavepoint(String name) {
    transaction.setSavepoint(name);
  }

  /** Takes back what was written since the savepoint, which stays. */
  public void rollbackTo(String name) {
    transaction.rollbackTo(name);
  }

  /** Forgets a savepoint and those after it. */
  public void releaseSavepoint(String name) {
    transaction.releaseSavepoint(name);
  }

  private StatementResult setting(CompiledStatement.Setting setting) {
    if (setting.value() != null) {
      settings.set(setting.name(), setting.value());
      return StatementResult.ofCount(0);
    }
    Operator rows = Explanation.rows(List.of(settings.show(setting.name())));
    rows.open(ExecutionContext.builder().build());
    return StatementResult.ofRows(
        List.of(ResultColumn.computed(setting.name(), ColumnType.TEXT)), rows, () -> {});
  }

  public ZoneId timeZone() {
    return settings.timeZone();
  }

  /** Sets the zone in which timestamptz is read and written as text. */
  public void setTimeZone(ZoneId zone) {
    settings.setTimeZone(zone);
  }

  /** The name of the role that the session stands for. */
  public String userName() {
    checkOpen();
    return settings.roles().sessionName();
  }

  /** The schema that new objects with a plain name go to; none if none of the path exists. */
  public Optional<String> currentSchema() {
    checkOpen();
    return transaction.read(
        view ->
            Optional.ofNullable(
                new SessionFacts(settings, view, engine.systemCatalog()).currentSchema()));
  }

  /** Lets plain names mean objects of {@code schema}; UNDEFINED_SCHEMA if there is none. */
  public void setCurrentSchema(String schema) {
    checkOpen();
    if (transaction.read(view -> Schemas.find(view, schema) == null)) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_SCHEMA, "schema \"" + schema + "\" does not exist");
    }
    settings.setSearchPath(List.of(schema));
  }

  /** The open transaction, or null. */
  @Nullable Transaction transaction() {
    return transaction.current();
  }

  /** Refuses writes of the open transaction from now on. */
  public void setReadOnly(boolean newReadOnly) {
    transaction.setReadOnly(newReadOnly);
  }

  private void checkOpen() {
    if (closed) {
      throw new PpdbException(ErrorCode.CLOSED, "the session is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transaction.close();
    }
  }
}
