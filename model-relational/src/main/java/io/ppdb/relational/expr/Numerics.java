package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.DecimalVector;
import io.ppdb.relational.vector.DoubleVector;
import io.ppdb.relational.vector.Vector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Exact numbers one at a time, with PostgreSQL's scales: what aggregates finish with. */
public final class Numerics {
  /** Significant digits of a square root. */
  private static final int ROOT_DIGITS = 17;

  private Numerics() {}

  /** The quotient with at least 16 significant digits; DIVISION_BY_ZERO if there is none. */
  public static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    return DecimalArithmetic.divide(dividend, divisor);
  }

  /** The square root of a number that is not negative, to 17 significant digits. */
  public static BigDecimal squareRoot(BigDecimal value) {
    BigDecimal root = value.sqrt(new MathContext(ROOT_DIGITS, RoundingMode.HALF_UP));
    int scale = Math.max(value.scale(), ROOT_DIGITS - (root.precision() - root.scale()));
    return root.setScale(Math.max(scale, 0), RoundingMode.HALF_UP);
  }

  /** Stores {@code value}, rounded to the type of {@code result}, an error if it does not fit. */
  public static void store(BigDecimal value, Vector result, int position) {
    if (result instanceof DecimalVector decimals) {
      decimals.set(position, Decimals.fit(value, result.type()));
    } else if (result instanceof DoubleVector doubles) {
      doubles.set(position, value.doubleValue());
    } else {
      Casts.storeInteger(value, result, position);
    }
  }

  /** The value at a position of a vector of integers or decimals. */
  public static BigDecimal get(Vector vector, int position) {
    return vector instanceof DecimalVector decimals
        ? decimals.get(position)
        : BigDecimal.valueOf(Casts.integer(vector, position));
  }

  /** Whether values of {@code type} are exact numbers. */
  public static boolean isExact(ColumnType type) {
    return type.kind().isNumeric() && !type.kind().isFloat();
  }

  /** The type that a column of {@code type} is cast to before it is compared with {@code other}. */
  public static ColumnType comparable(ColumnType type, ColumnType other) {
    ColumnType common = Types.common(type, other);
    return common.isUnconstrainedNumeric() ? Types.asDecimal(type) : common;
  }
}
