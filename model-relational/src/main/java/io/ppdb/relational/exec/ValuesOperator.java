package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A leaf of rows written in the statement: literals, parameters and expressions over them. */
public final class ValuesOperator extends Operator {
  private final List<? extends List<? extends RexNode>> rows;
  private @Nullable VectorBatch batch;
  private int nextRow;

  public ValuesOperator(List<ColumnType> types, List<? extends List<? extends RexNode>> rows) {
    super(types);
    this.rows = rows;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    batch = VectorBatch.create(types(), Math.min(rows.size(), context.batchRows()));
    nextRow = 0;
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch output = batch;
    if (output == null || nextRow == rows.size()) {
      return null;
    }
    int count = Math.min(rows.size() - nextRow, context().batchRows());
    output.reset(count);
    ExpressionCompiler compiler = new ExpressionCompiler(List.of(), context().evaluation());
    for (int i = 0; i < count; i++) {
      List<? extends RexNode> row = rows.get(nextRow++);
      for (int column = 0; column < row.size(); column++) {
        Object value = compiler.constant(types().get(column), row.get(column));
        output.column(column).setObject(i, value);
      }
    }
    output.setRowCount(count);
    return output;
  }

  @Override
  public void close() {
    batch = null;
  }
}
