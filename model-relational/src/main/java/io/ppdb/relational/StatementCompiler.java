package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.parser.AnalyzeNode;
import io.ppdb.relational.parser.CopyNode;
import io.ppdb.relational.parser.DefinitionNode;
import io.ppdb.relational.parser.ExplainNode;
import io.ppdb.relational.parser.ShowNode;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.TransactionNode;
import io.ppdb.relational.parser.WriteNode;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSetOption;

/** Parses and plans statements. Thread-safe. */
final class StatementCompiler {
  private final StatementParser parser;
  private final QueryPlanner planner;
  private final WriteCompiler writes;
  private final ActionStatements actions;

  StatementCompiler(StatementParser parser, QueryPlanner planner, Catalog catalog) {
    this.parser = parser;
    this.planner = planner;
    this.actions = new ActionStatements(catalog, planner, this::compile);
    this.writes = new WriteCompiler(parser, planner, actions.constraints());
  }

  /** Statements that are part of others. */
  ActionStatements actions() {
    return actions;
  }

  CompiledStatement compile(String sql, CatalogView catalog) {
    return CompilationStack.run(sql, () -> compileOnThisStack(sql, catalog));
  }

  private CompiledStatement compileOnThisStack(String sql, CatalogView catalog) {
    SqlNode node = parser.parse(sql);
    return node instanceof DefinitionNode definition
        ? new CompiledStatement.Definition(definition.definition(), sql)
        : compile(node, catalog);
  }

  private CompiledStatement compile(SqlNode node, CatalogView catalog) {
    if (node.isA(SqlKind.QUERY)) {
      PlannedQuery query = planner.plan(catalog, node);
      return new CompiledStatement.Query(
          query.root(),
          query.columns(),
          query.parameterTypes(),
          query.dependencies(),
          QueryPlanner.locksRows(query.root()));
    }
    if (node instanceof WriteNode write) {
      return writes.compile(write, catalog);
    }
    if (node instanceof ExplainNode explain) {
      return new CompiledStatement.Explain(
          compile(explain.statement(), catalog), explain.options());
    }
    if (node instanceof TransactionNode transaction) {
      return new CompiledStatement.TransactionControl(transaction);
    }
    if (node instanceof CopyNode copy) {
      return new CompiledStatement.Copy(copy);
    }
    if (node instanceof AnalyzeNode analyze) {
      return new CompiledStatement.Analyze(analyze);
    }
    if (node instanceof ShowNode show) {
      return new CompiledStatement.Setting(show.name(), null);
    }
    if (node instanceof SqlSetOption set && set.getValue() != null) {
      String value =
          set.getValue() instanceof SqlLiteral literal
              ? String.valueOf(literal.toValue())
              : set.getValue().getKind() == SqlKind.DEFAULT
                  ? CompiledStatement.Setting.DEFAULT
                  : set.getValue().toString();
      return new CompiledStatement.Setting(set.name().toString(), value);
    }
    throw new PpdbException(ErrorCode.NOT_SUPPORTED, node.getKind().sql + " is not supported");
  }
}
