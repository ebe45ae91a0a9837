package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * Maps each of true, false and unknown to true or false: IS [NOT] TRUE, IS [NOT] FALSE, IS [NOT]
 * NULL. The result is never NULL.
 */
final class TruthTest extends VectorExpression {
  private final VectorExpression argument;
  private final boolean ofTrue;
  private final boolean ofFalse;
  private final boolean ofNull;
  private final BooleanVector result = new BooleanVector(ColumnType.BOOLEAN, 0);

  /** For an argument of any type, {@code ofTrue} and {@code ofFalse} being equal. */
  TruthTest(VectorExpression argument, boolean ofTrue, boolean ofFalse, boolean ofNull) {
    super(ColumnType.BOOLEAN);
    this.argument = argument;
    this.ofTrue = ofTrue;
    this.ofFalse = ofFalse;
    this.ofNull = ofNull;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    Vector value = argument.evaluate(batch, selection, count);
    boolean[] nulls = value.nulls();
    result.reset(batch.rowCount());
    boolean[] out = result.values();
    boolean[] truth = ofTrue != ofFalse ? ((BooleanVector) value).values() : null;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (nulls != null && nulls[position]) {
        out[position] = ofNull;
      } else {
        out[position] = (truth == null || truth[position]) ? ofTrue : ofFalse;
      }
    }
    return result;
  }
}
