package io.ppdb.relational.expr;

import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.PhysicalType;
import io.ppdb.relational.vector.BooleanVector;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.IntervalVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The six comparisons. Each is the set of signs that satisfy it, so one loop for each type serves
 * them all.
 *
 * <p>Text compares byte by byte, which for UTF-8 is the order of code points. NaN equals itself and
 * is greater than every other number, as in PostgreSQL.
 */
public enum Comparison implements Kernel {
  LESS(0b001),
  LESS_OR_EQUAL(0b011),
  EQUAL(0b010),
  NOT_EQUAL(0b101),
  GREATER_OR_EQUAL(0b110),
  GREATER(0b100);

  /** Bit {@code sign + 1} is set if a comparison with that sign satisfies this operator. */
  private final int signs;

  Comparison(int signs) {
    this.signs = signs;
  }

  /** Whether a comparison that gave {@code sign} (-1, 0 or 1) satisfies this operator. */
  boolean accepts(int sign) {
    return (signs >> (sign + 1) & 1) != 0;
  }

  /** The operator that holds for (b, a) exactly if this one holds for (a, b). */
  Comparison mirrored() {
    return switch (this) {
      case LESS -> GREATER;
      case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
      case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      case GREATER -> LESS;
      case EQUAL, NOT_EQUAL -> this;
    };
  }

  /** Compares two positions of vectors of one physical type; neither is NULL. */
  public static int compare(Vector left, int leftPosition, Vector right, int rightPosition) {
    if (left instanceof IntVector ints) {
      return Integer.compare(ints.get(leftPosition), ((IntVector) right).get(rightPosition));
    } else if (left instanceof LongVector longs) {
      return Long.compare(longs.get(leftPosition), ((LongVector) right).get(rightPosition));
    } else if (left instanceof DoubleVector doubles) {
      return compareDoubles(doubles.get(leftPosition), ((DoubleVector) right).get(rightPosition));
    } else if (left instanceof DecimalVector decimals) {
      DecimalVector others = (DecimalVector) right;
      return decimals.isCompact() && others.isCompact() && decimals.scale() == others.scale()
          ? Long.compare(decimals.unscaled()[leftPosition], others.unscaled()[rightPosition])
          : decimals.get(leftPosition).compareTo(others.get(rightPosition));
    } else if (left instanceof BytesVector bytes) {
      return compareBytes(bytes, leftPosition, (BytesVector) right, rightPosition);
    } else if (left instanceof BooleanVector booleans) {
      return Boolean.compare(
          booleans.get(leftPosition), ((BooleanVector) right).get(rightPosition));
    }
    return compareIntervals(
        (IntervalVector) left, leftPosition, (IntervalVector) right, rightPosition);
  }

  /** -1, 0 or 1; zeros are equal whatever their sign, NaN is the greatest. */
  public static int compareDoubles(double left, double right) {
    if (left < right) {
      return -1;
    }
    if (left > right) {
      return 1;
    }
    return left == right ? 0 : Boolean.compare(Double.isNaN(left), Double.isNaN(right));
  }

  private static int compareBytes(
      BytesVector left, int leftPosition, BytesVector right, int rightPosition) {
    if (left.type().physical() == PhysicalType.ENCODED) {
      return Encodings.compare(left, leftPosition, right, rightPosition);
    }
    int leftStart = left.starts()[leftPosition];
    int rightStart = right.starts()[rightPosition];
    return Integer.signum(
        Arrays.compareUnsigned(
            left.arena(),
            leftStart,
            leftStart + left.lengths()[leftPosition],
            right.arena(),
            rightStart,
            rightStart + right.lengths()[rightPosition]));
  }

  private static int compareIntervals(
      IntervalVector left, int leftPosition, IntervalVector right, int rightPosition) {
    return Interval.compare(
        left.months()[leftPosition],
        left.days()[leftPosition],
        left.micros()[leftPosition],
        right.months()[rightPosition],
        right.days()[rightPosition],
        right.micros()[rightPosition]);
  }

  @Override
  public void compute(Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    boolean[] out = ((BooleanVector) result).values();
    Vector left = arguments[0];
    Vector right = arguments[1];
    if (left instanceof IntVector ints) {
      compareInts(ints.values(), ((IntVector) right).values(), selection, count, out);
    } else if (left instanceof LongVector longs) {
      compareLongs(longs.values(), ((LongVector) right).values(), selection, count, out);
    } else if (left instanceof DecimalVector decimals
        && decimals.isCompact()
        && ((DecimalVector) right).isCompact()
        && decimals.scale() == ((DecimalVector) right).scale()) {
      compareLongs(decimals.unscaled(), ((DecimalVector) right).unscaled(), selection, count, out);
    } else if (left instanceof DoubleVector doubles) {
      double[] a = doubles.values();
      double[] b = ((DoubleVector) right).values();
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        out[position] = accepts(compareDoubles(a[position], b[position]));
      }
    } else {
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        out[position] = accepts(Integer.signum(compare(left, position, right, position)));
      }
    }
  }

  private void compareInts(
      int[] left, int[] right, int @Nullable [] selection, int count, boolean[] out) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      int a = left[position];
      int b = right[position];
      out[position] = (signs & (a < b ? 0b001 : a == b ? 0b010 : 0b100)) != 0;
    }
  }

  private void compareLongs(
      long[] left, long[] right, int @Nullable [] selection, int count, boolean[] out) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long a = left[position];
      long b = right[position];
      out[position] = (signs & (a < b ? 0b001 : a == b ? 0b010 : 0b100)) != 0;
    }
  }
}
