package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.spill.BatchFile;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Joins two inputs that come in the order of their keys, reading each of them once.
 *
 * <p>Rows come in the order of the left side's keys, save for LEFT with a condition, where left
 * rows without a match come behind the pairs of their batch. Of the right side the rows of one key
 * are held ({@link MergeWindow}).
 */
public final class MergeJoinOperator extends Operator {
  private final Operator left;
  private final Operator right;
  private final JoinKind kind;
  private final List<Integer> leftKeys;
  private final List<Integer> rightKeys;
  private final boolean[] descending;
  private final @Nullable RexNode condition;

  private @Nullable MergeWindow window;
  private @Nullable JoinKeys keys;
  private @Nullable VectorPredicate predicate;
  private @Nullable VectorBatch joined;

  private @Nullable VectorBatch leftBatch;
  private Vector[] leftKeyColumns = {};
  private boolean[] leftMatched = {};

  /** The live row of the left batch that comes next. */
  private int leftRow;

  /** The next right row of its group; negative if none has been taken. */
  private int rightRow = -1;

  /** Rows of a group in a file, for the left rows from {@code runStart} on. */
  private @Nullable VectorBatch chunk;

  private int runStart;
  private int runEnd;

  private int[] leftPositions = {};
  private int[] rightPositions = {};
  private int[] selection = {};

  /**
   * A join on {@code left[leftKeys[i]] = right[rightKeys[i]]}, NULLs being equal to nothing.
   *
   * @param kind INNER, LEFT, SEMI or ANTI
   * @param descending for each key whether both sides come in descending order of it
   * @param condition what else must hold, over the columns of left and right, or null
   */
  public MergeJoinOperator(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> descending,
      @Nullable RexNode condition) {
    super(JoinOperator.outputTypes(left, right, kind));
    if (kind.keepsUnmatchedRight()) {
      throw new IllegalArgumentException("a merge join cannot be a " + kind + " join");
    }
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.leftKeys = List.copyOf(leftKeys);
    this.rightKeys = List.copyOf(rightKeys);
    this.descending = new boolean[descending.size()];
    for (int i = 0; i < this.descending.length; i++) {
      this.descending[i] = descending.get(i);
    }
    this.condition = condition;
  }

  @Override
  public void expectRows(long rowCount) {
    if (kind == JoinKind.LEFT) {
      left.expectRows(rowCount); // each has a row at least
    }
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    List<ColumnType> pairTypes = new ArrayList<>(left.types());
    pairTypes.addAll(right.types());
    predicate =
        condition == null
            ? null
            : new ExpressionCompiler(pairTypes, context.evaluation()).compilePredicate(condition);
    joined = VectorBatch.create(pairTypes, 0);
    leftPositions = new int[context.batchRows()];
    rightPositions = new int[context.batchRows()];
    selection = new int[VectorBatch.MAX_ROWS];
    keys = joinKeys(context);
    window = new MergeWindow(right, joinKeys(context), joinKeys(context), descending, context);
    leftBatch = null;
    right.open(context);
    left.open(context);
  }

  private JoinKeys joinKeys(ExecutionContext context) {
    return new JoinKeys(left.types(), leftKeys, right.types(), rightKeys, context.evaluation());
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    MergeWindow groups = window;
    JoinKeys computed = keys;
    if (groups == null || computed == null) {
      return null;
    }
    while (true) {
      context().checkCancelled();
      VectorBatch batch = leftBatch;
      if (batch == null) {
        boolean canEnd = kind == JoinKind.INNER || kind == JoinKind.SEMI;
        batch = canEnd && groups.isExhausted() ? null : left.next();
        if (batch == null) {
          return null;
        }
        begin(batch, computed);
      }
      VectorBatch result = nextPairs(batch, groups);
      if (result != null) {
        return result;
      }
      if (chunk == null && leftRow == batch.size()) {
        leftBatch = null;
        result = finishLeft(batch);
        if (result != null) {
          return result;
        }
      }
    }
  }

  private void begin(VectorBatch batch, JoinKeys computed) {
    leftBatch = batch;
    leftKeyColumns = computed.ofLeft(batch);
    leftRow = 0;
    rightRow = -1;
    if (leftMatched.length < batch.rowCount()) {
      leftMatched = new boolean[Math.max(batch.rowCount(), 2 * leftMatched.length)];
    } else {
      Arrays.fill(leftMatched, 0, batch.rowCount(), false);
    }
  }

  /** The next pairs that pass the condition; null if there are none among those looked at. */
  private @Nullable VectorBatch nextPairs(VectorBatch batch, MergeWindow groups) {
    VectorBatch held = chunk;
    if (held != null) {
      int count = collectOfChunk(batch, groups, held);
      return count == 0 ? null : pairs(batch, held.columns(), count);
    }
    int count = collect(batch, groups);
    return count == 0 ? null : pairs(batch, groups.columns(), count);
  }

