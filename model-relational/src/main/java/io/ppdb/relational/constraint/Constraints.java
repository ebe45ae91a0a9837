package io.ppdb.relational.constraint;

import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.RowExpressions;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.storage.RowTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/** Puts tables behind their constraints: the door of this package. Thread-safe. */
public final class Constraints {
  private final QueryPlanner planner;
  private final ActionRunner runner;

  public Constraints(QueryPlanner planner, ActionRunner runner) {
    this.planner = planner;
    this.runner = runner;
  }

  /** {@code written}, to be written through its constraints; itself if it has none. */
  public TableAccess guard(TableAccess written, CatalogView catalog) {
    TableDefinition definition = written.table();
    TableAccess table =
        written instanceof RowTable rows && rows.needsExpressions()
            ? rows.withExpressions(planner.indexExpressions(catalog, definition))
            : written;
    TableConstraints constraints = definition.constraints();
    if (constraints.isEmpty()) {
      return table;
    }
    List<SqlNode> conditions = new ArrayList<>();
    for (CheckDefinition check : constraints.checks()) {
      conditions.add(QueryPlanner.parser().parseExpression(check.expression()));
    }
    RowExpressions checks =
        conditions.isEmpty()
            ? new RowExpressions(List.of(), List.of())
            : planner.rowExpressions(catalog, definition, conditions);
    List<RowTable> parents = new ArrayList<>();
    for (ForeignKeyDefinition key : constraints.foreignKeys()) {
      TableAccess parent =
          key.parentId() == definition.id()
              ? table
              : catalog.catalog().table(catalog.view(), key.parentId());
      parents.add((RowTable) parent);
    }
    return new ConstrainedTable(table, checks, parents, catalog.catalog(), runner);
  }
}
