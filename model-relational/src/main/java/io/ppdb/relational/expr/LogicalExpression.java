package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AND and OR as values, with SQL's three truth values. An operand is evaluated only for rows that
 * the operands before it did not decide, so it cannot fail on others.
 */
final class LogicalExpression extends VectorExpression {
  private final boolean deciding; // false decides an AND, true an OR
  private final VectorExpression[] operands;
  private final BooleanVector result = new BooleanVector(ColumnType.BOOLEAN, 0);
  private int[] undecided = {};
  private boolean[] unknown = {};

  private LogicalExpression(boolean deciding, VectorExpression[] operands) {
    super(ColumnType.BOOLEAN);
    this.deciding = deciding;
    this.operands = operands;
  }

  static LogicalExpression and(VectorExpression... operands) {
    return new LogicalExpression(false, operands);
  }

  static LogicalExpression or(VectorExpression... operands) {
    return new LogicalExpression(true, operands);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    int rowCount = batch.rowCount();
    result.reset(rowCount);
    boolean[] out = result.values();
    if (unknown.length < rowCount) {
      unknown = new boolean[rowCount];
    }
    Arrays.fill(unknown, 0, rowCount, false);
    undecided = Selections.ensure(undecided, count);
    Selections.fill(selection, count, undecided);
    int undecidedCount = count;
    boolean anyUnknown = false;
    for (VectorExpression operand : operands) {
      BooleanVector truth = (BooleanVector) operand.evaluate(batch, undecided, undecidedCount);
      boolean[] values = truth.values();
      boolean[] nulls = truth.nulls();
      int remaining = 0;
      for (int i = 0; i < undecidedCount; i++) {
        int position = undecided[i];
        if (nulls != null && nulls[position]) {
          unknown[position] = true;
          anyUnknown = true;
          undecided[remaining++] = position;
        } else if (values[position] == deciding) {
          out[position] = deciding;
          unknown[position] = false;
        } else {
          undecided[remaining++] = position;
        }
      }
      undecidedCount = remaining;
    }
    for (int i = 0; i < undecidedCount; i++) {
      out[undecided[i]] = !deciding;
    }
    if (anyUnknown) {
      System.arraycopy(unknown, 0, result.nullsForWriting(), 0, rowCount);
    }
    return result;
  }
}
