package io.ppdb.relational.exec;

import io.ppdb.relational.expr.Comparison;
import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a merge join's right side that may match the left rows to come: a group of rows with
 * equal keys, and what was read behind it.
 *
 * <p>Rows with a NULL in a key are passed over. A group that is larger than what an operator may
 * hold goes to a temporary file, which is read for each batch of left rows that match. Used by one
 * thread.
 */
final class MergeWindow implements AutoCloseable {
  private final Operator right;
  private final JoinKeys joinKeys;
  private final JoinKeys groupJoinKeys;
  private final boolean[] descending;
  private final ExecutionContext context;
  private final MemoryAccount memory;

  private RowBuffer rows;
  private Vector[] keys = {};

  /** The first row of the group that is looked at. */
  private int start;

  /** Behind its last row; 0 if that is not known yet. */
  private int groupEnd;

  /** Rows before this one are known to be of the group. */
  private int equalEnd;

  private boolean rightEnded;
  private @Nullable BatchFile spilled;
  private Vector[] spilledKeys = {};

  /**
   * @param joinKeys computes the keys of the rows
   * @param groupJoinKeys computes those of one row, which are kept meanwhile
   * @param descending for each key whether both sides come in descending order of it
   */
  MergeWindow(
      Operator right,
      JoinKeys joinKeys,
      JoinKeys groupJoinKeys,
      boolean[] descending,
      ExecutionContext context) {
    this.right = right;
    this.joinKeys = joinKeys;
    this.groupJoinKeys = groupJoinKeys;
    this.descending = descending;
    this.context = context;
    this.memory = new MemoryAccount(context.memory(), "merge join");
    this.rows = new RowBuffer(right.types());
  }

  /** Whether the row that is looked at is in memory, or there is none: then there are no more. */
  boolean isReady() {
    skipNulls();
    return spilled != null || start < rows.rowCount() || rightEnded;
  }

  /** Whether no row is left that a row to come could match. */
  boolean isExhausted() {
    return isReady() && spilled == null && start == rows.rowCount();
  }

  /** Reads on; what was read before the row that is looked at is gone. */
  void readOn() {
    VectorBatch batch = right.next();
    if (batch == null) {
      rightEnded = true;
      right.close();
      return;
    }
    dropPassed();
    append(batch);
  }

  private void skipNulls() {
    while (start < rows.rowCount() && hasNull(keys, start)) {
      start++;
      groupEnd = 0;
      equalEnd = 0;
    }
  }

  private void dropPassed() {
    if (start == 0) {
      return;
    }
    int count = rows.rowCount() - start;
    int[] kept = new int[count];
    for (int i = 0; i < count; i++) {
      kept[i] = start + i;
    }
    rows = rows.retain(kept, count);
    equalEnd = Math.max(0, equalEnd - start);
    start = 0;
    groupEnd = 0;
    computeKeys();
  }

  private void append(VectorBatch batch) {
    rows.append(batch);
    memory.resize(rows.sizeInBytes());
    computeKeys();
  }

  /** Costs something only for keys of another type than on the left. */
  private void computeKeys() {
    VectorBatch all = new VectorBatch(rows.columns());
    all.setRowCount(rows.rowCount());
    keys = joinKeys.ofRight(all);
  }

  /**
   * The sign of a left row against the row that is looked at; negative if there is none.
   *
   * @param leftKeys of the left row at {@code position}, none NULL
   */
  int compare(Vector[] leftKeys, int position) {
    if (spilled != null) {
      return compare(leftKeys, position, spilledKeys, 0);
    }
    return start == rows.rowCount() ? -1 : compare(leftKeys, position, keys, start);
  }

  /** Looks at the row behind the one that is looked at, or behind its group if that is known. */
  void advance() {
    if (spilled != null) {
      spilled.close();
      spilled = null;
      return;
    }
    start = Math.max(start + 1, groupEnd);
    groupEnd = 0;
    equalEnd = 0;
  }

