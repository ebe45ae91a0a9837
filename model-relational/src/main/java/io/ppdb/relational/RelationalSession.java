package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.exec.RowBufferSource;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.parser.TransactionNode;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.Explanation;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.type.ColumnType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
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
  private final boolean external;
  private final List<NamedSavepoint> savepoints = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();
  private @Nullable Transaction transaction;
  private boolean readOnly;
  private boolean failed;
  private boolean closed;
  private ZoneId timeZone = ZoneId.of("UTC");
  private TransactionOptions options = TransactionOptions.DEFAULT;
  private final Cancellation cancellationOfAll = new Cancellation();

  private record NamedSavepoint(String name, Savepoint savepoint) {}

  RelationalSession(RelationalEngine engine, @Nullable Transaction external) {
    this.engine = engine;
    this.external = external != null;
    this.transaction = external;
  }

  /** Parses and plans one statement. */
  public PreparedSql prepare(String sql) {
    checkOpen();
    return new PreparedSql(this, sql, withView(view -> compile(sql, view)));
  }

  /** Prepares and runs one statement. */
  public StatementResult execute(String sql, @Nullable Object... parameters) {
    return prepare(sql).execute(parameters);
  }

  private CompiledStatement compile(String sql, ReadView view) {
    CompiledStatement cached = engine.cache().get(sql);
    if (cached != null && isCurrent(cached, view)) {
      return cached;
    }
    CompiledStatement compiled =
        engine.compiler().compile(sql, new CatalogView(engine.catalog(), view));
    engine.cache().put(sql, compiled);
    return compiled;
  }

  private boolean isCurrent(CompiledStatement statement, ReadView view) {
    return CatalogView.isCurrent(statement.dependencies(), engine.catalog(), view);
  }

  private <T> T withView(Function<ReadView, T> work) {
    Transaction open = transaction;
    if (open != null) {
      checkUsable();
      return work.apply(open);
    }
    try (ReadView snapshot = engine.store().snapshot()) {
      return work.apply(snapshot);
    }
  }

  StatementResult execute(PreparedSql prepared, @Nullable Object[] parameters) {
    checkOpen();
    CompiledStatement statement = prepared.compiled();
    @Nullable Object[] values =
        ParameterValues.convert(parameters, statement.parameterTypes(), timeZone);
    if (statement instanceof CompiledStatement.TransactionControl control) {
      control(control.node());
      return StatementResult.ofCount(0);
    }
    checkUsable();
    Cancellation cancellation = newCancellation(prepared);
    if (statement instanceof CompiledStatement.Query) {
      return query(prepared, values, cancellation);
    }
    if (statement instanceof CompiledStatement.Write) {
      Written written = inTransaction(tx -> write(prepared, values, tx, cancellation));
      return written.result(prepared.columns());
    }
    if (statement instanceof CompiledStatement.Explain) {
      return explain(prepared, values, cancellation);
    }
    if (statement instanceof CompiledStatement.Definition definition) {
      checkWritable();
      engine.definitions().run(definition.node(), this);
      return StatementResult.ofCount(0);
    }
    return setting((CompiledStatement.Setting) statement);
  }

  long[] executeBatch(PreparedSql prepared, List<@Nullable Object[]> parameterSets) {
    checkOpen();
    checkUsable();
    if (!(prepared.compiled() instanceof CompiledStatement.Write write)) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "only INSERT, UPDATE and DELETE run as a batch");
    }
    Cancellation cancellation = newCancellation(prepared);
    List<@Nullable Object[]> values = new ArrayList<>(parameterSets.size());
    for (@Nullable Object[] parameters : parameterSets) {
      values.add(ParameterValues.convert(parameters, write.parameterTypes(), timeZone));
    }
    return inTransaction(
        tx -> {
          long[] counts = new long[values.size()];
          for (int i = 0; i < counts.length; i++) {
            counts[i] = write(prepared, values.get(i), tx, cancellation).count();
          }
          return counts;
        });
  }

  private Cancellation newCancellation(PreparedSql prepared) {
    Cancellation cancellation = new Cancellation(cancellationOfAll);
    prepared.setCancellation(cancellation);
    return cancellation;
  }

  private StatementResult query(
      PreparedSql prepared, @Nullable Object[] values, Cancellation cancellation) {
    Transaction open = transaction;
    // A table function may need a transaction; a snapshot is enough for all the rest.
    ReadView view =
        open != null
            ? open
            : readsOnlyTables(prepared.compiled())
                ? engine.store().snapshot()
                : engine.store().begin(options);
    Runnable release = open != null ? () -> {} : view::close;
    try {
      refresh(prepared, view);
      CompiledStatement.Query query = (CompiledStatement.Query) prepared.compiled();
      ExecutionContext context = context(view, values, query.plan(), cancellation);
      Operator operator = query.plan().build(context);
      try {
        operator.open(context);
      } catch (RuntimeException | Error e) {
        operator.close();
        throw e;
      }
      return StatementResult.ofRows(query.columns(), operator, release);
    } catch (RuntimeException | Error e) {
      release.run();
      throw e;
    }
  }

  private static boolean readsOnlyTables(CompiledStatement statement) {
    return statement instanceof CompiledStatement.Query query && readsOnlyTables(query.plan());
  }

  private static boolean readsOnlyTables(PlanNode node) {
    return !node.title().startsWith("Table Function Scan")
        && node.inputs().stream().allMatch(RelationalSession::readsOnlyTables);
  }

  /** What a writing statement did; {@code rows} is null if it has no RETURNING. */
  private record Written(long count, @Nullable RowBuffer rows) {
    StatementResult result(List<ResultColumn> columns) {
      RowBuffer returned = rows;
      if (returned == null) {
        return StatementResult.ofCount(count);
      }
      int[] all = IntStream.range(0, columns.size()).toArray();
      Operator operator =
          new ScanOperator(
              columns.stream().map(ResultColumn::type).toList(),
              context -> new RowBufferSource(returned, all));
      operator.open(ExecutionContext.builder().build());
      return StatementResult.ofRows(columns, operator, () -> {});
    }
  }

  private Written write(
      PreparedSql prepared, @Nullable Object[] values, Transaction tx, Cancellation cancellation) {
    checkWritable();
    refresh(prepared, tx);
    CompiledStatement.Write write = (CompiledStatement.Write) prepared.compiled();
    WritePlan plan = write.plan();
    tx.requireUnchanged(Catalog.epochKey(plan.table().table().id()));
    ExecutionContext context = context(tx, values, plan.source(), cancellation);
    Returning returning = write.returning();
    if (returning == null) {
      return new Written(plan.run(context, null), null);
    }
    RowBuffer written = returning.newBuffer();
    long count = plan.run(context, written);
    return new Written(count, returning.run(written, context));
  }

  private void refresh(PreparedSql prepared, ReadView view) {
    if (!isCurrent(prepared.compiled(), view)) {
      prepared.setCompiled(compile(prepared.sql(), view));
    }
  }

  private StatementResult explain(
      PreparedSql prepared, @Nullable Object[] values, Cancellation cancellation) {
    boolean analyze = ((CompiledStatement.Explain) prepared.compiled()).analyze();
    List<String> lines;
    if (analyze) {
      lines =
          inTransaction(
              tx -> {
                refresh(prepared, tx);
                return analyze(
                    ((CompiledStatement.Explain) prepared.compiled()).statement(),
                    values,
                    tx,
                    cancellation);
              });
    } else {
      lines =
          withView(
              view -> {
                refresh(prepared, view);
                return plainExplain(((CompiledStatement.Explain) prepared.compiled()).statement());
              });
    }
    Operator rows = Explanation.rows(lines);
    rows.open(ExecutionContext.builder().build());
    return StatementResult.ofRows(prepared.columns(), rows, () -> {});
  }

  private static List<String> plainExplain(CompiledStatement statement) {
    if (statement instanceof CompiledStatement.Query query) {
      return Explanation.of(query.plan());
    }
    WritePlan plan = ((CompiledStatement.Write) statement).plan();
    return Explanation.ofWrite(plan.title(), plan.source());
  }

  private List<String> analyze(
      CompiledStatement statement,
      @Nullable Object[] values,
      Transaction tx,
      Cancellation cancellation) {
    if (statement instanceof CompiledStatement.Query query) {
      return Explanation.analyze(query.plan(), context(tx, values, query.plan(), cancellation));
    }
    checkWritable();
    WritePlan plan = ((CompiledStatement.Write) statement).plan();
    tx.requireUnchanged(Catalog.epochKey(plan.table().table().id()));
    long start = System.nanoTime();
    long count = plan.run(context(tx, values, plan.source(), cancellation), null);
    return Explanation.ofRun(plan.title(), plan.source(), count, System.nanoTime() - start);
  }

  private ExecutionContext context(
      ReadView view,
      @Nullable Object[] values,
      @Nullable PlanNode plan,
      Cancellation cancellation) {
    cancellation.check();
    ExecutionContext.Builder builder =
        ExecutionContext.builder()
            .view(view)
            .parameters(values)
            .statementInstant(Instant.now())
            .timeZone(timeZone)
            .cancellation(cancellation);
    if (plan != null && isPoint(plan)) {
      builder.batchRows(8);
    }
    return builder.build();
  }

  /** Whether the plan reads single rows: its vectors need no room for thousands. */
  private static boolean isPoint(PlanNode plan) {
    return plan.inputs().isEmpty()
        ? plan.title().startsWith("Primary Key Get") || plan.title().startsWith("Index Get")
        : plan.inputs().size() == 1 && isPoint(plan.inputs().get(0));
  }

  /**
   * Runs {@code work} in the open transaction, where an error takes its writes back, or else in one
   * of its own, again if it conflicts.
   */
  <T> T inTransaction(Function<Transaction, T> work) {
    Transaction open = transaction;
    if (open == null) {
      return engine.store().transact(options, work);
    }
    Savepoint before = open.savepoint();
    try {
      return work.apply(open);
    } catch (PpdbException e) {
      if (e.code().kind() == ErrorCode.Kind.USER) {
        open.rollbackTo(before);
      } else {
        failed = true;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      open.rollbackTo(before);
      throw e;
    }
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
        TransactionOptions wanted =
            node.isSerializable() ? options.withIsolation(Isolation.SERIALIZABLE) : options;
        begin(wanted);
        readOnly = node.isReadOnly();
      }
      case COMMIT -> commit();
      case ROLLBACK -> rollback();
      case SAVEPOINT -> setSavepoint(node.savepoint());
      case ROLLBACK_TO -> rollbackTo(node.savepoint());
      case RELEASE -> releaseSavepoint(node.savepoint());
    }
  }

  /** The options of transactions that begin from now on. */
  public void setTransactionOptions(TransactionOptions newOptions) {
    options = newOptions;
  }

  public void begin() {
    begin(options);
  }

  /** Begins a transaction; ACTIVE_TRANSACTION if one is open. */
  public void begin(TransactionOptions newOptions) {
    checkOpen();
    checkOwn();
    if (transaction != null) {
      throw new PpdbException(
          ErrorCode.ACTIVE_TRANSACTION, "there is already a transaction in progress");
    }
    transaction = engine.store().begin(newOptions);
    failed = false;
  }

  public boolean isInTransaction() {
    return transaction != null;
  }

  /** Commits the open transaction; does nothing if there is none. */
  public void commit() {
    checkOwn();
    Transaction open = transaction;
    if (open == null) {
      return;
    }
    if (failed) {
      end();
      throw new PpdbException(
          ErrorCode.TRANSACTION_ABORTED, "the transaction had failed and was rolled back");
    }
    try {
      open.commit();
    } finally {
      end();
    }
  }

  /** Rolls the open transaction back; does nothing if there is none. */
  public void rollback() {
    checkOwn();
    end();
  }

  private void end() {
    Transaction open = transaction;
    transaction = null;
    savepoints.clear();
    failed = false;
    readOnly = false;
    if (open != null) {
      open.close();
    }
  }

  /** Sets a savepoint; one of the same name is hidden until this one is released. */
  public void setSavepoint(String name) {
    checkUsable();
    savepoints.add(new NamedSavepoint(name, requireTransaction("SAVEPOINT").savepoint()));
  }

  /** Takes back what was written since the savepoint, which stays. */
  public void rollbackTo(String name) {
    Transaction open = requireTransaction("ROLLBACK TO SAVEPOINT");
    checkUsable();
    int index = savepointIndex(name);
    open.rollbackTo(savepoints.get(index).savepoint());
    savepoints.subList(index + 1, savepoints.size()).clear();
  }

  /** Forgets a savepoint and those after it. */
  public void releaseSavepoint(String name) {
    requireTransaction("RELEASE SAVEPOINT");
    savepoints.subList(savepointIndex(name), savepoints.size()).clear();
  }

  /** The latest savepoint of this name. */
  private int savepointIndex(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new PpdbException(
        ErrorCode.INVALID_SAVEPOINT, "savepoint \"" + name + "\" does not exist");
  }

  private Transaction requireTransaction(String statement) {
    if (transaction == null) {
      throw new PpdbException(
          ErrorCode.NO_ACTIVE_TRANSACTION, statement + " can only be used in transaction blocks");
    }
    return transaction;
  }

  private StatementResult setting(CompiledStatement.Setting setting) {
    boolean isZone =
        setting.name().equalsIgnoreCase("timezone") || setting.name().equalsIgnoreCase("time_zone");
    if (setting.value() != null) {
      if (isZone) {
        setTimeZone(zone(setting.value()));
      }
      settings.put(setting.name(), setting.value());
      return StatementResult.ofCount(0);
    }
    String value = isZone ? timeZone.getId() : settings.get(setting.name());
    if (value == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "unrecognized configuration parameter \"" + setting.name() + "\"");
    }
    Operator rows = Explanation.rows(List.of(value));
    rows.open(ExecutionContext.builder().build());
    return StatementResult.ofRows(
        List.of(ResultColumn.computed(setting.name(), ColumnType.TEXT)), rows, () -> {});
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, "invalid value for parameter TimeZone: " + name, e);
    }
  }

  public ZoneId timeZone() {
    return timeZone;
  }

  /** Sets the zone in which timestamptz is read and written as text. */
  public void setTimeZone(ZoneId zone) {
    timeZone = zone;
  }

  /** The open transaction, or null. */
  @Nullable Transaction transaction() {
    return transaction;
  }

  /** Refuses writes of the open transaction from now on. */
  public void setReadOnly(boolean newReadOnly) {
    readOnly = newReadOnly;
  }

  private void checkWritable() {
    if (readOnly) {
      throw new PpdbException(ErrorCode.READ_ONLY, "cannot write in a read-only transaction");
    }
  }

  private void checkUsable() {
    if (failed) {
      throw new PpdbException(
          ErrorCode.TRANSACTION_ABORTED,
          "the transaction has failed; statements are ignored until it is rolled back");
    }
  }

  private void checkOwn() {
    if (external) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "this session runs in a transaction that its owner commits or rolls back");
    }
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
      if (!external) {
        end();
      }
    }
  }
}
