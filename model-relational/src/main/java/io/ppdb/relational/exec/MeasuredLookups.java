package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** Counts what lookups find and read, each left row being a loop: EXPLAIN ANALYZE. */
public final class MeasuredLookups implements LookupSource {
  private final LookupSource source;
  private final NodeMeasurement counts;

  private MeasuredLookups(LookupSource source, NodeMeasurement counts) {
    this.source = source;
    this.counts = counts;
  }

  /** {@code factory}, measured as {@code node} where the execution is measured. */
  public static LookupSource.Factory measured(LookupSource.Factory factory, Object node) {
    return context -> {
      PlanMeasurement measurement = context.measurement();
      if (measurement == null) {
        return factory.open(context);
      }
      NodeMeasurement counts = measurement.of(node);
      return new MeasuredLookups(factory.open(context.measuredBy(counts)), counts);
    };
  }

  @Override
  public void add(int leftPosition) {
    counts.addLoop();
    source.add(leftPosition);
  }

  @Override
  public @Nullable VectorBatch next() {
    long start = System.nanoTime();
    VectorBatch batch = source.next();
    counts.addNanos(System.nanoTime() - start);
    if (batch != null) {
      counts.addBatch(batch.size());
    }
    return batch;
  }

  @Override
  public int[] leftPositions() {
    return source.leftPositions();
  }

  @Override
  public void close() {
    source.close();
  }
}
