package io.ppdb.relational.exec;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs its right side anew for every left row, which that side's expressions read as a correlation
 * variable: lateral joins, sub-queries that could not be decorrelated, and nested loops over an
 * index whose scan takes its bounds from the variable.
 */
public final class CorrelateOperator extends Operator {
  private final Operator left;
  private final Supplier<? extends Operator> rightFactory;
  private final String variable;
  private final JoinKind kind;
  private final int leftColumnCount;
  private @Nullable VectorBatch leftBatch;
  private int leftRow;
  private @Nullable Operator right;
  private boolean matched;
  private @Nullable VectorBatch output;
  private int[] selection = {};

  /**
   * @param rightFactory makes the right side for one left row
   * @param rightTypes the types of its columns
   * @param kind INNER, LEFT, SEMI or ANTI
   */
  public CorrelateOperator(
      Operator left,
      Supplier<? extends Operator> rightFactory,
      List<ColumnType> rightTypes,
      String variable,
      JoinKind kind) {
    super(outputTypes(left, rightTypes, kind));
    if (kind.keepsUnmatchedRight()) {
      throw new IllegalArgumentException("a correlate cannot be a " + kind + " join");
    }
    this.left = left;
    this.rightFactory = rightFactory;
    this.variable = variable;
    this.kind = kind;
    this.leftColumnCount = left.types().size();
  }

  private static List<ColumnType> outputTypes(
      Operator left, List<ColumnType> rightTypes, JoinKind kind) {
    List<ColumnType> types = new ArrayList<>(left.types());
    if (kind.hasRightColumns()) {
      types.addAll(rightTypes);
    }
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
    output = VectorBatch.create(types(), 0);
    leftBatch = null;
    left.open(context);
  }

  @Override
  protected @Nullable VectorBatch nextBatch() {
    return kind.hasRightColumns() ? nextJoined() : nextFiltered();
  }

  private @Nullable VectorBatch nextJoined() {
    while (true) {
      context().checkCancelled();
      Operator running = right;
      VectorBatch batch = leftBatch;
      if (running == null || batch == null) {
        batch = advance();
        if (batch == null) {
          return null;
        }
        running = openRight(batch);
      }
      VectorBatch rows = running.next();
      if (rows != null) {
        matched = true;
        return combine(batch, rows);
      }
      closeRight();
      if (!matched && kind.keepsUnmatchedLeft()) {
        return combine(batch, null);
      }
    }
  }

  /** SEMI and ANTI: a left batch with those rows selected that have, or lack, right rows. */
  private @Nullable VectorBatch nextFiltered() {
    VectorBatch batch = left.next();
    if (batch == null) {
      return null;
    }
    if (selection.length < batch.size()) {
      selection = new int[Math.max(batch.size(), 2 * selection.length)];
    }
    int kept = 0;
    for (leftRow = 0; leftRow < batch.size(); leftRow++) {
      context().checkCancelled();
      boolean hasRows = openRight(batch).next() != null;
      closeRight();
      if (hasRows == (kind == JoinKind.SEMI)) {
        selection[kept++] = batch.position(leftRow);
      }
    }
    batch.setSelection(selection, kept);
    return batch;
  }

  /** Moves to the next left row; the batch it lies in, or null at the end. */
  private @Nullable VectorBatch advance() {
    leftRow++;
    if (leftBatch == null || leftRow >= leftBatch.size()) {
      leftBatch = left.next();
      leftRow = 0;
    }
    return leftBatch;
  }

  private Operator openRight(VectorBatch batch) {
    context().evaluation().correlation(variable).set(batch, batch.position(leftRow));
    matched = false;
    Operator opened = rightFactory.get();
    right = opened;
    opened.open(context());
    return opened;
  }

  private void closeRight() {
    if (right != null) {
      right.close();
      right = null;
    }
  }

  private @Nullable VectorBatch combine(VectorBatch batch, @Nullable VectorBatch rows) {
    VectorBatch combined = output;
    if (combined == null) {
      return null;
    }
    int count = rows == null ? 1 : rows.size();
    int[] repeated = new int[count];
    Arrays.fill(repeated, batch.position(leftRow));
    combined.reset(count);
    for (int i = 0; i < combined.columnCount(); i++) {
      Vector column = combined.column(i);
      if (i < leftColumnCount) {
        column.copy(batch.column(i), repeated, count, 0);
      } else if (rows == null) {
        Arrays.fill(column.nullsForWriting(), 0, count, true);
      } else {
        column.copy(rows.column(i - leftColumnCount), rows.selection(), count, 0);
      }
    }
    combined.setRowCount(count);
    return combined;
  }

  @Override
  public void close() {
    closeRight();
    left.close();
  }
}
