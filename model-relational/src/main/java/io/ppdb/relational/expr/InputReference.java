package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** A column of the input, passed on as it is. */
final class InputReference extends VectorExpression {
  private final int column;

  InputReference(ColumnType type, int column) {
    super(type);
    this.column = column;
  }

  int column() {
    return column;
  }

  @Override
  public Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count) {
    return batch.column(column);
  }
}
