package io.ppdb.relational.expr;

import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/** IS NULL and IS NOT NULL. */
final class NullPredicate extends VectorPredicate {
  private final VectorExpression argument;
  private final boolean keepNulls;

  NullPredicate(VectorExpression argument, boolean keepNulls) {
    this.argument = argument;
    this.keepNulls = keepNulls;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    boolean[] nulls = argument.evaluate(batch, selection, count).nulls();
    if (nulls == null) {
      if (keepNulls) {
        return 0;
      }
      Selections.fill(selection, count, output);
      return count;
    }
    int selected = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      output[selected] = position;
      selected += nulls[position] == keepNulls ? 1 : 0;
    }
    return selected;
  }
}
