package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CASE: each condition is tried on the rows that none before it took, and each branch is evaluated
 * only for the rows that it took.
 */
final class CaseExpression extends VectorExpression {
  private final VectorPredicate[] conditions;
  private final VectorExpression[] branches; // one more than conditions: ELSE
  private final Vector result;
  private int[] remaining = {};
  private int[] taken = {};

  CaseExpression(
      ColumnType type, List<VectorPredicate> conditions, List<VectorExpression> branches) {
    super(type);
    this.conditions = conditions.toArray(VectorPredicate[]::new);
    this.branches = branches.toArray(VectorExpression[]::new);
    this.result = Vector.create(type, 0);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    result.reset(batch.rowCount());
    remaining = Selections.ensure(remaining, count);
    taken = Selections.ensure(taken, count);
    Selections.fill(selection, count, remaining);
    int remainingCount = count;
    boolean first = true;
    for (int i = 0; i < conditions.length && remainingCount > 0; i++) {
      int takenCount = conditions[i].select(batch, remaining, remainingCount, taken);
      if (takenCount > 0) {
        take(branches[i].evaluate(batch, taken, takenCount), taken, takenCount, first);
        first = false;
        remainingCount =
            Selections.subtract(remaining, remainingCount, taken, takenCount, remaining);
      }
    }
    if (remainingCount > 0) {
      Vector otherwise = branches[conditions.length].evaluate(batch, remaining, remainingCount);
      take(otherwise, remaining, remainingCount, first);
    }
    return result;
  }

  private void take(Vector source, int[] positions, int count, boolean first) {
    if (first && source instanceof DecimalVector decimals && decimals.isCompact()) {
      ((DecimalVector) result).beginCompact(decimals.scale());
    }
    result.assign(source, positions, count);
  }
}
