package io.ppdb.relational.expr;

import io.ppdb.relational.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Calls a function for each row; one that takes long over a row can be cancelled between rows. */
record RowKernel(RowFunction function) implements Kernel {
  private static final int ROWS_BETWEEN_CHECKS = 16; // a power of two

  @Override
  public void compute(Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    for (int i = 0; i < count; i++) {
      function.apply(arguments, selection == null ? i : selection[i], result);
    }
  }

  @Override
  public void compute(
      Vector[] arguments,
      int @Nullable [] selection,
      int count,
      Vector result,
      EvaluationContext context) {
    for (int i = 0; i < count; i++) {
      if ((i & (ROWS_BETWEEN_CHECKS - 1)) == ROWS_BETWEEN_CHECKS - 1) {
        context.checkCancelled();
      }
      function.apply(arguments, selection == null ? i : selection[i], result);
    }
  }
}
