package io.ppdb.relational.expr;

import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * A sub-expression that occurs more than once among the expressions of one operator: computed once
 * a batch. All occurrences are evaluated for the same rows; those inside CASE, AND and OR, which
 * are not, do not share.
 */
final class SharedExpression extends VectorExpression {
  private final VectorExpression expression;
  private @Nullable Vector value;

  SharedExpression(VectorExpression expression) {
    super(expression.type());
    this.expression = expression;
  }

  /** Forgets the value; called before each batch. */
  void invalidate() {
    value = null;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    Vector known = value;
    if (known == null) {
      known = expression.evaluate(batch, selection, count);
      value = known;
    }
    return known;
  }
}
