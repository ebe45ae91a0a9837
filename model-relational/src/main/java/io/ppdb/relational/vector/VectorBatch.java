package io.ppdb.relational.vector;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to {@value #MAX_ROWS} rows: columns of equal row count and, if rows were filtered out, a
 * selection vector that names the live positions in ascending order.
 *
 * <p>Filters only change the selection; column values stay where they are. A batch and its vectors
 * belong to the operator that returned it and are valid until that operator's next call. Not
 * thread-safe.
 */
public final class VectorBatch {
  /** Rows that producers put into a batch unless they have reason for less. */
  public static final int DEFAULT_ROWS = 2048;

  /** Most rows that a batch may have. */
  public static final int MAX_ROWS = 4096;

  private final Vector[] columns;
  private int rowCount;
  private int @Nullable [] selection;
  private int selectedCount;

  public VectorBatch(Vector... columns) {
    this.columns = columns;
  }

  /** An empty batch with a vector for each of {@code types}. */
  public static VectorBatch create(List<ColumnType> types, int capacity) {
    Vector[] columns = new Vector[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Vector.create(types.get(i), capacity);
    }
    return new VectorBatch(columns);
  }

  /** The columns; operators that only pass columns on replace elements of this array. */
  public Vector[] columns() {
    return columns;
  }

  public Vector column(int index) {
    return columns[index];
  }

  public int columnCount() {
    return columns.length;
  }

  /** Positions that the columns hold, filtered out ones included. */
  public int rowCount() {
    return rowCount;
  }

  /** The live positions, ascending, or null if all {@link #rowCount()} are live. */
  public int @Nullable [] selection() {
    return selection;
  }

  /** How many rows are live. */
  public int size() {
    return selectedCount;
  }

  /** The position in the columns of live row {@code row}. */
  public int position(int row) {
    return selection == null ? row : selection[row];
  }

  /** Declares {@code count} rows, all live. */
  public void setRowCount(int count) {
    rowCount = count;
    selectedCount = count;
    selection = null;
  }

  /** Declares the rows at {@code positions[0..count)} the live ones; the array is not copied. */
  public void setSelection(int @Nullable [] positions, int count) {
    selection = positions;
    selectedCount = count;
  }

  /** Resets all columns for {@code capacity} new rows and declares the batch empty. */
  public void reset(int capacity) {
    for (Vector column : columns) {
      column.reset(capacity);
    }
    setRowCount(0);
  }
}
