package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.spill.TemporaryFiles;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Joins two inputs: a hash join if there are keys, else nested loops.
 *
 * <p>The right input is read first and kept in memory; left batches then stream through. Candidate
 * pairs of rows are gathered into batches of both sides' columns, on which the rest of the
 * condition is evaluated; the pairs that pass mark their rows as matched, from which outer, semi
 * and anti joins follow. A right input that the operator may not hold is joined part by part
 * ({@link PartitionedJoin}), if there are keys.
 */
public final class JoinOperator extends Operator {
  private final Operator left;
  private final Operator right;
  private final JoinKind kind;
  private final List<Integer> leftKeys;
  private final List<Integer> rightKeys;
  private final boolean[] nullSafe;
  private final @Nullable RexNode condition;
  private final int level;

  private @Nullable RowBuffer rightRows;
  private @Nullable PartitionedJoin partitioned;
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
    return new JoinOperator(left, right, kind, List.of(), List.of(), List.of(), condition, 0);
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
    return new JoinOperator(left, right, kind, leftKeys, rightKeys, nullSafe, condition, 0);
  }

  private JoinOperator(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      @Nullable RexNode condition,
      int level) {
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
    this.level = level;
  }

  /** The same join of a part of both sides, which were divided by their keys. */
  private JoinOperator ofParts(Operator leftPart, Operator rightPart) {
    List<Boolean> safe = new ArrayList<>();
    for (boolean isSafe : nullSafe) {
      safe.add(isSafe);
    }
    return new JoinOperator(
        leftPart, rightPart, kind, leftKeys, rightKeys, safe, condition, level + 1);
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
  public void expectRows(long rowCount) {
    if (kind == JoinKind.LEFT) {
      left.expectRows(rowCount); // each has a row at least
    }
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
    partitioned = null;
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
    if (partitioned != null) {
      return partitioned.next(context());
    }
    if (rows == null || candidates == null) {
      rows = readRight();
      if (partitioned != null) {
        readLeft(partitioned);
        return partitioned.next(context());
      }
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
      leftMatched = new boolean[Math.max(batch.rowCount(), 2 * leftMatched.length)];
    }
    return batch;
  }

  /** Reads the right side into memory or, if it is too large, into {@link #partitioned}. */
  private RowBuffer readRight() {
    RowBuffer rows = new RowBuffer(right.types());
    VectorBatch batch;
    while ((batch = right.next()) != null) {
      PartitionedJoin files = partitioned;
      if (files != null) {
        files.addRight(batch);
        account(files.sizeInBytes());
        continue;
      }
      rows.append(batch);
      long bytes = rows.sizeInBytes();
      TemporaryFiles spill =
          leftKeys.isEmpty() || level == RowPartitions.MAX_LEVEL ? null : context().filesFor(bytes);
      if (spill != null) {
        files = new PartitionedJoin(left, right, keys(), spill, level, this::ofParts);
        partitioned = files;
        moveRows(rows, files);
        rows = new RowBuffer(right.types());
        bytes = 0;
      }
      account(bytes);
    }
    right.close();
    return rows;
  }

  private void moveRows(RowBuffer rows, PartitionedJoin files) {
    VectorBatch moved = VectorBatch.create(right.types(), 0);
    try (RowBufferSource source =
        new RowBufferSource(rows, IntStream.range(0, right.types().size()).toArray())) {
      boolean more = rows.rowCount() > 0;
      while (more) {
        context().checkCancelled();
        moved.reset(VectorBatch.DEFAULT_ROWS);
        more = source.fill(moved, VectorBatch.DEFAULT_ROWS);
        files.addRight(moved);
      }
    }
  }

  private void readLeft(PartitionedJoin files) {
    VectorBatch batch;
    while ((batch = left.next()) != null) {
      files.addLeft(batch);
      account(files.sizeInBytes());
    }
    left.close();
  }

  private void account(long bytes) {
    if (memory != null) {
      memory.resize(bytes);
    }
  }

  private JoinKeys keys() {
    return new JoinKeys(left.types(), leftKeys, right.types(), rightKeys, context().evaluation());
  }

  private CandidatePairs candidates(RowBuffer rows) {
    if (leftKeys.isEmpty()) {
      return new AllPairs(rows.rowCount());
    }
    JoinKeys keys = keys();
    VectorBatch allRows = new VectorBatch(rows.columns());
    allRows.setRowCount(rows.rowCount());
    return new HashPairs(keys.ofRight(allRows), rows.rowCount(), keys::ofLeft, nullSafe);
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
    if (partitioned != null) {
      partitioned.close();
    }
    rightRows = null;
    pairs = null;
    leftEnded = true;
    leftBatch = null;
    if (memory != null) {
      memory.release();
    }
  }
}
