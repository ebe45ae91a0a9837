package io.ppdb.relational;

import io.ppdb.relational.exec.DistinctRows;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.exec.SortOperator;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE or DELETE of the rows of a query: the table's columns, its locator columns, the new values
 * of {@code assigned} columns, then columns of other tables that RETURNING may ask for.
 *
 * @param assigned ordinals of the columns that an UPDATE assigns; empty for a DELETE
 * @param isJoined whether the query joins the target with other tables, so that it may have a row
 *     several times: the first one counts
 */
record ModifyRows(
    TableAccess table, PlanNode source, List<Integer> assigned, boolean isDelete, boolean isJoined)
    implements WritePlan {
  @Override
  public String operation() {
    return isDelete ? "Delete" : "Update";
  }

  @Override
  public long run(ExecutionContext context, @Nullable RowBuffer written) {
    int first = table.table().columns().size() + table.locatorTypes().size() + assigned.size();
    List<Integer> others = IntStream.range(first, source.types().size()).boxed().toList();
    long count = 0;
    Operator built = source.build(context);
    try (Operator rows = readsOnlyFirst(source) ? built : new SortOperator(built, List.of());
        DistinctRows distinct =
            isJoined ? new DistinctRows(keyColumns(), source.types(), context) : null;
        TableWriter writer = table.openWriter(context)) {
      RowUpdate writing = new RowUpdate(table, assigned, writer, written);
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        if (distinct != null) {
          distinct.keepFirst(batch);
        }
        if (isDelete) {
          writing.delete(batch, others);
        } else {
          writing.update(batch, others);
        }
        count += batch.size();
      }
      writer.finish();
    }
    return count;
  }

  /** What tells rows of the target apart: the primary key, or the locator. */
  private List<Integer> keyColumns() {
    int columnCount = table.table().columns().size();
    return table.locatorTypes().isEmpty()
        ? table.table().primaryKey()
        : IntStream.range(columnCount, columnCount + table.locatorTypes().size()).boxed().toList();
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
