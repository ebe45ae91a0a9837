package io.ppdb.relational.expr;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** AND of predicates: each sees only the rows that those before it kept. */
final class Conjunction extends VectorPredicate {
  private final VectorPredicate[] parts;

  Conjunction(VectorPredicate... parts) {
    this.parts = parts;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    int remaining = count;
    int[] positions = selection;
    for (VectorPredicate part : parts) {
      remaining = part.select(batch, positions, remaining, output);
      positions = output;
      if (remaining == 0) {
        return 0;
      }
    }
    if (positions == null) {
      Selections.fill(null, count, output);
    }
    return remaining;
  }
}
