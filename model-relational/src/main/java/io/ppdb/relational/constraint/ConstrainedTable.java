package io.ppdb.relational.constraint;

import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.RowExpressions;
import io.ppdb.relational.spi.ScanPath;
import io.ppdb.relational.spi.ScanRequest;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/** A table that is written through its constraints. Immutable; part of a plan. */
public final class ConstrainedTable implements TableAccess {
  private final TableAccess table;
  private final RowExpressions checks;

  private ConstrainedTable(TableAccess table, RowExpressions checks) {
    this.table = table;
    this.checks = checks;
  }

  /** {@code table}, guarded by its constraints if it has any. */
  public static TableAccess of(TableAccess table, CatalogView catalog, QueryPlanner planner) {
    TableConstraints constraints = table.table().constraints();
    if (constraints.isEmpty()) {
      return table;
    }
    List<SqlNode> conditions = new ArrayList<>();
    for (CheckDefinition check : constraints.checks()) {
      conditions.add(QueryPlanner.parser().parseExpression(check.expression()));
    }
    return new ConstrainedTable(table, planner.rowExpressions(catalog, table.table(), conditions));
  }

  @Override
  public TableDefinition table() {
    return table.table();
  }

  @Override
  public double estimatedRowCount() {
    return table.estimatedRowCount();
  }

  @Override
  public List<ColumnType> locatorTypes() {
    return table.locatorTypes();
  }

  @Override
  public List<ScanPath> scanPaths(ScanRequest request) {
    return table.scanPaths(request);
  }

  @Override
  public TableWriter openWriter(ExecutionContext context) {
    RowCheck check = new RowCheck(table.table(), checks.compile(context.evaluation()));
    return new ConstrainedWriter(table.openWriter(context), check);
  }
}
