package io.ppdb.relational.exec;

import io.ppdb.relational.expr.EvaluationContext.CorrelatedRow;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.VectorPredicate;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Joins by looking up the right rows of a whole left batch at once in a key or an index.
 *
 * <p>The bounds of the lookups read the left row as a correlation variable; what else must hold is
 * a condition over the columns of left and right. Rows come in the order of the left side.
 */
public final class LookupJoinOperator extends Operator {
  /** Left rows that are looked up at a time; together with their pairs they fit into a batch. */
  private static final int SLICE_ROWS = 1024;

  private final Operator left;
  private final LookupSource.Factory factory;
  private final List<ColumnType> pairTypes;
  private final String variable;
  private final JoinKind kind;
  private final @Nullable RexNode condition;
  private final int leftColumnCount;

  private @Nullable LookupSource source;
  private @Nullable VectorPredicate predicate;
  private @Nullable VectorBatch pairs;
  private @Nullable VectorBatch leftBatch;
  private int[] leftPositions = {};
  private int[] selection = {};

  /** The live rows of the left batch that are looked up at the moment end before this one. */
  private int sliceEnd;

  /** The live rows of the left batch before this one are returned, with or without a pair. */
  private int nextLeft;

  /** Which live rows of the left batch have a pair. */
  private boolean[] matched = {};

  /**
   * @param pairTypes the types of the left columns, then of those that the source gives
   * @param kind INNER, LEFT, SEMI or ANTI
   * @param condition over the columns of left and right; null if there is none
   */
  public LookupJoinOperator(
      Operator left,
      LookupSource.Factory factory,
      List<ColumnType> pairTypes,
      String variable,
      JoinKind kind,
      @Nullable RexNode condition) {
    super(kind.hasRightColumns() ? pairTypes : left.types());
    if (kind.keepsUnmatchedRight()) {
      throw new IllegalArgumentException("a lookup join cannot be a " + kind + " join");
    }
    this.left = left;
    this.factory = factory;
    this.pairTypes = pairTypes;
    this.variable = variable;
    this.kind = kind;
    this.condition = condition;
    this.leftColumnCount = left.types().size();
  }

  @Override
  public void expectRows(long rowCount) {
    if (kind == JoinKind.LEFT) {
      left.expectRows(rowCount); // each has a row at least
    }
  }

