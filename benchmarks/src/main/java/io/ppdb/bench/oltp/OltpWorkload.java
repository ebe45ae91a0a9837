package io.ppdb.bench.oltp;

import java.util.Locale;

/** What the suite measures, in the order it runs. */
enum OltpWorkload {
  /** One row by its primary key, by a statement prepared once. */
  POINT_SELECT,
  /** The same by a new text each time, with the key in it. */
  POINT_SELECT_FRESH,
  /** A hundred rows by a range of a secondary index, in its order. */
  RANGE100,
  /** An order's ten lines with customer and items, each found by its primary key. */
  JOIN3,
  /** One row with one secondary index entry, a transaction of its own. */
  INSERT_AUTOCOMMIT,
  /** A JDBC batch of a thousand such rows, one transaction. An operation is one row. */
  INSERT_BATCH,
  /** Adds to a column of one row found by its primary key, a transaction of its own. */
  UPDATE,
  /** One terminal of the TPC-C-like mix. */
  TPCC1,
  /** Eight terminals, each with a connection and a warehouse of its own. */
  TPCC8;

  /** The name in result rows. */
  String rowName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static OltpWorkload named(String rowName) {
    return valueOf(rowName.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Whether it commits, so that it matters what a commit survives. */
  boolean isDurable() {
    return this == INSERT_AUTOCOMMIT || this == INSERT_BATCH || this == UPDATE;
  }

  boolean isMix() {
    return this == TPCC1 || this == TPCC8;
  }
}
