package io.ppdb.relational.expr;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** OR of predicates: each sees only the rows that none before it kept. */
final class Disjunction extends VectorPredicate {
  private final VectorPredicate[] parts;
  private int[] remaining = {};
  private int[] matched = {};
  private boolean[] kept = {};

  Disjunction(VectorPredicate... parts) {
    this.parts = parts;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    remaining = Selections.ensure(remaining, count);
    matched = Selections.ensure(matched, count);
    if (kept.length < batch.rowCount()) {
      kept = new boolean[batch.rowCount()];
    }
    Selections.fill(selection, count, remaining);
    int remainingCount = count;
    for (VectorPredicate part : parts) {
      int matchedCount = part.select(batch, remaining, remainingCount, matched);
      for (int i = 0; i < matchedCount; i++) {
        kept[matched[i]] = true;
      }
      remainingCount =
          Selections.subtract(remaining, remainingCount, matched, matchedCount, remaining);
      if (remainingCount == 0) {
        break;
      }
    }
    int selected = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (kept[position]) {
        kept[position] = false;
        output[selected++] = position;
      }
    }
    return selected;
  }
}
