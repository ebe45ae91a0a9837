package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The five operations on numbers whose operands and result share one type; decimals are in {@link
 * DecimalArithmetic}.
 *
 * <p>Integer division truncates and the remainder has the sign of the dividend. A result that does
 * not fit is an error that names the operands: loops note that some row overflowed and look for it
 * afterwards, so the good path has no branches.
 */
enum Arithmetic {
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  DIVIDE("/"),
  REMAINDER("%");

  private final String symbol;

  Arithmetic(String symbol) {
    this.symbol = symbol;
  }

  /** The kernel of this operation for numbers of {@code type}. */
  Kernel kernel(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> (a, selection, count, r) -> ints(type, a, selection, count, r);
      case INTEGER -> (a, selection, count, r) -> ints(type, a, selection, count, r);
      case BIGINT -> (a, selection, count, r) -> longs(type, a, selection, count, r);
      case REAL, DOUBLE -> (a, selection, count, r) -> doubles(type, a, selection, count, r);
      case DECIMAL -> new DecimalArithmetic(this);
      default -> throw Errors.notSupported("operator " + symbol + " on " + type);
    };
  }

  private void ints(
      ColumnType type, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    int[] left = ((IntVector) arguments[0]).values();
    int[] right = ((IntVector) arguments[1]).values();
    int[] out = ((IntVector) result).values();
    boolean small = type.kind() == TypeKind.SMALLINT;
    long lost = 0; // becomes nonzero if any result differs from its narrowed form
    switch (this) {
      case ADD -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long exact = (long) left[position] + right[position];
          int narrow = small ? (short) exact : (int) exact;
          lost |= exact ^ narrow;
          out[position] = narrow;
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long exact = (long) left[position] - right[position];
          int narrow = small ? (short) exact : (int) exact;
          lost |= exact ^ narrow;
          out[position] = narrow;
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long exact = (long) left[position] * right[position];
          int narrow = small ? (short) exact : (int) exact;
          lost |= exact ^ narrow;
          out[position] = narrow;
        }
      }
      case DIVIDE, REMAINDER -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long exact = divide(left[position], right[position]);
          int narrow = small ? (short) exact : (int) exact;
          lost |= exact ^ narrow;
          out[position] = narrow;
        }
      }
    }
    if (lost != 0) {
      for (int i = 0; i < count; i++) {
        int position = selection == null ? i : selection[i];
        long a = left[position];
        long b = right[position];
        long exact =
            switch (this) {
              case ADD -> a + b;
              case SUBTRACT -> a - b;
              case MULTIPLY -> a * b;
              case DIVIDE, REMAINDER -> divide(a, b);
            };
        if (exact != (small ? (short) exact : (int) exact)) {
          throw overflow(type, a, b);
        }
      }
    }
  }

  private void longs(
      ColumnType type, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    long[] left = ((LongVector) arguments[0]).values();
    long[] right = ((LongVector) arguments[1]).values();
    long[] out = ((LongVector) result).values();
    switch (this) {
      case ADD -> {
        long lost = 0;
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long a = left[position];
          long b = right[position];
          long sum = a + b;
          lost |= (a ^ sum) & (b ^ sum);
          out[position] = sum;
        }
        if (lost < 0) {
          throwOverflow(type, left, right, selection, count);
        }
      }
      case SUBTRACT -> {
        long lost = 0;
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long a = left[position];
          long b = right[position];
          long difference = a - b;
          lost |= (a ^ b) & (a ^ difference);
          out[position] = difference;
        }
        if (lost < 0) {
          throwOverflow(type, left, right, selection, count);
        }
      }
      case MULTIPLY -> {
        long lost = 0;
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          long a = left[position];
          long b = right[position];
          long low = a * b;
          lost |= Math.multiplyHigh(a, b) ^ (low >> 63);
          out[position] = low;
        }
        if (lost != 0) {
          throwOverflow(type, left, right, selection, count);
        }
      }
      case DIVIDE, REMAINDER -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          if (left[position] == Long.MIN_VALUE && right[position] == -1 && this == DIVIDE) {
            throw overflow(type, left[position], right[position]);
          }
          out[position] = divide(left[position], right[position]);
        }
      }
    }
  }

  /** Quotient or remainder, whichever this operation is. */
  private long divide(long dividend, long divisor) {
    if (divisor == 0) {
      throw Errors.divisionByZero(dividend);
    }
    return this == DIVIDE ? dividend / divisor : dividend % divisor;
  }

  private void throwOverflow(
      ColumnType type, long[] left, long[] right, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      long a = left[position];
      long b = right[position];
      try {
        long exact =
            switch (this) {
              case ADD -> Math.addExact(a, b);
              case SUBTRACT -> Math.subtractExact(a, b);
              default -> Math.multiplyExact(a, b);
            };
        assert this != MULTIPLY || exact == a * b;
      } catch (ArithmeticException e) {
        throw overflow(type, a, b);
      }
    }
  }

  private RuntimeException overflow(ColumnType type, long left, long right) {
    return Errors.outOfRange(type, left + " " + symbol + " " + right);
  }

  private void doubles(
      ColumnType type, Vector[] arguments, int @Nullable [] selection, int count, Vector result) {
    double[] left = ((DoubleVector) arguments[0]).values();
    double[] right = ((DoubleVector) arguments[1]).values();
    double[] out = ((DoubleVector) result).values();
    switch (this) {
      case ADD -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          out[position] = left[position] + right[position];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          out[position] = left[position] - right[position];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          out[position] = left[position] * right[position];
        }
      }
      case DIVIDE, REMAINDER -> {
        for (int i = 0; i < count; i++) {
          int position = selection == null ? i : selection[i];
          if (right[position] == 0) {
            throw Errors.divisionByZero(left[position]);
          }
          out[position] =
              this == DIVIDE ? left[position] / right[position] : left[position] % right[position];
        }
      }
    }
    checkFinite(type, left, right, selection, count, out);
  }

  /** Rounds reals; an infinite result of finite operands is an error, as in PostgreSQL. */
  private void checkFinite(
      ColumnType type,
      double[] left,
      double[] right,
      int @Nullable [] selection,
      int count,
      double[] out) {
    boolean single = type.kind() == TypeKind.REAL;
    for (int i = 0; i < count; i++) {
      int position = selection == null ? i : selection[i];
      double value = single ? (float) out[position] : out[position];
      out[position] = value;
      if (Double.isInfinite(value)
          && !Double.isInfinite(left[position])
          && !Double.isInfinite(right[position])) {
        throw Errors.outOfRange(type, left[position] + " " + symbol + " " + right[position]);
      }
    }
  }
}
