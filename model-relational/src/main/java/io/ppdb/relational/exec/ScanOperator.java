package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A leaf: rows of a {@link BatchSource}, opened with the operator. */
public final class ScanOperator extends Operator {
  private final BatchSource.Factory factory;
  private @Nullable BatchSource source;
  private @Nullable VectorBatch batch;
  private boolean exhausted;

  public ScanOperator(List<ColumnType> types, BatchSource.Factory factory) {
    super(types);
    this.factory = factory;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    source = factory.open(context);
    batch = VectorBatch.create(types(), context.batchRows());
    exhausted = false;
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    if (exhausted || source == null || batch == null) {
      return null;
    }
    int rowCount = context().batchRows();
    batch.reset(rowCount);
    exhausted = !source.fill(batch, rowCount);
    return batch;
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
      source = null;
    }
    batch = null;
  }
}
