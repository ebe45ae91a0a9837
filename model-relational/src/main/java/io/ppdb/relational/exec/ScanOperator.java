package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leaf: rows of a {@link BatchSource}, opened with the operator. Its first batch is small, and
 * the next ones grow: most scans of short transactions are over by then.
 */
public final class ScanOperator extends Operator {
  private static final int FIRST_ROWS = 128;
  private static final int GROWTH = 4;

  private final BatchSource.Factory factory;
  private @Nullable BatchSource source;
  private @Nullable VectorBatch batch;
  private boolean exhausted;
  private int nextRows;

  /** Rows after which the reader may stop. */
  private long expectedRows = Long.MAX_VALUE;

  public ScanOperator(List<ColumnType> types, BatchSource.Factory factory) {
    super(types);
    this.factory = factory;
  }

  @Override
  public void expectRows(long rowCount) {
    expectedRows = rowCount;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    BatchSource opened = factory.open(context);
    source = opened;
    int firstRows = Math.min(FIRST_ROWS, context.batchRows());
    long rows = Math.min(firstRows, Math.min(opened.maxRows(), expectedRows));
    nextRows = (int) Math.max(1, rows);
    batch = VectorBatch.create(types(), nextRows);
    exhausted = false;
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    if (exhausted || source == null || batch == null) {
      return null;
    }
    int rowCount = nextRows;
    nextRows = Math.min(GROWTH * rowCount, context().batchRows());
    expectedRows -= rowCount;
    if (expectedRows > 0 && expectedRows < nextRows) {
      nextRows = (int) expectedRows;
    }
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
