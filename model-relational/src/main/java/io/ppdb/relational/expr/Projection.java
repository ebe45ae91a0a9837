package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several expressions over the same rows, compiled together so that they share common parts. */
public final class Projection {
  private final VectorExpression[] expressions;
  private final SharedExpression[] shared;

  Projection(List<VectorExpression> expressions, List<SharedExpression> shared) {
    this.expressions = expressions.toArray(VectorExpression[]::new);
    this.shared = shared.toArray(SharedExpression[]::new);
  }

  public List<ColumnType> types() {
    return java.util.Arrays.stream(expressions).map(VectorExpression::type).toList();
  }

  public int size() {
    return expressions.length;
  }

  /**
   * Evaluates all expressions for the selected rows of {@code batch}.
   *
   * @param output receives one vector for each expression; they are valid until the next call
   */
  public void evaluate(VectorBatch batch, int @Nullable [] selection, int count, Vector[] output) {
    for (SharedExpression expression : shared) {
      expression.invalidate();
    }
    for (int i = 0; i < expressions.length; i++) {
      output[i] = expressions[i].evaluate(batch, selection, count);
    }
  }
}
