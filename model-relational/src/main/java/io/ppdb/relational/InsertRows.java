package io.ppdb.relational;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.RowBuffer;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.planner.PlanNode;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT of rows that consist of constants and parameters: no planner, no operators.
 *
 * @param rows for each row one cell for each column of the table
 * @param onConflict what is done about rows whose keys are taken; null if that is an error
 */
record InsertRows(TableAccess table, List<List<Cell>> rows, @Nullable ConflictAction onConflict)
    implements WritePlan {
  /** Where a value comes from. */
  sealed interface Cell {
    /** A value known when the statement is compiled. */
    record Constant(@Nullable Object value) implements Cell {}

    /** The text of a point in time, which is one in the time zone of whoever runs the plan. */
    record PointInTime(String text) implements Cell {}

    /** A parameter of the statement, given in the type of its column. */
    record Parameter(int index) implements Cell {}
  }

  @Override
  public String operation() {
    return "Insert";
  }

  @Override
  public @Nullable PlanNode source() {
    return null;
  }

  @Override
  public long run(ExecutionContext context, @Nullable RowBuffer written) {
    TableDefinition definition = table.table();
    List<ColumnType> types = new ArrayList<>();
    definition.columns().forEach(column -> types.add(RowChecks.writeType(column.type())));
    int batchRows = Math.min(rows.size(), context.batchRows());
    VectorBatch batch = VectorBatch.create(types, batchRows);
    long inserted = 0;
    try (TableWriter writer = table.openWriter(context)) {
      RowInsert writing = RowInsert.of(table, onConflict, writer, context, written);
      for (int from = 0; from < rows.size(); from += batchRows) {
        int count = Math.min(batchRows, rows.size() - from);
        batch.reset(count);
        for (int row = 0; row < count; row++) {
          fill(batch, row, rows.get(from + row), context);
        }
        batch.setRowCount(count);
        inserted += writing.insert(batch);
      }
      writer.finish();
    }
    return inserted;
  }

  private static void fill(VectorBatch batch, int row, List<Cell> cells, ExecutionContext context) {
    for (int column = 0; column < cells.size(); column++) {
      batch.column(column).setObject(row, value(cells.get(column), context.evaluation()));
    }
  }

  private static @Nullable Object value(Cell cell, EvaluationContext context) {
    if (cell instanceof Cell.Constant constant) {
      return constant.value();
    }
    if (cell instanceof Cell.Parameter parameter) {
      return context.parameter(parameter.index());
    }
    String text = ((Cell.PointInTime) cell).text();
    return ParameterValues.convert(text, ColumnType.TIMESTAMPTZ, context.timeZone());
  }
}
