package io.ppdb.relational.expr;

import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** The general predicate: computes a boolean expression and keeps the rows where it is true. */
final class ExpressionPredicate extends VectorPredicate {
  private final VectorExpression condition;

  ExpressionPredicate(VectorExpression condition) {
    this.condition = condition;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    BooleanVector truth = (BooleanVector) condition.evaluate(batch, selection, count);
    boolean[] values = truth.values();
    boolean[] nulls = truth.nulls();
    int selected = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      output[selected] = position;
      if (values[position] && (nulls == null || !nulls[position])) {
        selected++;
      }
    }
    return selected;
  }
}
