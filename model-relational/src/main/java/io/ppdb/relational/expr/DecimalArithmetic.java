package io.ppdb.relational.expr;

import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Exact arithmetic on decimals.
 *
 * <p>Sum and difference have the larger scale, the product the sum of scales, the quotient at least
 * 16 significant digits and at least the scale of either operand, as in PostgreSQL. A batch of
 * compact operands is computed on longs; if one row does not fit, the batch is computed again on
 * {@link BigDecimal}s.
 */
@SuppressWarnings("ShortCircuitBoolean") // loops without branches on the data
final class DecimalArithmetic implements Kernel {
  /** Significant digits of a quotient. */
  private static final int MIN_SIGNIFICANT_DIGITS = 16;

  /** Largest scale of a quotient. */
  private static final int MAX_QUOTIENT_SCALE = 1000;

  /** PostgreSQL's numeric counts in digits of base 10,000. */
  private static final int DIGITS_PER_GROUP = 4;

  private static final int[] SMALL_POWERS = {1, 10, 100, 1000, 10_000};

  private final Arithmetic operation;
  private long[] rescaled = {};

  DecimalArithmetic(Arithmetic operation) {
    this.operation = operation;
  }

  @Override
  public void compute(Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    DecimalVector left = (DecimalVector) arguments[0];
    DecimalVector right = (DecimalVector) arguments[1];
    DecimalVector out = (DecimalVector) result;
    if (left.isCompact() && right.isCompact() && compact(left, right, selection, count, out)) {
      return;
    }
    BigDecimal[] values = out.beginWide();
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      BigDecimal a = left.get(position);
      BigDecimal b = right.get(position);
      values[position] =
          switch (operation) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.subtract(b);
            case MULTIPLY -> a.multiply(b);
            case DIVIDE -> divide(a, b);
            case REMAINDER -> remainder(a, b);
          };
    }
  }

  /** Computes on longs; false if a result does not fit or the operation has no such path. */
  private boolean compact(
      DecimalVector left,
      DecimalVector right,
      int @Nullable [] selection,
      int count,
      DecimalVector out) {
    if (operation == Arithmetic.MULTIPLY) {
      out.beginCompact(left.scale() + right.scale());
      return multiply(left.unscaled(), right.unscaled(), selection, count, out.unscaled());
    }
    if (operation != Arithmetic.ADD && operation != Arithmetic.SUBTRACT) {
      return false;
    }
    int scale = Math.max(left.scale(), right.scale());
    long[] a = left.unscaled();
    long[] b = right.unscaled();
    if (left.scale() < scale) {
      if (!rescale(a, scale - left.scale(), selection, count)) {
        return false;
      }
      a = rescaled;
    } else if (right.scale() < scale) {
      if (!rescale(b, scale - right.scale(), selection, count)) {
        return false;
      }
      b = rescaled;
    }
    out.beginCompact(scale);
    return operation == Arithmetic.ADD
        ? add(a, b, selection, count, out.unscaled())
        : subtract(a, b, selection, count, out.unscaled());
  }

  private static boolean multiply(
      long[] left, long[] right, int @Nullable [] selection, int count, long[] out) {
    long lost = 0;
    if (selection == null) {
      for (int i = 0; i < count; i++) {
        long low = left[i] * right[i];
        lost |= Math.multiplyHigh(left[i], right[i]) ^ (low >> 63);
        out[i] = low;
      }
      return lost == 0;
    }
    for (int i = 0; i < count; i++) {
      int position = selection[i];
      long low = left[position] * right[position];
      lost |= Math.multiplyHigh(left[position], right[position]) ^ (low >> 63);
      out[position] = low;
    }
    return lost == 0;
  }

  private static boolean add(
      long[] left, long[] right, int @Nullable [] selection, int count, long[] out) {
    long lost = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long sum = left[position] + right[position];
      lost |= (left[position] ^ sum) & (right[position] ^ sum);
      out[position] = sum;
    }
    return lost >= 0;
  }

  private static boolean subtract(
      long[] left, long[] right, int @Nullable [] selection, int count, long[] out) {
    long lost = 0;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long difference = left[position] - right[position];
      lost |= (left[position] ^ right[position]) & (left[position] ^ difference);
      out[position] = difference;
    }
    return lost >= 0;
  }

  /** Multiplies by a power of ten into {@link #rescaled}; false on overflow. */
  private boolean rescale(long[] values, int digits, int @Nullable [] selection, int count) {
    if (digits > Decimals.MAX_LONG_POWER) {
      return false;
    }
    if (rescaled.length < values.length) {
      rescaled = new long[values.length];
    }
    long factor = Decimals.powerOfTen(digits);
    long limit = Long.MAX_VALUE / factor;
    boolean fits = true;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long value = values[position];
      fits &= value <= limit & value >= -limit;
      rescaled[position] = value * factor;
    }
    return fits;
  }

  /**
   * The quotient at the scale that PostgreSQL's {@code select_div_scale} chooses: 16 significant
   * digits, counted in groups of four, and no fewer decimals than either operand shows.
   */
  static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw Errors.divisionByZero(dividend);
    }
    int quotientWeight = weight(dividend) - weight(divisor);
    if (leadingGroup(dividend) <= leadingGroup(divisor)) {
      quotientWeight--;
    }
    int scale = MIN_SIGNIFICANT_DIGITS - quotientWeight * DIGITS_PER_GROUP;
    scale = Math.max(Math.max(scale, 0), Math.max(dividend.scale(), divisor.scale()));
    return dividend.divide(divisor, Math.min(scale, MAX_QUOTIENT_SCALE), RoundingMode.HALF_UP);
  }

  private static BigDecimal remainder(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw Errors.divisionByZero(dividend);
    }
    int scale = Math.max(dividend.scale(), divisor.scale());
    return dividend.remainder(divisor).setScale(scale, RoundingMode.UNNECESSARY);
  }

  /** The power of 10,000 that the first group of digits counts; 0 for zero. */
  private static int weight(BigDecimal value) {
    return value.signum() == 0
        ? 0
        : Math.floorDiv(value.precision() - value.scale() - 1, DIGITS_PER_GROUP);
  }

  /** The first group of digits as a number from 1 to 9,999; 0 for zero. */
  private static int leadingGroup(BigDecimal value) {
    if (value.signum() == 0) {
      return 0;
    }
    int digitsBeforePoint = value.precision() - value.scale();
    int groupDigits = Math.floorMod(digitsBeforePoint - 1, DIGITS_PER_GROUP) + 1;
    BigInteger digits = value.unscaledValue().abs();
    int surplus = value.precision() - groupDigits;
    return surplus >= 0
        ? digits.divide(BigInteger.TEN.pow(surplus)).intValue()
        : digits.intValue() * SMALL_POWERS[-surplus];
  }
}
