package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.exec.Cancellation;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.PlanMeasurement;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.exec.RowBufferSource;
import io.ppdb.relational.exec.ScanOperator;
import io.ppdb.relational.exec.TimedOperator;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.Explanation;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.planner.Viewpoint;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles and runs the statements of one session that read or write rows: each against the newest
 * schema, so plans that a schema change has made stale are made again. Used by one thread at a
 * time.
 */
final class StatementRunner {
  private final RelationalEngine engine;
  private final SessionTransaction transaction;
  private final SessionSettings settings;
  private final SessionSequences sequences;

  /** Whose plans {@link #cache} has. */
  private Viewpoint viewpoint;

  private StatementCache cache;

  StatementRunner(
      RelationalEngine engine, SessionTransaction transaction, SessionSettings settings) {
    this.engine = engine;
    this.transaction = transaction;
    this.settings = settings;
    this.sequences = new SessionSequences(engine.catalog(), engine.sequences(), settings);
    this.viewpoint = settings.viewpoint();
    this.cache = engine.cache(viewpoint);
  }

  BoundStatement compile(String sql) {
    return transaction.read(view -> compile(sql, view));
  }

  private BoundStatement compile(String sql, ReadView view) {
    CompiledStatement cached = cache().get(sql);
    if (cached != null && isCurrent(cached, view)) {
      return BoundStatement.of(cached);
    }
    LiteralLifter.Lifted lifted = StatementCache.isKept(sql) ? LiteralLifter.lift(sql) : null;
    if (lifted == null) {
      return compileText(sql, view);
    }
    StatementCache.Shape shape = cache().shape(lifted.shape());
    CompiledStatement statement = shape == null ? null : shape.statement();
    if (shape != null && statement == null) {
      return compileText(sql, view);
    }
    if (statement == null || !isCurrent(statement, view)) {
      statement = compileShape(lifted.shape(), view);
      if (statement == null) {
        BoundStatement plain = compileText(sql, view); // what is wrong with the text it will say
        cache().putShape(lifted.shape(), new StatementCache.Shape(null));
        return plain;
      }
      cache().putShape(lifted.shape(), new StatementCache.Shape(statement));
    }
    BoundStatement bound = BoundStatement.bind(statement, lifted.literals());
    return bound == null ? compileText(sql, view) : bound;
  }

  private BoundStatement compileText(String sql, ReadView view) {
    CompiledStatement compiled =
        engine
            .compiler()
            .compile(sql, new CatalogView(engine.catalog(), view, settings.viewpoint()));
    if (!(compiled instanceof CompiledStatement.Definition definition
        && definition.definition() instanceof Definition.Access)) {
      cache().put(sql, compiled); // texts that may have a password in them are not kept
    }
    return BoundStatement.of(compiled);
  }

  /** The plan of all texts of a shape; null if it has none, for whatever reason. */
  private @Nullable CompiledStatement compileShape(String shape, ReadView view) {
    CatalogView catalog = new CatalogView(engine.catalog(), view, settings.viewpoint());
    try {
      CompiledStatement compiled = engine.compiler().compile(shape, catalog);
      return catalog.dependsOnParameters() ? null : compiled;
    } catch (PpdbException e) {
      if (e.isRetryable()) {
        throw e;
      }
      return null;
    }
  }

  private StatementCache cache() {
    Viewpoint now = settings.viewpoint();
    if (!now.equals(viewpoint)) {
      viewpoint = now;
      cache = engine.cache(now);
    }
    return cache;
  }

  private boolean isCurrent(CompiledStatement statement, ReadView view) {
    return statement.dependencies().isCurrent(engine.catalog(), view);
  }

  private @Nullable Object[] refresh(
      PreparedSql prepared, @Nullable Object[] values, ReadView view) {
    CompiledStatement known = prepared.compiled();
    if (known.dependencies().viewpoint().equals(settings.viewpoint()) && isCurrent(known, view)) {
      return values;
    }
    BoundStatement bound = compile(prepared.sql(), view);
    prepared.setBound(bound);
    if (bound.literals() != null) {
      return bound.literals();
    }
    // What changed may be the type of a column, and so of a parameter.
    List<ColumnType> types = bound.statement().parameterTypes();
    return types.size() == values.length
        ? ParameterValues.convert(values, types, settings.timeZone())
        : values;
  }

