package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Numerics;
import io.ppdb.relational.expr.VectorExpression;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Joins two inputs: a hash join if there are keys, else nested loops.
 *
 * <p>The right input is read first and kept in memory; left batches then stream through. Candidate
 * pairs of rows are gathered into batches of both sides' columns, on which the rest of the
 * condition is evaluated; the pairs that pass mark their rows as matched, from which outer, semi
 * and anti joins follow.
 */
public final class JoinOperator extends Operator {
  private final Operator left;
  private final Operator right;
  private final JoinKind kind;
  private final List<Integer> leftKeys;
  private final List<Integer> rightKeys;
  private final boolean[] nullSafe;
  private final @Nullable RexNode condition;

  private @Nullable RowBuffer rightRows;
  private @Nullable CandidatePairs pairs;
  private @Nullable VectorPredicate predicate;
  private @Nullable MemoryAccount memory;
  private @Nullable VectorBatch joined;
  private boolean[] rightMatched = {};

  private @Nullable VectorBatch leftBatch;
  private boolean[] leftMatched = {};
  private boolean leftEnded;
  private int nextUnmatchedRight;
  private int[] leftPositions = {};
  private int[] rightPositions = {};
  private int[] selection = {};

  /** A nested-loop join; without a condition the cross product. */
  public static JoinOperator nestedLoop(
      Operator left, Operator right, JoinKind kind, @Nullable RexNode condition) {
    return new JoinOperator(left, right, kind, List.of(), List.of(), List.of(), condition);
  }

  /**
   * A hash join on {@code left[leftKeys[i]] = right[rightKeys[i]]}.
   *
   * @param nullSafe for which keys NULL equals NULL
   * @param condition what else must hold, over the columns of left and right, or null
   */
  public static JoinOperator hash(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      @Nullable RexNode condition) {
    return new JoinOperator(left, right, kind, leftKeys, rightKeys, nullSafe, condition);
  }

  private JoinOperator(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      @Nullable RexNode condition) {
    super(outputTypes(left, right, kind));
    this.left = left;
    this.right = right;
    this.kind = kind;
    this.leftKeys = List.copyOf(leftKeys);
    this.rightKeys = List.copyOf(rightKeys);
    this.nullSafe = new boolean[leftKeys.size()];
    for (int i = 0; i < nullSafe.size(); i++) {
      this.nullSafe[i] = nullSafe.get(i);
    }
    this.condition = condition;
  }

  static List<ColumnType> outputTypes(Operator left, Operator right, JoinKind kind) {
    return kind.hasRightColumns() ? concat(left.types(), right.types()) : left.types();
  }

  private static List<ColumnType> concat(List<ColumnType> first, List<ColumnType> second) {
    List<ColumnType> types = new ArrayList<>(first);
    types.addAll(second);
    return types;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    List<ColumnType> pairTypes = concat(left.types(), right.types());
    predicate =
        condition == null
            ? null
            : new ExpressionCompiler(pairTypes, context.evaluation()).compilePredicate(condition);
    memory = new MemoryAccount(context.memory(), kind + " join");
    joined = VectorBatch.create(pairTypes, 0);
    leftPositions = new int[context.batchRows()];
    rightPositions = new int[context.batchRows()];
    selection = new int[VectorBatch.MAX_ROWS];
    rightRows = null;
    leftBatch = null;
    leftEnded = false;
    nextUnmatchedRight = 0;
    right.open(context);
    left.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    RowBuffer rows = rightRows;
    CandidatePairs candidates = pairs;
    if (rows == null || candidates == null) {
      rows = readRight();
      candidates = candidates(rows);
      rightRows = rows;
      pairs = candidates;
      rightMatched = new boolean[kind.keepsUnmatchedRight() ? rows.rowCount() : 0];
      if (memory != null) {
        memory.resize(rows.sizeInBytes() + candidates.sizeInBytes());
      }
    }
    while (true) {
      context().checkCancelled();
      VectorBatch batch = leftBatch;
      if (batch == null) {
        batch = leftEnded ? null : nextLeft(rows);
        if (batch == null) {
          leftEnded = true;
          return unmatchedRight(rows);
        }
        leftBatch = batch;
        Arrays.fill(leftMatched, 0, batch.rowCount(), false);
        candidates.begin(batch);
      }
      VectorBatch result = nextPairs(batch, rows, candidates);
      if (result != null) {
        return result;
      }
      leftBatch = null;
      result = finishLeft(batch);
      if (result != null) {
        return result;
      }
    }
  }

  private @Nullable VectorBatch nextLeft(RowBuffer rows) {
    if (rows.rowCount() == 0 && (kind == JoinKind.INNER || kind == JoinKind.SEMI)) {
      return null; // nothing can match: the left side need not be read
    }
    VectorBatch batch = left.next();
    if (batch != null && leftMatched.length < batch.rowCount()) {
      leftMatched = new boolean[Math.max(batch.rowCount(), VectorBatch.DEFAULT_ROWS)];
    }
    return batch;
  }

