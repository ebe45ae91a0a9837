package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;

/** Rows kept in memory, column by column, in the order they came. */
public final class RowBuffer {
  private final List<ColumnType> types;
  private final Vector[] columns;
  private int rowCount;

  public RowBuffer(List<ColumnType> types) {
    this.types = types;
    this.columns = VectorBatch.create(types, 0).columns();
  }

  /** Appends the live rows of {@code batch}. */
  public void append(VectorBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].copy(batch.column(i), batch.selection(), batch.size(), rowCount);
    }
    rowCount += batch.size();
  }

  /** A buffer that holds only the rows at {@code positions[0..count)}, in that order. */
  RowBuffer retain(int[] positions, int count) {
    RowBuffer retained = new RowBuffer(types);
    for (int i = 0; i < columns.length; i++) {
      retained.columns[i].copy(columns[i], positions, count, 0);
    }
    retained.rowCount = count;
    return retained;
  }

  /**
   * Copies the rows at {@code positions[0..count)} into columns {@code firstColumn} and up of
   * {@code batch}, which were reset; a negative position gives a row of NULLs.
   */
  void gather(int[] positions, int count, VectorBatch batch, int firstColumn) {
    for (int i = 0; i < columns.length; i++) {
      batch.column(firstColumn + i).copy(columns[i], positions, count, 0);
    }
  }

  Vector[] columns() {
    return columns;
  }

  public int rowCount() {
    return rowCount;
  }

  public long sizeInBytes() {
    long bytes = 0;
    for (Vector column : columns) {
      bytes += column.sizeInBytes();
    }
    return bytes;
  }
}
