package io.ppdb.relational.spi;

import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Rows given as Java objects of the classes that {@link io.ppdb.relational.vector.Values} names:
 * for results that are small or come row by row anyway.
 */
public final class RowListSource implements BatchSource {
  private final Iterator<@Nullable Object[]> rows;
  private final int[] columns;

  /**
   * @param columns which elements of a row the batches hold, in this order
   */
  public RowListSource(Iterator<@Nullable Object[]> rows, int[] columns) {
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    int count = 0;
    while (count < rowCount && rows.hasNext()) {
      @Nullable Object[] row = rows.next();
      for (int i = 0; i < columns.length; i++) {
        batch.column(i).setObject(count, row[columns[i]]);
      }
      count++;
    }
    batch.setRowCount(count);
    return count == rowCount;
  }

  @Override
  public void close() {}
}
