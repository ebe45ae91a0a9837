package io.ppdb.relational.exec;

import io.ppdb.relational.spi.RowLocker;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Locks rows of tables, and drops those that are locked by others and to be skipped. */
public final class LockRowsOperator extends Operator {
  private final Operator input;
  private final List<Lock> locks;
  private final boolean oneByOne;
  private final RowLocker[] lockers;
  private final VectorBatch[] keys;
  private @Nullable VectorBatch batch;
  private int[] positions = {};
  private int count;
  private int next;

  /**
   * The rows of one table.
   *
   * @param columns the columns of the input that are its primary key
   */
  public record Lock(int[] columns, Function<ExecutionContext, RowLocker> opening) {}

  /**
   * @param oneByOne whether a batch has one row only: for a reader who may stop after any, so that
   *     no row is locked that he does not read
   */
  public LockRowsOperator(Operator input, List<Lock> locks, boolean oneByOne) {
    super(input.types());
    this.input = input;
    this.locks = locks;
    this.oneByOne = oneByOne;
    this.lockers = new RowLocker[locks.size()];
    this.keys = new VectorBatch[locks.size()];
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    for (int i = 0; i < lockers.length; i++) {
      lockers[i] = locks.get(i).opening.apply(context);
    }
    input.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    VectorBatch rows = batch;
    if (rows == null || next == count) {
      rows = read();
      if (rows == null) {
        return null;
      }
    }
    int[] locked = oneByOne ? new int[1] : new int[count];
    int lockedCount = 0;
    while (next < count && lockedCount < locked.length) {
      int position = positions[next++];
      if (isLocked(position)) {
        locked[lockedCount++] = position;
      }
    }
    rows.setSelection(locked, lockedCount);
    return rows;
  }

  private @Nullable VectorBatch read() {
    VectorBatch rows = input.next();
    batch = rows;
    next = 0;
    count = 0;
    if (rows == null) {
      return null;
    }
    count = rows.size();
    positions = new int[count];
    Arrays.setAll(positions, rows::position);
    for (int i = 0; i < keys.length; i++) {
      int[] columns = locks.get(i).columns;
      Vector[] vectors = new Vector[columns.length];
      Arrays.setAll(vectors, column -> rows.column(columns[column]));
      keys[i] = new VectorBatch(vectors);
    }
    return rows;
  }

  private boolean isLocked(int position) {
    for (int i = 0; i < lockers.length; i++) {
      if (!lockers[i].lock(keys[i], position)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    input.close();
  }
}
