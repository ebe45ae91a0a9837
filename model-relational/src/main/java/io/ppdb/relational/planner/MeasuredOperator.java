package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Counts the rows of an operator and the time they take, inputs included: EXPLAIN ANALYZE. */
final class MeasuredOperator extends Operator {
  private final Operator operator;
  private long rowCount;
  private long nanos;

  MeasuredOperator(Operator operator) {
    super(operator.types());
    this.operator = operator;
  }

  long rowCount() {
    return rowCount;
  }

  long nanos() {
    return nanos;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    long start = System.nanoTime();
    operator.open(context);
    nanos += System.nanoTime() - start;
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    long start = System.nanoTime();
    VectorBatch batch = operator.next();
    nanos += System.nanoTime() - start;
    rowCount += batch == null ? 0 : batch.size();
    return batch;
  }

  @Override
  public void close() {
    operator.close();
  }
}
