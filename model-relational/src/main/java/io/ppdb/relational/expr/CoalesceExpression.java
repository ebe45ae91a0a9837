package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** COALESCE: each argument is evaluated for the rows where all before it were NULL. */
final class CoalesceExpression extends VectorExpression {
  private final VectorExpression[] arguments;
  private final Vector result;
  private int[] remaining = {};

  CoalesceExpression(ColumnType type, VectorExpression... arguments) {
    super(type);
    this.arguments = arguments;
    this.result = Vector.create(type, 0);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    result.reset(batch.rowCount());
    remaining = Selections.ensure(remaining, count);
    Selections.fill(selection, count, remaining);
    int remainingCount = count;
    for (VectorExpression argument : arguments) {
      Vector value = argument.evaluate(batch, remaining, remainingCount);
      result.assign(value, remaining, remainingCount);
      boolean[] nulls = value.nulls();
      if (nulls == null) {
        return result;
      }
      int stillNull = 0;
      for (int i = 0; i < remainingCount; i++) {
        remaining[stillNull] = remaining[i];
        stillNull += nulls[remaining[i]] ? 1 : 0;
      }
      remainingCount = stillNull;
      if (remainingCount == 0) {
        return result;
      }
    }
    return result;
  }
}
