package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes on some columns of its input, in another order. */
final class ColumnsOperator extends Operator {
  private final Operator input;
  private final int[] columns;
  private final VectorBatch output;

  ColumnsOperator(Operator input, int[] columns) {
    super(types(input, columns));
    this.input = input;
    this.columns = columns;
    this.output = new VectorBatch(new Vector[columns.length]);
  }

  private static List<ColumnType> types(Operator input, int[] columns) {
    return Arrays.stream(columns).mapToObj(input.types()::get).toList();
  }

  @Override
  public void expectRows(long rowCount) {
    input.expectRows(rowCount);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch batch = input.next();
    if (batch == null) {
      return null;
    }
    for (int i = 0; i < columns.length; i++) {
      output.columns()[i] = batch.column(columns[i]);
    }
    output.setRowCount(batch.rowCount());
    output.setSelection(batch.selection(), batch.size());
    return output;
  }

  @Override
  public void close() {
    input.close();
  }
}
