package io.ppdb.relational.expr;

import io.ppdb.relational.vector.Vector;
import org.jspecify.annotations.Nullable;

/** One operation on whole vectors; called once for each batch. */
@FunctionalInterface
interface Kernel {
  /**
   * Writes the result for each position of {@code selection[0..count)}, or {@code 0..count}, to
   * {@code result}, which was reset. No argument is NULL at any of these positions.
   */
  void compute(Vector[] arguments, int @Nullable [] selection, int count, Vector result);

  /** The same; a kernel that may take long over a batch asks now and then whether to go on. */
  default void compute(
      Vector[] arguments,
      int @Nullable [] selection,
      int count,
      Vector result,
      EvaluationContext context) {
    compute(arguments, selection, count, result);
  }

  /** The kernel that calls {@code function} for each row. */
  static Kernel of(RowFunction function) {
    return new RowKernel(function);
  }
}
