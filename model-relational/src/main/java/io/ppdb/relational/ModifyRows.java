package io.ppdb.relational;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.SortOperator;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/**
 * UPDATE or DELETE of the rows of a query: the table's columns, its locator columns, then the new
 * values of {@code assigned} columns.
 *
 * @param assigned ordinals of the columns that an UPDATE assigns; empty for a DELETE
 */
record ModifyRows(TableAccess table, PlanNode source, List<Integer> assigned, boolean isDelete)
    implements WritePlan {
  @Override
  public String title() {
    return (isDelete ? "Delete on " : "Update on ") + table.table().name();
  }

  @Override
  public long run(ExecutionContext context) {
    int columnCount = table.table().columns().size();
    int oldCount = columnCount + table.locatorTypes().size();
    VectorBatch oldRows = new VectorBatch(new Vector[oldCount]);
    VectorBatch newRows = new VectorBatch(new Vector[columnCount]);
    long count = 0;
    Operator built = source.build(context);
    try (Operator rows = readsOnlyFirst(source) ? built : new SortOperator(built, List.of());
        TableWriter writer = table.openWriter(context)) {
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        take(batch, oldRows, 0, oldCount);
        if (isDelete) {
          writer.delete(oldRows);
        } else {
          update(writer, batch, oldRows, newRows, oldCount);
        }
        count += batch.size();
      }
      writer.finish();
    }
    return count;
  }

  private void update(
      TableWriter writer,
      VectorBatch batch,
      VectorBatch oldRows,
      VectorBatch newRows,
      int oldCount) {
    TableDefinition definition = table.table();
    take(batch, newRows, 0, newRows.columnCount());
    for (int i = 0; i < assigned.size(); i++) {
      newRows.columns()[assigned.get(i)] = batch.column(oldCount + i);
    }
    for (int column : assigned) {
      RowChecks.check(definition, column, newRows);
    }
    writer.update(oldRows, newRows, assigned.stream().mapToInt(Integer::intValue).toArray());
  }

  private static void take(VectorBatch from, VectorBatch to, int first, int count) {
    System.arraycopy(from.columns(), first, to.columns(), 0, count);
    to.setRowCount(from.rowCount());
    to.setSelection(from.selection(), from.size());
  }

  /**
   * Whether everything the plan reads, it reads through one cursor opened before the first write.
   * Other plans could meet rows that the statement has written itself, so all rows are read before
   * the first is written.
   */
  private static boolean readsOnlyFirst(PlanNode node) {
    if (node.inputs().isEmpty()) {
      return node.title().startsWith("Seq Scan") || node.title().startsWith("Primary Key Get");
    }
    boolean streams = node.title().equals("Filter") || node.title().equals("Project");
    return streams && node.inputs().stream().allMatch(ModifyRows::readsOnlyFirst);
  }
}
