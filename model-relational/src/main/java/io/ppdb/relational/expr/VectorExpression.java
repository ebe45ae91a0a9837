package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * A compiled scalar expression: computes one vector from the columns of a batch.
 *
 * <p>An instance owns the vectors it returns and reuses them, so it serves one operator of one
 * execution on one thread.
 */
public abstract class VectorExpression {
  private final ColumnType type;

  protected VectorExpression(ColumnType type) {
    this.type = type;
  }

  public final ColumnType type() {
    return type;
  }

  /**
   * Computes the expression for the rows at {@code selection[0..count)}, or {@code 0..count} if
   * {@code selection} is null. Only those rows are evaluated: a row that is not selected can cause
   * no error.
   *
   * @return a vector whose values lie at the positions of their rows, others being unspecified;
   *     valid until the next call
   */
  public abstract Vector evaluate(VectorBatch batch, int @Nullable [] selection, int count);
}
