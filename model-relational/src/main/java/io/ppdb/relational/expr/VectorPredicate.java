package io.ppdb.relational.expr;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * A compiled condition: narrows a selection to the rows for which it is true (neither false nor
 * unknown).
 *
 * <p>Serves one operator of one execution on one thread.
 */
public abstract class VectorPredicate {
  /**
   * Writes those of the positions {@code selection[0..count)}, or {@code 0..count} if {@code
   * selection} is null, for which the condition is true to {@code output}, in their order.
   *
   * @param output has room for {@code count} positions; may be {@code selection} itself
   * @return how many were written
   */
  public abstract int select(
      VectorBatch batch, int @Nullable [] selection, int count, int[] output);
}
