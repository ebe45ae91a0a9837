package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorExpression;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the columns of its input other types: what set operations do to make branches agree. */
final class CastOperator extends Operator {
  private final Operator input;
  private final VectorBatch output;
  private final List<VectorExpression> expressions = new ArrayList<>();

  private CastOperator(List<ColumnType> types, Operator input) {
    super(types);
    this.input = input;
    this.output = new VectorBatch(new Vector[types.size()]);
  }

  /** {@code input} itself if it has these types already. */
  static Operator to(List<ColumnType> types, Operator input) {
    return input.types().equals(types) ? input : new CastOperator(types, input);
  }

  @Override
  public void expectRows(long rowCount) {
    input.expectRows(rowCount);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    expressions.clear();
    ExpressionCompiler compiler = new ExpressionCompiler(input.types(), context.evaluation());
    for (int i = 0; i < types().size(); i++) {
      expressions.add(compiler.column(i, types().get(i)));
    }
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch batch = input.next();
    if (batch == null) {
      return null;
    }
    for (int i = 0; i < expressions.size(); i++) {
      output.columns()[i] = expressions.get(i).evaluate(batch, batch.selection(), batch.size());
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