  @Override
  protected void openOperator(ExecutionContext context) {
    left.open(context);
    source = factory.open(context);
    predicate =
        condition == null
            ? null
            : new ExpressionCompiler(pairTypes, context.evaluation()).compilePredicate(condition);
    pairs = VectorBatch.create(pairTypes, 0);
    leftBatch = null;
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    LookupSource lookups = source;
    VectorBatch output = pairs;
    if (lookups == null || output == null) {
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
        begin(batch, lookups);
      }
      VectorBatch rows = lookups.next();
      leftPositions = lookups.leftPositions();
      VectorBatch result = rows == null ? finishSlice(batch, output) : pairs(batch, rows, output);
      if (rows == null) {
        if (sliceEnd < batch.size()) {
          beginSlice(batch, lookups);
        } else {
          leftBatch = null;
          result = kind.hasRightColumns() ? result : filtered(batch);
        }
      }
      if (result != null) {
        return result;
      }
    }
  }

  private void begin(VectorBatch batch, LookupSource lookups) {
    leftBatch = batch;
    if (matched.length < batch.size()) {
      matched = new boolean[batch.size()];
    } else {
      Arrays.fill(matched, 0, batch.size(), false);
    }
    nextLeft = 0;
    sliceEnd = 0;
    beginSlice(batch, lookups);
  }

  /** Looks up the rows for the next live rows of {@code batch}. */
  private void beginSlice(VectorBatch batch, LookupSource lookups) {
    int end = Math.min(batch.size(), sliceEnd + SLICE_ROWS);
    CorrelatedRow row = context().evaluation().correlation(variable);
    for (int i = sliceEnd; i < end; i++) {
      row.set(batch, batch.position(i));
      lookups.add(i);
    }
    sliceEnd = end;
  }

  /** The pairs of {@code rows} and their left rows that meet the condition; null if none does. */
  private @Nullable VectorBatch pairs(VectorBatch batch, VectorBatch rows, VectorBatch output) {
    int count = rows.size();
    if (count == 0) {
      return null;
    }
    int passed = count;
    if (predicate != null || kind.hasRightColumns()) {
      fill(output, batch, leftPositions, count, rows, null);
    }
    if (predicate != null) {
      if (selection.length < count) {
        selection = new int[Math.max(count, 2 * selection.length)];
      }
      passed = predicate.select(output, null, count, selection);
      output.setSelection(selection, passed);
    }
    int unmatched = 0;
    int next = nextLeft;
    for (int i = 0; i < passed; i++) {
      int row = leftPositions[predicate == null ? i : selection[i]];
      matched[row] = true;
      unmatched += Math.max(0, row - next);
      next = Math.max(next, row + 1);
    }
    if (kind == JoinKind.LEFT && unmatched > 0) {
      return withUnmatched(batch, rows, output, passed, unmatched);
    }
    nextLeft = next;
    return kind.hasRightColumns() && passed > 0 ? output : null;
  }

  /** The pairs that passed and, each in its place, the left rows before them that have none. */
  private VectorBatch withUnmatched(
      VectorBatch batch, VectorBatch rows, VectorBatch output, int passed, int unmatched) {
    int[] leftRows = new int[passed + unmatched];
    int[] rightRows = new int[passed + unmatched];
    int count = 0;
    for (int i = 0; i < passed; i++) {
      int right = predicate == null ? i : selection[i];
      for (; nextLeft < leftPositions[right]; nextLeft++) {
        leftRows[count] = nextLeft;
        rightRows[count++] = -1;
      }
      nextLeft = leftPositions[right] + 1;
      leftRows[count] = leftPositions[right];
      rightRows[count++] = right;
    }
    fill(output, batch, leftRows, count, rows, rightRows);
    return output;
  }

  /** For LEFT the last left rows of the slice, if they have no pair. */
  private @Nullable VectorBatch finishSlice(VectorBatch batch, VectorBatch output) {
    int count = sliceEnd - nextLeft;
    if (kind != JoinKind.LEFT || count <= 0) {
      return null;
    }
    int[] leftRows = new int[count];
    for (int i = 0; i < count; i++) {
      leftRows[i] = nextLeft + i;
    }
    nextLeft = sliceEnd;
    fill(output, batch, leftRows, count, null, null);
    return output;
  }

  /** SEMI and ANTI: the left rows that have, or lack, a pair. */
  private @Nullable VectorBatch filtered(VectorBatch batch) {
    int[] kept = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (matched[i] == (kind == JoinKind.SEMI)) {
        kept[count++] = batch.position(i);
      }
    }
    batch.setSelection(kept, count);
    return count == 0 ? null : batch;
  }

  /**
   * @param rows null for left rows without a pair
   * @param rightPositions for each pair the right row, negative for none; null: all in order
   */
  private void fill(
      VectorBatch output,
      VectorBatch batch,
      int[] leftRows,
      int count,
      @Nullable VectorBatch rows,
      int @Nullable [] rightPositions) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = batch.position(leftRows[i]);
    }
    output.reset(count);
    for (int i = 0; i < output.columnCount(); i++) {
      Vector column = output.column(i);
      if (i < leftColumnCount) {
        column.copy(batch.column(i), positions, count, 0);
      } else if (rows == null) {
        Arrays.fill(column.nullsForWriting(), 0, count, true);
      } else {
        column.copy(rows.column(i - leftColumnCount), rightPositions, count, 0);
      }
    }
    output.setRowCount(count);
  }

  @Override
  public void close() {
    left.close();
    if (source != null) {
      source.close();
      source = null;
    }
    leftBatch = null;
  }
}
