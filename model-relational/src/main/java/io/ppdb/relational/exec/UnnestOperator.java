package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.ArrayCodec;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row for each element of the arrays in a row of the input: their first elements, their second
 * ones, and so on, NULL where an array has no more; then the number of the row, if asked for.
 */
public final class UnnestOperator extends Operator {
  private final Operator input;
  private final boolean withOrdinality;
  private final VectorBatch output;
  private @Nullable VectorBatch batch;
  private int row;

  /** The elements of the current row's arrays, of which {@code given} were given out. */
  private Vector[] elements = {};

  private int[] counts = {};
  private int longest;
  private int given;

  /**
   * @param types those of the elements of the input's columns, and integer for the ordinality
   */
  public UnnestOperator(Operator input, List<ColumnType> types, boolean withOrdinality) {
    super(types);
    this.input = input;
    this.withOrdinality = withOrdinality;
    this.output = VectorBatch.create(types, 0);
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    output.reset(VectorBatch.DEFAULT_ROWS);
    int count = 0;
    while (count < VectorBatch.DEFAULT_ROWS) {
      if (given == longest && !nextRow()) {
        break;
      }
      int room = Math.min(VectorBatch.DEFAULT_ROWS - count, longest - given);
      give(count, room);
      count += room;
    }
    output.setRowCount(count);
    return count == 0 ? null : output;
  }

  /** Takes the arrays of the next row of the input; false at the end. */
  private boolean nextRow() {
    if (batch == null || row == batch.size()) {
      batch = input.next();
      row = 0;
      if (batch == null) {
        return false;
      }
    }
    int position = batch.position(row++);
    int columnCount = batch.columnCount();
    elements = new Vector[columnCount];
    counts = new int[columnCount];
    longest = 0;
    given = 0;
    for (int i = 0; i < columnCount; i++) {
      BytesVector arrays = (BytesVector) batch.column(i);
      if (arrays.isNull(position)) {
        elements[i] = Vector.create(arrays.type().elementType(), 0);
      } else {
        elements[i] = ArrayCodec.elements(arrays, position);
        counts[i] = ArrayCodec.count(arrays, position);
        longest = Math.max(longest, counts[i]);
      }
    }
    return true;
  }

  private void give(int at, int count) {
    int[] positions = new int[count];
    for (int column = 0; column < elements.length; column++) {
      for (int i = 0; i < count; i++) {
        positions[i] = given + i < counts[column] ? given + i : -1;
      }
      output.column(column).copy(elements[column], positions, count, at);
    }
    if (withOrdinality) {
      IntVector numbers = (IntVector) output.column(elements.length);
      for (int i = 0; i < count; i++) {
        numbers.set(at + i, given + i + 1);
      }
    }
    given += count;
  }

  @Override
  public void close() {
    input.close();
  }
}
