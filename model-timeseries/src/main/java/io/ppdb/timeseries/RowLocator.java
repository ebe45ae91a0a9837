package io.ppdb.timeseries;

import io.ppdb.relational.type.ColumnType;
import java.util.List;

/** How a DELETE finds a row again: hidden columns with the key of its segment and its number. */
final class RowLocator {
  static final List<ColumnType> TYPES = List.of(ColumnType.BYTEA, ColumnType.INTEGER);

  /** Place of the segment's key among the locator columns. */
  static final int SEGMENT_KEY = 0;

  /** Place of the row number among the locator columns. */
  static final int ROW = 1;

  private RowLocator() {}
}
