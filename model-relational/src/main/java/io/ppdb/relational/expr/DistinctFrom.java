package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** IS [NOT] DISTINCT FROM: comparison in which NULL equals NULL; the result is never NULL. */
final class DistinctFrom extends VectorExpression {
  private final VectorExpression left;
  private final VectorExpression right;
  private final boolean ofDistinct;
  private final BooleanVector result = new BooleanVector(ColumnType.BOOLEAN, 0);

  /**
   * @param ofDistinct the result where the operands differ
   */
  DistinctFrom(VectorExpression left, VectorExpression right, boolean ofDistinct) {
    super(ColumnType.BOOLEAN);
    this.left = left;
    this.right = right;
    this.ofDistinct = ofDistinct;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    Vector a = left.evaluate(batch, selection, count);
    Vector b = right.evaluate(batch, selection, count);
    result.reset(batch.rowCount());
    boolean[] out = result.values();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      boolean nullA = a.isNull(position);
      boolean nullB = b.isNull(position);
      boolean distinct =
          (nullA || nullB) ? nullA != nullB : Comparison.compare(a, position, b, position) != 0;
      out[position] = distinct == ofDistinct;
    }
    return result;
  }
}
