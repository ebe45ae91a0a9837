package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Counts what comes out of an operator, how long it takes, and what it reads: EXPLAIN ANALYZE. */
public final class MeasuredOperator extends Operator {
  private final Operator operator;
  private final NodeMeasurement counts;

  public MeasuredOperator(Operator operator, NodeMeasurement counts) {
    super(operator.types());
    this.operator = operator;
    this.counts = counts;
  }

  @Override
  public void expectRows(long rowCount) {
    operator.expectRows(rowCount);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    counts.addLoop();
    long start = System.nanoTime();
    operator.open(context.measuredBy(counts));
    counts.addNanos(System.nanoTime() - start);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    long start = System.nanoTime();
    VectorBatch batch = operator.next();
    counts.addNanos(System.nanoTime() - start);
    if (batch != null) {
      counts.addBatch(batch.size());
    }
    return batch;
  }

  @Override
  public void close() {
    operator.close();
  }
}
