package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Projection;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Computes one column for each expression; plain column references cost nothing. */
public final class ProjectOperator extends Operator {
  private final Operator input;
  private final List<RexNode> expressions;
  private final VectorBatch output;
  private @Nullable Projection projection;

  /**
   * @param types the types of the expressions
   */
  public ProjectOperator(
      Operator input, List<? extends RexNode> expressions, List<ColumnType> types) {
    super(types);
    this.input = input;
    this.expressions = List.copyOf(expressions);
    this.output = new VectorBatch(new Vector[expressions.size()]);
  }

  @Override
  public void expectRows(long rowCount) {
    input.expectRows(rowCount);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    projection =
        new ExpressionCompiler(input.types(), context.evaluation()).compileAll(expressions);
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch batch = input.next();
    if (batch == null || projection == null) {
      return null;
    }
    projection.evaluate(batch, batch.selection(), batch.size(), output.columns());
    output.setRowCount(batch.rowCount());
    output.setSelection(batch.selection(), batch.size());
    return output;
  }

  @Override
  public void close() {
    input.close();
  }
}
