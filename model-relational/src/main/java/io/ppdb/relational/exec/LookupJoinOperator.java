package io.ppdb.relational.exec;

import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Index nested loops: each left batch is looked up at once in a {@link LookupSource}. */
public final class LookupJoinOperator extends Operator {
  private final Operator left;
  private final LookupSource.Factory factory;
  private final List<ColumnType> rightTypes;
  private final JoinKind kind;
  private final @Nullable RexNode condition;
  private @Nullable LookupSource source;
  private @Nullable VectorPredicate predicate;
  private @Nullable VectorBatch leftBatch;
  private @Nullable VectorBatch joined;
  private boolean[] matched = {};
  private final int[] leftPositions = new int[VectorBatch.MAX_ROWS];
  private final int[] selection = new int[VectorBatch.MAX_ROWS];

  /**
   * @param kind INNER, LEFT, SEMI or ANTI
   * @param condition what must hold beside the lookup, over the columns of left and right, or null
   */
  public LookupJoinOperator(
      Operator left,
      LookupSource.Factory factory,
      List<ColumnType> rightTypes,
      JoinKind kind,
      @Nullable RexNode condition) {
    super(kind.hasRightColumns() ? concat(left.types(), rightTypes) : left.types());
    if (kind.keepsUnmatchedRight()) {
      throw new IllegalArgumentException("a lookup join cannot be a " + kind + " join");
    }
    this.left = left;
    this.factory = factory;
    this.rightTypes = List.copyOf(rightTypes);
    this.kind = kind;
    this.condition = condition;
  }

  private static List<ColumnType> concat(List<ColumnType> first, List<ColumnType> second) {
    List<ColumnType> types = new ArrayList<>(first);
    types.addAll(second);
    return types;
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    List<ColumnType> pairTypes = concat(left.types(), rightTypes);
    predicate =
        condition == null
            ? null
            : new ExpressionCompiler(pairTypes, context.evaluation()).compilePredicate(condition);
    joined = VectorBatch.create(pairTypes, 0);
    leftBatch = null;
    left.open(context);
    source = factory.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    LookupSource lookup = source;
    VectorBatch output = joined;
    if (lookup == null || output == null) {
      return null;
    }
    while (true) {
      context().checkCancelled();
      VectorBatch batch = leftBatch;
      if (batch == null) {
        batch = left.next();
        if (batch == null) {
          return null;
        }
        leftBatch = batch;
        if (matched.length < batch.rowCount()) {
          matched = new boolean[Math.max(batch.rowCount(), VectorBatch.DEFAULT_ROWS)];
        }
        Arrays.fill(matched, 0, batch.rowCount(), false);
        lookup.begin(batch);
      }
      VectorBatch rows = lookup.next(leftPositions);
      if (rows == null) {
        leftBatch = null;
        VectorBatch rest = finish(batch, output);
        if (rest != null) {
          return rest;
        }
      } else if (combine(batch, rows, output) > 0 && kind.hasRightColumns()) {
        return output;
      }
    }
  }

  /** Fills {@code output} with pairs; how many pass the condition. */
  private int combine(VectorBatch batch, VectorBatch rows, VectorBatch output) {
    int count = rows.rowCount();
    output.reset(count);
    int leftColumns = batch.columnCount();
    for (int i = 0; i < output.columnCount(); i++) {
      if (i < leftColumns) {
        output.column(i).copy(batch.column(i), leftPositions, count, 0);
      } else {
        output.column(i).copy(rows.column(i - leftColumns), null, count, 0);
      }
    }
    output.setRowCount(count);
    if (predicate != null) {
      output.setSelection(selection, predicate.select(output, null, count, selection));
    }
    for (int i = 0; i < output.size(); i++) {
      matched[leftPositions[output.position(i)]] = true;
    }
    return output.size();
  }

  /** The left rows that are returned only when all their matches are known. */
  private @Nullable VectorBatch finish(VectorBatch batch, VectorBatch output) {
    if (kind == JoinKind.INNER) {
      return null;
    }
    boolean wanted = kind == JoinKind.SEMI;
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int position = batch.position(i);
      if (matched[position] == wanted) {
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
    if (source != null) {
      source.close();
      source = null;
    }
  }
}