  /**
   * Fills in the positions of the next pairs, up to the end of the left batch, or to where more of
   * the right side is to be read, and the rows of these pairs would go.
   */
  private int collect(VectorBatch batch, MergeWindow groups) {
    boolean onlyTells = predicate == null && !kind.hasRightColumns();
    int count = 0;
    while (count < leftPositions.length && leftRow < batch.size()) {
      int position = batch.position(leftRow);
      if (rightRow >= 0) {
        leftPositions[count] = position;
        rightPositions[count++] = rightRow++;
        if (rightRow == groups.groupEnd()) {
          rightRow = -1;
          leftRow++;
        }
        continue;
      }
      boolean isNull = MergeWindow.hasNull(leftKeyColumns, position);
      if (!isNull && !groups.isReady()) {
        if (count > 0) {
          return count;
        }
        groups.readOn();
        continue;
      }
      int sign = isNull ? -1 : groups.compare(leftKeyColumns, position);
      if (sign > 0) {
        groups.advance();
      } else if (sign < 0) {
        if (kind == JoinKind.LEFT && predicate == null) {
          leftPositions[count] = position;
          rightPositions[count++] = -1;
        }
        leftRow++;
      } else if (onlyTells) {
        leftMatched[position] = true;
        leftRow++;
      } else if (!groups.isGroupComplete()) {
        if (count > 0) {
          return count;
        }
        groups.readGroup();
      } else if (groups.spilledGroup() == null) {
        rightRow = groups.groupStart();
      } else {
        if (count == 0) {
          beginRun(batch, groups);
        }
        return count;
      }
    }
    return count;
  }

  /** Begins with the left rows that match a group in a file. */
  private void beginRun(VectorBatch batch, MergeWindow groups) {
    runStart = leftRow;
    runEnd = leftRow + 1;
    while (runEnd < batch.size()
        && !MergeWindow.hasNull(leftKeyColumns, batch.position(runEnd))
        && groups.compare(leftKeyColumns, batch.position(runEnd)) == 0) {
      runEnd++;
    }
    BatchFile file = groups.spilledGroup();
    if (file != null) {
      file.rewind();
      readChunk(file, VectorBatch.create(right.types(), 0));
    }
  }

  private void readChunk(BatchFile file, VectorBatch rows) {
    if (file.read(rows)) {
      chunk = rows;
      leftRow = runStart;
      rightRow = 0;
    } else {
      chunk = null;
      leftRow = runEnd;
      rightRow = -1;
    }
  }

  /** The next pairs of the left rows of a run and of {@code rows} of their group. */
  private int collectOfChunk(VectorBatch batch, MergeWindow groups, VectorBatch rows) {
    int count = 0;
    while (count < leftPositions.length && leftRow < runEnd) {
      leftPositions[count] = batch.position(leftRow);
      rightPositions[count++] = rows.position(rightRow++);
      if (rightRow == rows.size()) {
        rightRow = 0;
        leftRow++;
      }
    }
    BatchFile file = groups.spilledGroup();
    if (count == 0 && file != null) {
      readChunk(file, rows);
    }
    return count;
  }

  /** Those of the pairs that pass the condition, as rows; null if there are none. */
  private @Nullable VectorBatch pairs(VectorBatch batch, Vector[] rightColumns, int count) {
    VectorBatch output = joined;
    if (output == null) {
      return null;
    }
    output.reset(count);
    for (int i = 0; i < output.columnCount(); i++) {
      if (i < batch.columnCount()) {
        output.column(i).copy(batch.column(i), leftPositions, count, 0);
      } else {
        output.column(i).copy(rightColumns[i - batch.columnCount()], rightPositions, count, 0);
      }
    }
    output.setRowCount(count);
    int passed = count;
    if (predicate != null) {
      passed = predicate.select(output, null, count, selection);
      output.setSelection(selection, passed);
    }
    for (int i = 0; i < passed; i++) {
      leftMatched[leftPositions[output.position(i)]] = true;
    }
    return passed > 0 && kind.hasRightColumns() ? output : null;
  }

  /** What a left batch adds when all its pairs are known: its rows with, or without, a match. */
  private @Nullable VectorBatch finishLeft(VectorBatch batch) {
    boolean isDone = kind == JoinKind.LEFT && predicate == null;
    if (kind == JoinKind.INNER || isDone) {
      return null;
    }
    boolean wanted = kind == JoinKind.SEMI;
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int position = batch.position(i);
      if (leftMatched[position] == wanted) {
        selection[count++] = position;
      }
    }
    if (count == 0) {
      return null;
    }
    VectorBatch output = joined;
    if (!kind.hasRightColumns() || output == null) {
      batch.setSelection(selection, count);
      return batch;
    }
    output.reset(count);
    for (int i = 0; i < output.columnCount(); i++) {
      Vector column = output.column(i);
      if (i < batch.columnCount()) {
        column.copy(batch.column(i), selection, count, 0);
      } else {
        Arrays.fill(column.nullsForWriting(), 0, count, true);
      }
    }
    output.setRowCount(count);
    return output;
  }

  @Override
  public void close() {
    left.close();
    right.close();
    if (window != null) {
      window.close();
      window = null;
    }
    chunk = null;
    leftBatch = null;
  }
}
