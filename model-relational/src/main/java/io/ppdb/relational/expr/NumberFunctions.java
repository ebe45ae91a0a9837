package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** The rarer functions of numbers: divisors, digits, histograms, hyperbolic functions. */
final class NumberFunctions {
  private static final int MAX_FACTORIAL = 32_177;

  private NumberFunctions() {}

  static void register(Map<String, Functions.Builder> functions) {
    functions.put("GCD", (c, a) -> LongKernels.binary(c, a, NumberFunctions::divisor));
    functions.put("LCM", (c, a) -> LongKernels.binary(c, a, NumberFunctions::multiple));
    functions.put("DIV", NumberFunctions::quotient);
    functions.put("FACTORIAL", NumberFunctions::factorial);
    functions.put("WIDTH_BUCKET", NumberFunctions::bucket);
    functions.put("SCALE", (c, a) -> digits(c, a, BigDecimal::scale));
    functions.put("MIN_SCALE", (c, a) -> digits(c, a, value -> trimmed(value).scale()));
    functions.put("TRIM_SCALE", NumberFunctions::trimScale);
    functions.put("SINH", (c, a) -> real(c, a, Math::sinh));
    functions.put("COSH", (c, a) -> real(c, a, Math::cosh));
    functions.put("TANH", (c, a) -> real(c, a, Math::tanh));
    functions.put("ASINH", (c, a) -> real(c, a, NumberFunctions::asinh));
    functions.put("ACOSH", (c, a) -> real(c, a, NumberFunctions::acosh));
    functions.put("ATANH", (c, a) -> real(c, a, NumberFunctions::atanh));
  }

  private static VectorExpression real(
      ExpressionCompiler compiler, VectorExpression[] a, DoubleUnaryOperator function) {
    return compiler.strict(
        ColumnType.DOUBLE,
        Kernel.of(
            (v, i, r) ->
                ((DoubleVector) r).set(i, function.applyAsDouble(((DoubleVector) v[0]).get(i)))),
        compiler.cast(a[0], ColumnType.DOUBLE));
  }

  private static double asinh(double x) {
    // The sign is taken apart, since the sum would cancel for numbers below zero.
    double magnitude = Math.abs(x);
    return Math.copySign(
        Math.log1p(magnitude + magnitude * magnitude / (1 + Math.sqrt(1 + magnitude * magnitude))),
        x);
  }

  private static double acosh(double x) {
    if (x < 1) {
      throw Errors.invalidArgument("input is out of range: acosh of " + x);
    }
    return Math.log1p((x - 1) + Math.sqrt((x - 1) * (x + 1)));
  }

  private static double atanh(double x) {
    if (!(Math.abs(x) <= 1)) {
      throw Errors.invalidArgument("input is out of range: atanh of " + x);
    }
    return 0.5 * (Math.log1p(x) - Math.log1p(-x));
  }

  private static long divisor(long a, long b) {
    return exact(BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)));
  }

  private static long multiple(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    BigInteger left = BigInteger.valueOf(a);
    BigInteger right = BigInteger.valueOf(b);
    return exact(left.divide(left.gcd(right)).multiply(right).abs());
  }

  private static long exact(BigInteger value) {
    if (value.bitLength() > Long.SIZE - 1) {
      throw Errors.outOfRange(ColumnType.BIGINT, value.toString());
    }
    return value.longValue();
  }

  /** The whole part of a quotient. */
  private static VectorExpression quotient(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.NUMERIC,
        Kernel.of(
            (v, i, r) -> {
              BigDecimal divisor = ((DecimalVector) v[1]).get(i);
              BigDecimal dividend = ((DecimalVector) v[0]).get(i);
              if (divisor.signum() == 0) {
                throw Errors.divisionByZero(dividend);
              }
              ((DecimalVector) r).set(i, dividend.divide(divisor, 0, RoundingMode.DOWN));
            }),
        compiler.cast(a[0], ColumnType.NUMERIC),
        compiler.cast(a[1], ColumnType.NUMERIC));
  }

  private static VectorExpression factorial(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.NUMERIC,
        Kernel.of(
            (v, i, r) -> {
              long value = ((LongVector) v[0]).get(i);
              if (value < 0 || value > MAX_FACTORIAL) {
                throw Errors.outOfRange(ColumnType.NUMERIC, "factorial of " + value);
              }
              BigInteger product = BigInteger.ONE;
              for (long factor = 2; factor <= value; factor++) {
                product = product.multiply(BigInteger.valueOf(factor));
              }
              ((DecimalVector) r).set(i, new BigDecimal(product));
            }),
        compiler.cast(a[0], ColumnType.BIGINT));
  }

  /** In which of equal parts of a range a number lies: 0 before it, one more than all behind it. */
  private static VectorExpression bucket(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of(
            (v, i, r) ->
                ((IntVector) r)
                    .set(
                        i,
                        bucket(
                            ((DecimalVector) v[0]).get(i),
                            ((DecimalVector) v[1]).get(i),
                            ((DecimalVector) v[2]).get(i),
                            ((IntVector) v[3]).get(i)))),
        compiler.cast(a[0], ColumnType.NUMERIC),
        compiler.cast(a[1], ColumnType.NUMERIC),
        compiler.cast(a[2], ColumnType.NUMERIC),
        compiler.cast(a[3], ColumnType.INTEGER));
  }

  private static int bucket(BigDecimal value, BigDecimal low, BigDecimal high, int count) {
    if (count <= 0 || low.compareTo(high) == 0) {
      throw Errors.invalidArgument(
          count <= 0
              ? "count must be greater than zero, seen " + count
              : "lower bound cannot equal upper bound: " + low);
    }
    boolean descending = low.compareTo(high) > 0;
    BigDecimal distance = descending ? low.subtract(value) : value.subtract(low);
    BigDecimal width = low.subtract(high).abs();
    if (distance.signum() < 0) {
      return 0;
    }
    if (distance.compareTo(width) >= 0) {
      return Math.addExact(count, 1);
    }
    return distance.multiply(BigDecimal.valueOf(count)).divideToIntegralValue(width).intValueExact()
        + 1;
  }

  /** A property of a numeric that is a number of digits. */
  @FunctionalInterface
  private interface Digits {
    int of(BigDecimal value);
  }

  private static VectorExpression digits(
      ExpressionCompiler compiler, VectorExpression[] a, Digits digits) {
    return compiler.strict(
        ColumnType.INTEGER,
        Kernel.of((v, i, r) -> ((IntVector) r).set(i, digits.of(((DecimalVector) v[0]).get(i)))),
        compiler.cast(a[0], ColumnType.NUMERIC));
  }

  private static VectorExpression trimScale(ExpressionCompiler compiler, VectorExpression[] a) {
    return compiler.strict(
        ColumnType.NUMERIC,
        Kernel.of(
            (Vector[] v, int i, Vector r) ->
                ((DecimalVector) r).set(i, trimmed(((DecimalVector) v[0]).get(i)))),
        compiler.cast(a[0], ColumnType.NUMERIC));
  }

  private static BigDecimal trimmed(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
  }
}
