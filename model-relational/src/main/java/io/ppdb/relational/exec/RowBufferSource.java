package io.ppdb.relational.exec;

import io.ppdb.relational.vector.VectorBatch;

/** Columns of rows that are in memory. */
public final class RowBufferSource implements BatchSource {
  private final RowBuffer rows;
  private final int[] columns;
  private int next;

  /**
   * A source of {@code rows}.
   *
   * @param columns which of their columns batches have, in this order
   */
  public RowBufferSource(RowBuffer rows, int[] columns) {
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    int count = Math.min(rowCount, rows.rowCount() - next);
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = next + i;
    }
    for (int i = 0; i < columns.length; i++) {
      batch.column(i).copy(rows.columns()[columns[i]], positions, count, 0);
    }
    batch.setRowCount(count);
    next += count;
    return next < rows.rowCount();
  }

  @Override
  public void close() {}
}
