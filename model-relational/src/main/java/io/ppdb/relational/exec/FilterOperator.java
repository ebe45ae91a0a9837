package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.vector.VectorBatch;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Keeps the rows for which a condition is true, by narrowing the selection of each batch. */
public final class FilterOperator extends Operator {
  private final Operator input;
  private final RexNode condition;
  private @Nullable VectorPredicate predicate;
  private int[] selection = {};

  public FilterOperator(Operator input, RexNode condition) {
    super(input.types());
    this.input = input;
    this.condition = condition;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    predicate =
        new ExpressionCompiler(input.types(), context.evaluation()).compilePredicate(condition);
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch batch = input.next();
    if (batch == null || predicate == null) {
      return null;
    }
    if (selection.length < batch.size()) {
      selection = new int[Math.max(batch.size(), 2 * selection.length)];
    }
    int count = predicate.select(batch, batch.selection(), batch.size(), selection);
    if (count < batch.size()) {
      batch.setSelection(selection, count);
    }
    return batch;
  }

  @Override
  public void close() {
    input.close();
  }
}
