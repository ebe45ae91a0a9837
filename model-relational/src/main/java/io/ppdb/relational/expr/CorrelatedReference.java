package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** A column of the current row of a correlation variable, the same for all rows of a batch. */
final class CorrelatedReference extends VectorExpression {
  private final EvaluationContext.CorrelatedRow row;
  private final int column;
  private final Vector result;

  CorrelatedReference(ColumnType type, EvaluationContext.CorrelatedRow row, int column) {
    super(type);
    this.row = row;
    this.column = column;
    this.result = Vector.create(type, 0);
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    Vector source = row.batch().column(column);
    int rowCount = batch.rowCount();
    int[] positions = new int[rowCount];
    java.util.Arrays.fill(positions, row.position());
    result.reset(rowCount);
    if (source instanceof DecimalVector decimals && decimals.isCompact()) {
      ((DecimalVector) result).beginCompact(decimals.scale());
    }
    result.copy(source, positions, rowCount, 0);
    return result;
  }
}
