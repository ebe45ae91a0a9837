package io.ppdb.timeseries.segment;

import io.ppdb.relational.vector.DoubleVector;

/**
 * Doubles that came from decimal text: 17.6 is 176 over ten, exactly, bit by bit.
 *
 * <p>The idea of ALP (Afroozeh, Kuffo, Boncz: "ALP: Adaptive Lossless floating-Point Compression",
 * SIGMOD 2024) without its exceptions: either one power of ten serves all values, or none is used.
 */
final class ScaledDoubles {
  /** Powers of ten that are tried. */
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  /** Integers up to this are doubles without rounding. */
  private static final double MAX_INTEGER = 1L << 52;

  private ScaledDoubles() {}

  /** Ten to the power of {@code exponent}. */
  static double power(int exponent) {
    if (exponent >= POWERS.length) {
      throw ByteSource.corrupt("exponent " + exponent + "; at most " + (POWERS.length - 1));
    }
    return POWERS[exponent];
  }

  /**
   * The least exponent for which every value is an integer over its power of ten, or -1.
   *
   * @param integers gets these integers, except where the value is NULL
   */
  static int exponentOf(
      DoubleVector vector, int[] positions, int from, int count, long[] integers) {
    int exponent = 0;
    int i = 0;
    while (i < count) {
      int position = positions[from + i];
      if (!vector.isNull(position) && !scale(vector.get(position), exponent, i, integers)) {
        exponent++;
        if (exponent == POWERS.length) {
          return -1;
        }
        i = 0; // a larger power need not serve a value that a smaller one served
      } else {
        i++;
      }
    }
    return exponent;
  }

  private static boolean scale(double value, int exponent, int index, long[] integers) {
    double scaled = Math.rint(value * POWERS[exponent]);
    if (!(Math.abs(scaled) <= MAX_INTEGER)) {
      return false;
    }
    long integer = (long) scaled;
    integers[index] = integer;
    return Double.doubleToRawLongBits(integer / POWERS[exponent])
        == Double.doubleToRawLongBits(value);
  }
}
