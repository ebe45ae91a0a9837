package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;

/**
 * Where a scan gets rows from: storage decodes them straight into the scan's vectors.
 *
 * <p>Used by one thread.
 */
public interface BatchSource extends AutoCloseable {
  /**
   * Fills {@code batch}, which was reset for {@code rowCount} rows, from position 0 with up to that
   * many rows and declares their number with {@link VectorBatch#setRowCount}; it may also set a
   * selection, or replace vectors by its own of the same type.
   *
   * @return whether there may be more rows after these; a batch without rows is not the end
   */
  boolean fill(VectorBatch batch, int rowCount);

  /** No more rows than this will come; what vectors are made for. */
  default int maxRows() {
    return Integer.MAX_VALUE;
  }

  @Override
  void close();

  /** Opens a source when the scan opens. */
  @FunctionalInterface
  interface Factory {
    BatchSource open(ExecutionContext context);
  }
}
