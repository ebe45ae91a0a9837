package io.ppdb.timeseries.segment;

/**
 * How the values of a column chunk are written: the low seven bits of its first byte.
 *
 * <p>Persistent: a code is never given another meaning.
 */
final class Encoding {
  /** Every value is NULL; no payload. */
  static final int ALL_NULL = 0;

  /** Integers of any width, dates, times, timestamps: frame of reference. */
  static final int INTEGER = 1;

  /** Doubles that are all an integer over one power of ten: exponent, then integers. */
  static final int SCALED = 2;

  /** Doubles, 8 bytes each. */
  static final int DOUBLE = 3;

  /** Reals, 4 bytes each. */
  static final int FLOAT = 4;

  /** Booleans, one bit each. */
  static final int BOOLEAN = 5;

  /** Byte strings as codes into a sorted dictionary. */
  static final int DICTIONARY = 6;

  /** Byte strings one after the other, their lengths in front. */
  static final int PLAIN = 7;

  /** Decimals of one scale that fit a long: scale, then integers. */
  static final int DECIMAL = 8;

  /** Decimals that do not: each as scale and digits, written like byte strings. */
  static final int WIDE_DECIMAL = 9;

  /** Intervals: months, days and microseconds as integers. */
  static final int INTERVAL = 10;

  /** Bit of the first byte that announces a bitmap of NULLs. */
  static final int HAS_NULLS = 0x80;

  private Encoding() {}
}
