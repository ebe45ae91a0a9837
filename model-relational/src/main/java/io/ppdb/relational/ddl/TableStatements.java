package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.parser.ColumnClause;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.spi.TableKind;
import io.ppdb.relational.storage.IndexBackfill;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;

/** CREATE TABLE, also of the rows of a query. Used for one statement. */
final class TableStatements {
  private static final String KIND_OPTION = "kind";

  private final Change change;

  TableStatements(Change change) {
    this.change = change;
  }

  void create(Definition.CreateTable node) {
    String schema = change.schemaFor(node.name());
    String name = Names.simple(node.name());
    if (node.ifNotExists() && change.catalog().exists(change.transaction(), schema, name)) {
      return;
    }
    change.requireFree(schema, node.name(), ErrorCode.DUPLICATE_TABLE);
    Map<String, String> options = new LinkedHashMap<>(node.options());
    String kindName = options.remove(KIND_OPTION);
    if (MaterializedView.KIND.equals(kindName)) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "a table of kind \""
              + kindName
              + "\" is made by CREATE MATERIALIZED VIEW"
              + Change.at(node.name()));
    }
    TableKind kind = change.catalog().kind(kindName == null ? TableDefinition.ROW_KIND : kindName);
    long id = change.allocateId();
    ColumnStatements columns = new ColumnStatements(change, schema, name, id);
    TableDefinition table =
        new TableDefinition(
            id,
            0,
            schema,
            name,
            kind.name(),
            options,
            columns(node.columns(), node.name(), columns),
            List.of(),
            List.of(),
            IndexBackfill.FIRST_INDEX);
    for (ColumnClause clause : node.columns()) {
      columns.checkStored(table, clause);
    }
    ConstraintStatements constraints = new ConstraintStatements(change);
    TableDefinition defined = kind.define(constraints.add(table, node.constraints()));
    kind.prepare(defined, change.catalog().store());
    change.catalog().create(change.transaction(), defined);
  }

  /** CREATE TABLE … AS; whether there was something to do. */
  boolean createAs(Definition.CreateTableAs node, ActionRunner runner, ExecutionContext context) {
    String schema = change.schemaFor(node.name());
    String name = Names.simple(node.name());
    if (node.ifNotExists() && change.catalog().exists(change.transaction(), schema, name)) {
      return false;
    }
    change.requireFree(schema, node.name(), ErrorCode.DUPLICATE_TABLE);
    PlannedQuery planned = change.planner().plan(change.judgedView(), change.query(node.query()));
    if (!planned.parameterTypes().isEmpty()) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_PARAMETER,
          "CREATE TABLE AS has no parameters; seen " + planned.parameterTypes().size());
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ColumnDefinition column :
        ViewStatements.columns(node.name(), node.columns(), planned.columns())) {
      columns.add(column.withNullable(true));
    }
    TableKind kind = change.catalog().kind(TableDefinition.ROW_KIND);
    TableDefinition table =
        new TableDefinition(
            change.allocateId(),
            0,
            schema,
            name,
            kind.name(),
            Map.of(),
            columns,
            List.of(),
            List.of(),
            IndexBackfill.FIRST_INDEX);
    TableDefinition created = change.catalog().create(change.transaction(), kind.define(table));
    if (node.withData()) {
      runner.insert(change.catalog().access(created), planned.root(), context);
    }
    return true;
  }

  private static List<ColumnDefinition> columns(
      List<ColumnClause> clauses, SqlIdentifier table, ColumnStatements statements) {
    List<ColumnDefinition> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ColumnClause column : clauses) {
      String name = column.name().getSimple();
      if (!names.add(name)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + name + "\" specified more than once" + Change.at(column.name()));
      }
      columns.add(statements.column(column));
    }
    if (columns.isEmpty()) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION, "a table needs at least one column" + Change.at(table));
    }
    return columns;
  }
}