  StatementResult query(
      PreparedSql prepared, @Nullable Object[] values, Cancellation cancellation) {
    if (((CompiledStatement.Query) prepared.compiled()).locksRows()) {
      return transaction
          .run(tx -> lockingQuery(prepared, values, tx, cancellation))
          .result(prepared.columns());
    }
    Transaction open = transaction.current();
    // A table function may need a transaction; a snapshot is enough for all the rest.
    ReadView view =
        open != null
            ? open
            : readsOnlyTables(prepared.compiled())
                ? engine.store().snapshot()
                : engine.store().begin(transaction.options());
    Runnable release = open != null ? transaction.openResult() : view::close;
    try {
      @Nullable Object[] current = refresh(prepared, values, view);
      CompiledStatement.Query query = (CompiledStatement.Query) prepared.compiled();
      ExecutionContext context = context(view, current, cancellation);
      Operator built = query.plan().build(context);
      Operator operator =
          cancellation.hasTimeout() ? new TimedOperator(built, cancellation) : built;
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

  /** What a query gives that locks rows: all of it, before anybody sees some of it. */
  private Written lockingQuery(
      PreparedSql prepared, @Nullable Object[] values, Transaction tx, Cancellation cancellation) {
    transaction.checkWritable();
    @Nullable Object[] current = refresh(prepared, values, tx);
    PlanNode plan = ((CompiledStatement.Query) prepared.compiled()).plan();
    ExecutionContext context = context(tx, current, cancellation);
    RowBuffer result = new RowBuffer(plan.types());
    try (Operator rows = plan.build(context)) {
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        result.append(batch);
      }
    }
    return new Written(result.rowCount(), result);
  }

  private static boolean readsOnlyTables(CompiledStatement statement) {
    return statement instanceof CompiledStatement.Query query && readsOnlyTables(query.plan());
  }

  private static boolean readsOnlyTables(PlanNode node) {
    return !node.title().startsWith("Table Function Scan")
        && node.inputs().stream().allMatch(StatementRunner::readsOnlyTables);
  }

  /** What a statement did that writes or locks; {@code rows} is null if it has no RETURNING. */
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

  StatementResult write(
      PreparedSql prepared, @Nullable Object[] values, Cancellation cancellation) {
    Written written = transaction.run(tx -> write(prepared, values, tx, cancellation));
    return written.result(prepared.columns());
  }

  /** Runs a writing statement once for each set of values, all in one transaction. */
  long[] writeBatch(
      PreparedSql prepared, List<@Nullable Object[]> parameterSets, Cancellation cancellation) {
    if (!(prepared.compiled() instanceof CompiledStatement.Write)) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE, "only INSERT, UPDATE and DELETE run as a batch");
    }
    List<@Nullable Object[]> values = new ArrayList<>(parameterSets.size());
    for (@Nullable Object[] parameters : parameterSets) {
      values.add(prepared.values(parameters, settings.timeZone()));
    }
    return transaction.run(
        tx -> {
          long[] counts = new long[values.size()];
          for (int i = 0; i < counts.length; i++) {
            counts[i] = write(prepared, values.get(i), tx, cancellation).count();
          }
          return counts;
        });
  }

  private Written write(
      PreparedSql prepared, @Nullable Object[] values, Transaction tx, Cancellation cancellation) {
    transaction.checkWritable();
    @Nullable Object[] current = refresh(prepared, values, tx);
    CompiledStatement.Write write = (CompiledStatement.Write) prepared.compiled();
    WritePlan plan = write.plan();
    tx.requireUnchanged(Catalog.epochKey(plan.table().table().id()));
    ExecutionContext context = context(tx, current, cancellation);
    Returning returning = write.returning();
    RowBuffer written = returning == null ? null : returning.newBuffer();
    long count = plan.run(context, written);
    transaction.locks().noteWrite();
    plan.table().noteChanged(count);
    if (returning == null || written == null) {
      return new Written(count, null);
    }
    return new Written(count, returning.run(written, context));
  }

  StatementResult explain(
      PreparedSql prepared, @Nullable Object[] values, Cancellation cancellation) {
    List<String> lines;
    if (((CompiledStatement.Explain) prepared.compiled()).options().analyze()) {
      lines =
          transaction.run(
              tx -> {
                @Nullable Object[] current = refresh(prepared, values, tx);
                return analyze(
                    (CompiledStatement.Explain) prepared.compiled(), current, tx, cancellation);
              });
    } else {
      lines =
          transaction.read(
              view -> {
                refresh(prepared, values, view);
                return explanation((CompiledStatement.Explain) prepared.compiled()).lines();
              });
    }
    Operator rows = Explanation.rows(lines);
    rows.open(ExecutionContext.builder().build());
    return StatementResult.ofRows(prepared.columns(), rows, () -> {});
  }

  private static Explanation explanation(CompiledStatement.Explain explain) {
    if (explain.statement() instanceof CompiledStatement.Query query) {
      return Explanation.of(explain.options(), query.plan());
    }
    WritePlan plan = ((CompiledStatement.Write) explain.statement()).plan();
    String relation = plan.table().table().name();
    return Explanation.ofWrite(explain.options(), plan.operation(), relation, plan.source());
  }

  private List<String> analyze(
      CompiledStatement.Explain explain,
      @Nullable Object[] values,
      Transaction tx,
      Cancellation cancellation) {
    if (explain.statement() instanceof CompiledStatement.Query query && query.locksRows()) {
      transaction.checkWritable();
    }
    ExecutionContext context = context(tx, values, cancellation, new PlanMeasurement());
    Explanation explanation = explanation(explain);
    if (!(explain.statement() instanceof CompiledStatement.Write write)) {
      return explanation.analyze(context);
    }
    transaction.checkWritable();
    tx.requireUnchanged(Catalog.epochKey(write.plan().table().table().id()));
    return explanation.analyzeWrite(measured -> write.plan().run(measured, null), context);
  }

  /** What a statement runs with that has no parameters of its own. */
  ExecutionContext context(ReadView view, Cancellation cancellation) {
    return context(view, new @Nullable Object[0], cancellation);
  }

  private ExecutionContext context(
      ReadView view, @Nullable Object[] values, Cancellation cancellation) {
    return context(view, values, cancellation, null);
  }

  private ExecutionContext context(
      ReadView view,
      @Nullable Object[] values,
      Cancellation cancellation,
      @Nullable PlanMeasurement measurement) {
    cancellation.check();
    return ExecutionContext.builder()
        .view(view)
        .parameters(values)
        .statementInstant(Instant.now())
        .timeZone(settings.timeZone())
        .temporaryFiles(engine.temporaryFiles(), settings.workBytes())
        .sequences(sequences.at(view))
        .session(new SessionFacts(settings, view, engine.systemCatalog()))
        .cancellation(cancellation)
        .measurement(measurement)
        .locks(transaction.locks())
        .build();
  }
}