  private RowBuffer readRight() {
    RowBuffer rows = new RowBuffer(right.types());
    VectorBatch batch;
    while ((batch = right.next()) != null) {
      rows.append(batch);
      if (memory != null) {
        memory.resize(rows.sizeInBytes());
      }
    }
    right.close();
    return rows;
  }

  private CandidatePairs candidates(RowBuffer rows) {
    if (leftKeys.isEmpty()) {
      return new AllPairs(rows.rowCount());
    }
    ExpressionCompiler leftCompiler = new ExpressionCompiler(left.types(), context().evaluation());
    ExpressionCompiler rightCompiler =
        new ExpressionCompiler(right.types(), context().evaluation());
    VectorExpression[] leftExpressions = new VectorExpression[leftKeys.size()];
    Vector[] rightVectors = new Vector[leftExpressions.length];
    VectorBatch allRows = new VectorBatch(rows.columns());
    allRows.setRowCount(rows.rowCount());
    for (int i = 0; i < leftExpressions.length; i++) {
      ColumnType leftType = left.types().get(leftKeys.get(i));
      ColumnType rightType = right.types().get(rightKeys.get(i));
      leftExpressions[i] =
          leftCompiler.column(leftKeys.get(i), Numerics.comparable(leftType, rightType));
      rightVectors[i] =
          rightCompiler
              .column(rightKeys.get(i), Numerics.comparable(rightType, leftType))
              .evaluate(allRows, null, rows.rowCount());
    }
    Vector[] leftVectors = new Vector[leftExpressions.length];
    return new HashPairs(
        rightVectors,
        rows.rowCount(),
        batch -> {
          for (int i = 0; i < leftVectors.length; i++) {
            leftVectors[i] = leftExpressions[i].evaluate(batch, batch.selection(), batch.size());
          }
          return leftVectors;
        },
        nullSafe);
  }

  /** The next pairs that pass the condition, as rows; null when this left batch has no more. */
  private @Nullable VectorBatch nextPairs(
      VectorBatch batch, RowBuffer rows, CandidatePairs candidates) {
    VectorBatch output = joined;
    if (output == null) {
      return null;
    }
    while (true) {
      context().checkCancelled();
      int count = candidates.next(leftPositions, rightPositions, leftPositions.length);
      if (count == 0) {
        return null;
      }
      if (predicate == null && !kind.hasRightColumns()) {
        for (int i = 0; i < count; i++) {
          leftMatched[leftPositions[i]] = true;
        }
        continue;
      }
      output.reset(count);
      for (int i = 0; i < batch.columnCount(); i++) {
        output.column(i).copy(batch.column(i), leftPositions, count, 0);
      }
      rows.gather(rightPositions, count, output, batch.columnCount());
      output.setRowCount(count);
      int passed = count;
      if (predicate != null) {
        passed = predicate.select(output, null, count, selection);
        output.setSelection(selection, passed);
      }
      for (int i = 0; i < passed; i++) {
        int pair = output.position(i);
        leftMatched[leftPositions[pair]] = true;
        if (rightMatched.length > 0) {
          rightMatched[rightPositions[pair]] = true;
        }
      }
      if (passed > 0 && kind.hasRightColumns()) {
        return output;
      }
    }
  }

  /** What a left batch adds when all its pairs are known: its rows with, or without, a match. */
  private @Nullable VectorBatch finishLeft(VectorBatch batch) {
    if (kind == JoinKind.INNER || kind == JoinKind.RIGHT) {
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
    if (!kind.hasRightColumns()) {
      batch.setSelection(selection, count);
      return batch;
    }
    VectorBatch output = joined;
    if (output == null) {
      return null;
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

  private @Nullable VectorBatch unmatchedRight(RowBuffer rows) {
    VectorBatch output = joined;
    if (!kind.keepsUnmatchedRight() || output == null) {
      return null;
    }
    int count = 0;
    while (count < rightPositions.length && nextUnmatchedRight < rows.rowCount()) {
      if (!rightMatched[nextUnmatchedRight]) {
        rightPositions[count++] = nextUnmatchedRight;
      }
      nextUnmatchedRight++;
    }
    if (count == 0) {
      return null;
    }
    output.reset(count);
    int leftColumns = output.columnCount() - rows.columns().length;
    for (int i = 0; i < leftColumns; i++) {
      Arrays.fill(output.column(i).nullsForWriting(), 0, count, true);
    }
    rows.gather(rightPositions, count, output, leftColumns);
    output.setRowCount(count);
    return output;
  }

  @Override
  public void close() {
    left.close();
    right.close();
    rightRows = null;
    pairs = null;
    leftEnded = true;
    leftBatch = null;
    if (memory != null) {
      memory.release();
    }
  }
}
