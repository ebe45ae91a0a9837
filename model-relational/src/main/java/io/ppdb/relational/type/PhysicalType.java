package io.ppdb.relational.type;

/** How a vector stores the values of a type. */
public enum PhysicalType {
  /** {@code boolean[]}. */
  BOOLEAN,
  /** {@code int[]}: smallint, integer, date as days since 1970-01-01. */
  INT,
  /** {@code long[]}: bigint; time, timestamp and timestamptz in microseconds. */
  LONG,
  /** {@code double[]}: double precision, and real rounded to the nearest float. */
  DOUBLE,
  /** Unscaled {@code long[]} with one scale, or {@code BigDecimal[]} where that is too narrow. */
  DECIMAL,
  /** Slices of a byte arena: UTF-8 text, bytea, the 16 bytes of a uuid. */
  BYTES,
  /**
   * Slices of a byte arena that encode a value: the canonical text of JSON, an array. Two of them
   * may be equal though their bytes differ.
   */
  ENCODED,
  /** Months, days and microseconds. */
  INTERVAL
}
