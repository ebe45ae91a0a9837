package io.ppdb.relational;

import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.constraint.Constraints;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.spi.TableAccess;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Compiles the statements of referential actions, once, and runs them. Thread-safe. */
final class ActionStatements implements ActionRunner {
  private final Catalog catalog;
  private final BiFunction<String, CatalogView, CompiledStatement> compiler;
  private final StatementCache cache = new StatementCache();
  private final Constraints constraints;

  ActionStatements(
      Catalog catalog,
      QueryPlanner planner,
      BiFunction<String, CatalogView, CompiledStatement> compiler) {
    this.catalog = catalog;
    this.compiler = compiler;
    this.constraints = new Constraints(planner, this);
  }

  /** What stands before tables that are written. */
  Constraints constraints() {
    return constraints;
  }

  @Override
  public void insertChecked(
      TableAccess table, PlanNode rows, CatalogView view, ExecutionContext context) {
    new InsertQuery(constraints.guard(table, view), rows, null).run(context, null);
  }

  @Override
  public void write(String sql, ExecutionContext context, @Nullable Object[] parameters) {
    CompiledStatement.Write write = (CompiledStatement.Write) compiled(sql, context);
    Transaction transaction = context.transaction();
    transaction.requireUnchanged(Catalog.epochKey(write.plan().table().table().id()));
    write.plan().run(context(context, write, parameters), null);
  }

  @Override
  public long insert(TableAccess table, PlanNode rows, ExecutionContext context) {
    return new InsertQuery(table, rows, null).run(context, null);
  }

  @Override
  public boolean hasRows(String sql, ExecutionContext context, @Nullable Object[] parameters) {
    CompiledStatement.Query query = (CompiledStatement.Query) compiled(sql, context);
    ExecutionContext reading = context(context, query, parameters);
    try (Operator rows = query.plan().build(reading)) {
      rows.open(reading);
      return rows.next() != null;
    }
  }

  private static ExecutionContext context(
      ExecutionContext context, CompiledStatement statement, @Nullable Object[] parameters) {
    return context.withParameters(
        ParameterValues.convert(
            parameters, statement.parameterTypes(), context.evaluation().timeZone()));
  }

  private CompiledStatement compiled(String sql, ExecutionContext context) {
    CompiledStatement known = cache.get(sql);
    if (known != null && known.dependencies().isCurrent(catalog, context.view())) {
      return known;
    }
    CompiledStatement compiled = compiler.apply(sql, new CatalogView(catalog, context.view()));
    cache.put(sql, compiled);
    return compiled;
  }
}
