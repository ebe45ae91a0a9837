package io.ppdb.database.session;

import io.ppdb.jdbc.session.RowBatch;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The live rows of a vector batch as the session shows them, without copying. One object serves all
 * batches of a result. Not thread-safe.
 */
final class VectorRowBatch implements RowBatch {
  private Vector[] columns = {};
  private int @Nullable [] selection;
  private int rowCount;

  /** Shows {@code batch}, at most {@code maxRows} rows of it. */
  VectorRowBatch show(VectorBatch batch, long maxRows) {
    columns = batch.columns();
    selection = batch.selection();
    rowCount = (int) Math.min(batch.size(), maxRows);
    return this;
  }

  private int position(int row) {
    int[] live = selection;
    return live == null ? row : live[row];
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public boolean isNull(int column, int row) {
    return columns[column].isNull(position(row));
  }

  @Override
  public boolean getBoolean(int column, int row) {
    return ((BooleanVector) columns[column]).get(position(row));
  }

  @Override
  public long getLong(int column, int row) {
    return columns[column] instanceof IntVector ints
        ? ints.get(position(row))
        : ((LongVector) columns[column]).get(position(row));
  }

  @Override
  public double getDouble(int column, int row) {
    return ((DoubleVector) columns[column]).get(position(row));
  }

  @Override
  public @Nullable Object getObject(int column, int row) {
    return TypeMapping.toSession(columns[column].getObject(position(row)));
  }
}
