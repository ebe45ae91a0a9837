package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner.PlannedQuery;
import io.ppdb.relational.storage.IndexBackfill;
import java.util.ArrayList;
import java.util.List;

/**
 * CREATE MATERIALIZED VIEW and REFRESH. A refresh is one transaction, which deletes all rows and
 * writes those that the query has now: whoever reads meanwhile has the old ones. Used for one
 * statement.
 */
final class MaterializedViewStatements {
  private final Change change;
  private final ActionRunner runner;
  private final ExecutionContext context;

  /**
   * @param context what the query runs with
   */
  MaterializedViewStatements(Change change, ActionRunner runner, ExecutionContext context) {
    this.change = change;
    this.runner = runner;
    this.context = context;
  }

  /** Whether there was something to do. */
  boolean create(Definition.CreateMaterializedView node) {
    String schema = change.schemaFor(node.name());
    String name = Names.simple(node.name());
    if (node.ifNotExists() && change.catalog().exists(change.transaction(), schema, name)) {
      return false;
    }
    change.requireFree(schema, node.name(), ErrorCode.DUPLICATE_TABLE);
    ViewStatements.DefinedQuery defined =
        new ViewStatements(change).define(node.name(), node.columns(), node.query());
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ColumnDefinition column : defined.columns()) {
      columns.add(column.withNullable(true));
    }
    MaterializedView view =
        new MaterializedView(defined.query(), node.withData(), defined.dependencies());
    TableDefinition table =
        new TableDefinition(
            change.allocateId(),
            0,
            schema,
            name,
            MaterializedView.KIND,
            view.options(),
            columns,
            List.of(),
            List.of(),
            IndexBackfill.FIRST_INDEX);
    TableDefinition created = change.catalog().create(change.transaction(), table);
    view.dependencies().forEach(id -> change.transaction().guard(Catalog.epochKey(id)));
    if (node.withData()) {
      fill(created, view);
    }
    return true;
  }

  /** Whether there was something to do: always. */
  boolean refresh(Definition.RefreshMaterializedView node) {
    TableDefinition table = change.requireRelation(node.name());
    if (!MaterializedView.is(table)) {
      throw Names.wrongKind(node.name(), "materialized view");
    }
    change.permissions().requireOwner(table);
    MaterializedView view = MaterializedView.of(table);
    if (node.concurrently()) {
      requireUniqueIndex(table, view, node);
    }
    change.transaction().deleteRange(Catalog.rangeOf(table));
    MaterializedView refreshed = view.withPopulated(node.withData());
    TableDefinition changed =
        change.catalog().replace(change.transaction(), table.withOptions(refreshed.options()));
    if (node.withData()) {
      fill(changed, refreshed);
    }
    return true;
  }

  private static void requireUniqueIndex(
      TableDefinition table, MaterializedView view, Definition.RefreshMaterializedView node) {
    if (!node.withData()) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together"
              + Change.at(node.name()));
    }
    if (!view.populated()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "CONCURRENTLY cannot be used when the materialized view is not populated"
              + Change.at(node.name()));
    }
    for (IndexDefinition index : table.indexes()) {
      if (index.unique() && index.ready()) {
        return;
      }
    }
    throw new PpdbException(
        ErrorCode.INVALID_STATE,
        "cannot refresh materialized view \""
            + table.schema()
            + "."
            + table.name()
            + "\" concurrently: it has no unique index"
            + Change.at(node.name()));
  }

  private void fill(TableDefinition table, MaterializedView view) {
    CatalogView catalog = change.judgedView().ofView(table.id());
    PlannedQuery planned = change.planner().plan(catalog, change.parse(view.query()));
    runner.insert(change.catalog().access(table), planned.root(), context);
  }
}
