package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Powers of ten and the rounding of decimals to declared types. */
final class Decimals {
  /** The largest power of ten that fits a long. */
  static final int MAX_LONG_POWER = 18;

  private static final long[] POWERS = new long[MAX_LONG_POWER + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Decimals() {}

  /** 10 to the power of {@code exponent}, which is at most {@link #MAX_LONG_POWER}. */
  static long powerOfTen(int exponent) {
    return POWERS[exponent];
  }

  /** {@code value} rounded half away from zero to {@code type}; an error if it has more digits. */
  static BigDecimal fit(BigDecimal value, ColumnType type) {
    if (type.isUnconstrainedNumeric()) {
      return value.scale() < 0 ? value.setScale(0, RoundingMode.UNNECESSARY) : value;
    }
    BigDecimal rounded =
        value.scale() == type.scale() ? value : value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision()) {
      throw Errors.outOfRange(type, value.toPlainString());
    }
    return rounded;
  }
}
