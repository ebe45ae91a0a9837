package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * A call that is NULL where any argument is: its kernel only sees rows without NULLs, so it needs
 * no null checks and cannot fail on the leftovers that lie at NULL positions.
 */
final class StrictCall extends VectorExpression {
  private final VectorExpression[] arguments;
  private final Kernel kernel;
  private final EvaluationContext context;
  private final Vector[] values;
  private final Vector result;
  private int[] live = {};

  StrictCall(
      ColumnType type, EvaluationContext context, Kernel kernel, VectorExpression... arguments) {
    super(type);
    this.arguments = arguments;
    this.kernel = kernel;
    this.context = context;
    this.values = new Vector[arguments.length];
    this.result = Vector.create(type, 0);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    boolean anyNulls = false;
    for (int i = 0; i < arguments.length; i++) {
      values[i] = arguments[i].evaluate(batch, selection, count);
      anyNulls |= values[i].hasNulls();
    }
    result.reset(batch.rowCount());
    if (anyNulls) {
      int liveCount = withoutNulls(batch, selection, count); // may replace the array
      kernel.compute(values, live, liveCount, result, context);
    } else {
      kernel.compute(values, selection, count, result, context);
    }
    return result;
  }

  /** Marks rows with a NULL argument in the result and collects the others in {@link #live}. */
  private int withoutNulls(VectorBatch batch, int @Nullable [] selection, int count) {
    if (live.length < batch.rowCount()) {
      live = new int[batch.rowCount()];
    }
    boolean[] resultNulls = result.nullsForWriting();
    for (Vector value : values) {
      boolean[] nulls = value.nulls();
      if (nulls != null) {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          resultNulls[position] |= nulls[position];
        }
      }
    }
    int liveCount = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      live[liveCount] = position;
      liveCount += resultNulls[position] ? 0 : 1;
    }
    return liveCount;
  }
}
