package io.ppdb.relational.expr;

import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.VectorBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares text, bytea or uuid with a constant; equality looks at lengths first. */
final class TextComparisonPredicate extends VectorPredicate {
  private final VectorExpression argument;
  private final Comparison comparison;
  private final byte[] constant;

  TextComparisonPredicate(VectorExpression argument, Comparison comparison, byte[] constant) {
    this.argument = argument;
    this.comparison = comparison;
    this.constant = constant;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    BytesVector text = (BytesVector) argument.evaluate(batch, selection, count);
    boolean[] nulls = text.nulls();
    byte[] arena = text.arena();
    int[] starts = text.starts();
    int[] lengths = text.lengths();
    boolean byEquality = comparison == Comparison.EQUAL || comparison == Comparison.NOT_EQUAL;
    boolean keepEqual = comparison == Comparison.EQUAL;
    int selected = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      if (nulls != null && nulls[position]) {
        continue;
      }
      int start = starts[position];
      int length = lengths[position];
      boolean keep;
      if (byEquality) {
        boolean equal =
            length == constant.length
                && Arrays.equals(arena, start, start + length, constant, 0, length);
        keep = equal == keepEqual;
      } else {
        keep =
            comparison.accepts(
                Integer.signum(
                    Arrays.compareUnsigned(
                        arena, start, start + length, constant, 0, constant.length)));
      }
      if (keep) {
        output[selected++] = position;
      }
    }
    return selected;
  }
}