  /** Whether the whole group of the row that is looked at is in memory, or in a file. */
  boolean isGroupComplete() {
    if (spilled != null || groupEnd > 0) {
      return true;
    }
    int end = Math.max(start + 1, equalEnd);
    while (end < rows.rowCount() && !hasNull(keys, end) && compare(keys, start, keys, end) == 0) {
      end++;
    }
    equalEnd = end;
    if (end == rows.rowCount() && !rightEnded) {
      return false;
    }
    groupEnd = end;
    return true;
  }

  /** Reads more of a group that is not complete; positions of rows change. */
  void readGroup() {
    dropPassed();
    TemporaryFiles files = context.filesFor(rows.sizeInBytes());
    if (files == null) {
      readOn();
    } else {
      spill(files);
    }
  }

  /** Puts all rows of the group into a file; what comes behind them stays in memory. */
  private void spill(TemporaryFiles files) {
    RowBuffer first = rows.retain(new int[] {0}, 1);
    VectorBatch firstRow = new VectorBatch(first.columns());
    firstRow.setRowCount(1);
    spilledKeys = groupJoinKeys.ofRight(firstRow);
    BatchFile file = files.create(right.types());
    spilled = file;
    appendTo(file, rows);
    rows = new RowBuffer(right.types());
    groupEnd = 0;
    equalEnd = 0;
    VectorBatch batch;
    while ((batch = right.next()) != null) {
      Vector[] batchKeys = joinKeys.ofRight(batch);
      int count = 0;
      while (count < batch.size() && isOfSpilled(batchKeys, batch.position(count))) {
        count++;
      }
      int[] rest = new int[batch.size() - count];
      int[] group = new int[count];
      for (int i = 0; i < batch.size(); i++) {
        if (i < count) {
          group[i] = batch.position(i);
        } else {
          rest[i - count] = batch.position(i);
        }
      }
      batch.setSelection(group, count);
      file.append(batch);
      if (rest.length > 0) {
        batch.setSelection(rest, rest.length);
        append(batch);
        break;
      }
      memory.resize(file.bufferBytes());
    }
    if (batch == null) {
      rightEnded = true;
      right.close();
      memory.resize(file.bufferBytes());
    }
  }

  private boolean isOfSpilled(Vector[] batchKeys, int position) {
    return !hasNull(batchKeys, position) && compare(batchKeys, position, spilledKeys, 0) == 0;
  }

  private void appendTo(BatchFile file, RowBuffer all) {
    VectorBatch block = VectorBatch.create(right.types(), VectorBatch.DEFAULT_ROWS);
    int[] positions = new int[VectorBatch.DEFAULT_ROWS];
    for (int from = 0; from < all.rowCount(); from += positions.length) {
      context.checkCancelled();
      int count = Math.min(positions.length, all.rowCount() - from);
      for (int i = 0; i < count; i++) {
        positions[i] = from + i;
      }
      block.reset(count);
      all.gather(positions, count, block, 0);
      block.setRowCount(count);
      file.append(block);
    }
  }

  /** The file that holds the group of the row that is looked at; null if it is in memory. */
  @Nullable BatchFile spilledGroup() {
    return spilled;
  }

  int groupStart() {
    return start;
  }

  int groupEnd() {
    return groupEnd;
  }

  Vector[] columns() {
    return rows.columns();
  }

  static boolean hasNull(Vector[] keys, int position) {
    for (Vector key : keys) {
      if (key.isNull(position)) {
        return true;
      }
    }
    return false;
  }

  /** The sign by which two rows are in the order of the keys, none of which is NULL. */
  int compare(Vector[] leftKeys, int left, Vector[] rightKeys, int rightPosition) {
    for (int i = 0; i < leftKeys.length; i++) {
      int sign = Comparison.compare(leftKeys[i], left, rightKeys[i], rightPosition);
      if (sign != 0) {
        return descending[i] ? -sign : sign;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
      spilled = null;
    }
    rows = new RowBuffer(right.types());
    keys = new Vector[0];
    start = 0;
    groupEnd = 0;
    rightEnded = true;
    memory.release();
  }
}
