package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.DistinctRows;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.exec.SortOperator;
import io.ppdb.relational.parser.MergeNode.Action;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * MERGE: of the rows of a query with the target's columns, its locator columns, the number of the
 * clause that takes the row (or -1), then the values of each clause. All rows are read before the
 * first is written.
 */
record MergeRows(TableAccess table, PlanNode source, List<Clause> clauses) implements WritePlan {
  /**
   * What one clause does.
   *
   * @param assigned ordinals of the columns that an UPDATE assigns; all columns of an INSERT
   * @param firstValue the column of the query with the first of their values
   */
  record Clause(Action action, List<Integer> assigned, int firstValue) {
    Clause {
      assigned = List.copyOf(assigned);
    }
  }

  @Override
  public String operation() {
    return "Merge";
  }

  @Override
  public long run(ExecutionContext context, @Nullable RowBuffer written) {
    int columnCount = table.table().columns().size();
    int actionColumn = columnCount + table.locatorTypes().size();
    List<Integer> keys =
        table.locatorTypes().isEmpty()
            ? table.table().primaryKey()
            : IntStream.range(columnCount, actionColumn).boxed().toList();
    long count = 0;
    try (Operator rows = new SortOperator(source.build(context), List.of());
        DistinctRows touched = new DistinctRows(keys, source.types(), context);
        TableWriter writer = table.openWriter(context)) {
      RowInsert inserting = RowInsert.of(table, null, writer, context, null);
      rows.open(context);
      VectorBatch batch;
      while ((batch = rows.next()) != null) {
        IntVector actions = (IntVector) batch.column(actionColumn);
        for (int i = 0; i < clauses.size(); i++) {
          Clause clause = clauses.get(i);
          VectorBatch taken = taken(batch, actions, i);
          if (taken.size() == 0 || clause.action == Action.NOTHING) {
            continue;
          }
          if (clause.action == Action.INSERT) {
            inserting.insert(
                columns(
                    taken, IntStream.range(clause.firstValue, clause.firstValue + columnCount)));
          } else {
            modify(clause, taken, touched, actionColumn, writer);
          }
          count += taken.size();
        }
      }
      writer.finish();
    }
    return count;
  }

  private void modify(
      Clause clause,
      VectorBatch taken,
      DistinctRows touched,
      int actionColumn,
      TableWriter writer) {
    int size = taken.size();
    touched.keepFirst(taken);
    if (taken.size() < size) {
      throw new PpdbException(
          ErrorCode.CARDINALITY_VIOLATION,
          "MERGE command cannot affect row a second time: relation \""
              + table.table().name()
              + "\"");
    }
    VectorBatch rows =
        columns(
            taken,
            IntStream.concat(
                IntStream.range(0, actionColumn),
                IntStream.range(clause.firstValue, clause.firstValue + clause.assigned.size())));
    RowUpdate writing = new RowUpdate(table, clause.assigned, writer, null);
    if (clause.action == Action.DELETE) {
      writing.delete(rows, List.of());
    } else {
      writing.update(rows, List.of());
    }
  }

  /** The rows of {@code batch} that clause {@code number} takes. */
  private static VectorBatch taken(VectorBatch batch, IntVector actions, int number) {
    int[] positions = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int position = batch.position(i);
      if (actions.get(position) == number) {
        positions[count++] = position;
      }
    }
    VectorBatch taken = new VectorBatch(batch.columns());
    taken.setRowCount(batch.rowCount());
    taken.setSelection(positions, count);
    return taken;
  }

  private static VectorBatch columns(VectorBatch batch, IntStream columns) {
    List<Vector> vectors = new ArrayList<>();
    columns.forEach(column -> vectors.add(batch.column(column)));
    VectorBatch result = new VectorBatch(vectors.toArray(new Vector[0]));
    result.setRowCount(batch.rowCount());
    result.setSelection(batch.selection(), batch.size());
    return result;
  }
}
