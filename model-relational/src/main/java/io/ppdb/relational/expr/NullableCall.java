package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** A call that is computed also where arguments are NULL: its function looks at them itself. */
final class NullableCall extends VectorExpression {
  private final RowKernel kernel;
  private final EvaluationContext context;
  private final VectorExpression[] arguments;
  private final Vector[] values;
  private final Vector result;

  NullableCall(
      ColumnType type,
      EvaluationContext context,
      RowFunction function,
      VectorExpression... arguments) {
    super(type);
    this.kernel = new RowKernel(function);
    this.context = context;
    this.arguments = arguments;
    this.values = new Vector[arguments.length];
    this.result = Vector.create(type, 0);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    for (int i = 0; i < arguments.length; i++) {
      values[i] = arguments[i].evaluate(batch, selection, count);
    }
    result.reset(batch.rowCount());
    kernel.compute(values, selection, count, result, context);
    return result;
  }
}
