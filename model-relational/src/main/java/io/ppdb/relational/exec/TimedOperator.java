package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The root of a plan that may take a limited time: what its reader does between two batches does
 * not count.
 */
public final class TimedOperator extends Operator {
  private final Operator operator;
  private final Cancellation cancellation;

  public TimedOperator(Operator operator, Cancellation cancellation) {
    super(operator.types());
    this.operator = operator;
    this.cancellation = cancellation;
  }

  @Override
  public void expectRows(long rowCount) {
    operator.expectRows(rowCount);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    operator.open(context);
    cancellation.pause();
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    cancellation.resume();
    try {
      return operator.next();
    } finally {
      cancellation.pause();
    }
  }

  @Override
  public void close() {
    operator.close();
  }
}
