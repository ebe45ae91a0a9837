package io.ppdb.relational.expr;

import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows whose number, date or time lies in a closed range (or outside of it): all six
 * comparisons with a constant, and BETWEEN. The loops have no branch on the data.
 */
@SuppressWarnings("ShortCircuitBoolean") // loops without branches on the data
final class RangePredicate extends VectorPredicate {
  private final VectorExpression argument;
  private final Range range;
  private final boolean inside;

  /**
   * @param inside whether rows inside the range are kept, or those outside
   */
  RangePredicate(VectorExpression argument, Range range, boolean inside) {
    this.argument = argument;
    this.range = range;
    this.inside = inside;
  }

  @Override
  public int select(VectorBatch batch, int @Nullable [] selection, int count, int[] output) {
    Vector value = argument.evaluate(batch, selection, count);
    int selected;
    if (value instanceof IntVector ints) {
      selected = selectInts(ints.values(), selection, count, output);
    } else if (value instanceof LongVector longs) {
      selected = selectLongs(longs.values(), selection, count, output);
    } else if (value instanceof DecimalVector decimals) {
      selected = selectLongs(decimals.unscaled(), selection, count, output);
    } else {
      selected = selectDoubles(((DoubleVector) value).values(), selection, count, output);
    }
    boolean[] nulls = value.nulls();
    return nulls == null ? selected : dropNulls(nulls, output, selected);
  }

  static int dropNulls(boolean[] nulls, int[] positions, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      positions[kept] = position;
      kept += nulls[position] ? 0 : 1;
    }
    return kept;
  }

  private int selectInts(int[] values, int @Nullable [] selection, int count, int[] output) {
    if (range.first() > Integer.MAX_VALUE || range.last() < Integer.MIN_VALUE) {
      return selectNone(selection, count, output);
    }
    int first = (int) Math.max(range.first(), Integer.MIN_VALUE);
    int last = (int) Math.min(range.last(), Integer.MAX_VALUE);
    int selected = 0;
    if (selection == null) {
      for (int i = 0; i < count; i++) {
        output[selected] = i;
        int value = values[i];
        selected += (value >= first & value <= last) == inside ? 1 : 0;
      }
      return selected;
    }
    for (int i = 0; i < count; i++) {
      int position = selection[i];
      output[selected] = position;
      int value = values[position];
      selected += (value >= first & value <= last) == inside ? 1 : 0;
    }
    return selected;
  }

  /** The outcome for a range that holds no value of the column's type. */
  private int selectNone(int @Nullable [] selection, int count, int[] output) {
    if (inside) {
      return 0;
    }
    Selections.fill(selection, count, output);
    return count;
  }

  private int selectLongs(long[] values, int @Nullable [] selection, int count, int[] output) {
    long first = range.first();
    long last = range.last();
    int selected = 0;
    if (selection == null) {
      for (int i = 0; i < count; i++) {
        output[selected] = i;
        long value = values[i];
        selected += (value >= first & value <= last) == inside ? 1 : 0;
      }
      return selected;
    }
    for (int i = 0; i < count; i++) {
      int position = selection[i];
      output[selected] = position;
      long value = values[position];
      selected += (value >= first & value <= last) == inside ? 1 : 0;
    }
    return selected;
  }

  private int selectDoubles(double[] values, int @Nullable [] selection, int count, int[] output) {
    double lower = range.lower();
    double upper = range.upper();
    boolean nanInside = range.nanInside();
    int selected = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      output[selected] = position;
      double value = values[position];
      boolean in = (value >= lower & value <= upper) | (nanInside & Double.isNaN(value));
      selected += in == inside ? 1 : 0;
    }
    return selected;
  }
}
