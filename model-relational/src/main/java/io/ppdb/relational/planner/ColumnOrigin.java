package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.ColumnStatistics;
import io.ppdb.relational.statistics.TableStatistics;
import io.ppdb.relational.storage.ComparisonEstimates;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** The column of a table that a column of a query shows, of which something may be known. */
record ColumnOrigin(ResolvedTable table, int ordinal) {
  /** Where column {@code column} of {@code rel} comes from; null if it is computed. */
  static @Nullable ColumnOrigin of(RelNode rel, int column) {
    if (rel instanceof TableScan scan) {
      ResolvedTable table = scan.getTable().unwrap(ResolvedTable.class);
      return table == null ? null : new ColumnOrigin(table, column);
    }
    if (rel instanceof Filter || rel instanceof Sort) {
      return of(rel.getInput(0), column);
    }
    if (rel instanceof Project project) {
      RexNode node = project.getProjects().get(column);
      if (node.getKind() == SqlKind.CAST) {
        node = ((RexCall) node).getOperands().get(0);
      }
      return node instanceof RexInputRef reference
          ? of(project.getInput(), reference.getIndex())
          : null;
    }
    if (rel instanceof Join || rel instanceof Correlate) {
      int leftCount = rel.getInput(0).getRowType().getFieldCount();
      return column < leftCount
          ? of(rel.getInput(0), column)
          : of(rel.getInput(1), column - leftCount);
    }
    if (rel instanceof Aggregate aggregate) {
      return column < aggregate.getGroupCount()
          ? of(aggregate.getInput(), aggregate.getGroupSet().nth(column))
          : null;
    }
    return null;
  }

  /** How many rows the table has. */
  double tableRows() {
    return table.access().estimatedRowCount();
  }

  /** How many values the column has in the whole table; 0 if that is not known. */
  double distinctCount() {
    TableStatistics statistics = table.statistics();
    TableAccess access = table.access();
    ColumnStatistics column = new ComparisonEstimates(access.table(), statistics).column(ordinal);
    if (column != null) {
      return statistics.scaled(column.distinctCount(), tableRows());
    }
    return isUnique(access.table()) ? tableRows() : 0;
  }

  private boolean isUnique(TableDefinition definition) {
    if (definition.primaryKey().equals(List.of(ordinal))) {
      return true;
    }
    for (IndexDefinition index : definition.indexes()) {
      boolean ofAllRows = index.unique() && index.ready() && index.predicate() == null;
      if (ofAllRows && index.columns().size() == 1 && index.columns().get(0).ordinal() == ordinal) {
        return true;
      }
    }
    return false;
  }
}
