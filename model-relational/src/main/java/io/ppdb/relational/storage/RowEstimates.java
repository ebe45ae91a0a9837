package io.ppdb.relational.storage;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.List;

/**
 * How many rows of a table meet what is asked of a key: counted by the store if the ranges are
 * known when the statement is planned, else told by statistics, or guessed. Immutable.
 */
final class RowEstimates {
  /** More ranges than these are not asked for one by one. */
  private static final int MAX_COUNTED_RANGES = 8;

  private static final double RANGE_SELECTIVITY = 1.0 / 3;

  private final TableDefinition table;
  private final KeyValueStore store;

  RowEstimates(TableDefinition table, KeyValueStore store) {
    this.table = table;
    this.store = store;
  }

  /**
   * Rows that meet {@code condition}, at least 1.
   *
   * @param prefix of the keys that the condition is about
   * @param keyNumber which key it is about, as statistics count them
   * @param rowCount rows of the table, or of the part of it that an index is about
   */
  double rows(
      KeyCondition condition,
      byte[] prefix,
      int keyNumber,
      double rowCount,
      TableStatistics statistics) {
    if (condition.isEmpty()) {
      return rowCount;
    }
    List<KeyRange> known = condition.constantRanges(prefix);
    if (known != null && known.size() <= MAX_COUNTED_RANGES) {
      double entries = 0;
      for (KeyRange range : known) {
        entries += store.statistics(range).entryCount();
      }
      return Math.max(1, entries);
    }
    double rows = 0;
    for (KeyBounds branch : condition.branches()) {
      rows += rows(branch, keyNumber, rowCount, statistics);
    }
    double most = rowsOfPrefix(keyNumber, condition.equalityCount(), rowCount, statistics);
    return Math.max(1, Math.min(most, rows));
  }

  private double rows(
      KeyBounds bounds, int keyNumber, double rowCount, TableStatistics statistics) {
    double each = rowsOfPrefix(keyNumber, bounds.valueCount(), rowCount, statistics);
    return each * bounds.combinationCount() * rangeFraction(bounds.rangeBounds(), statistics);
  }

  /** Rows that share some values of the first columns of a key. */
  private double rowsOfPrefix(
      int keyNumber, int length, double rowCount, TableStatistics statistics) {
    // The number of rows that a partial index has does not tell how the table has grown.
    double grownTo = isPartial(keyNumber) ? statistics.rowCount() : rowCount;
    double distinct = statistics.distinctPrefixes(keyNumber, length, grownTo);
    if (distinct > 0) {
      return Math.max(1, rowCount / distinct);
    }
    double rows = rowCount;
    for (int i = 0; i < length; i++) {
      rows = Math.sqrt(rows);
    }
    return rows;
  }

  private boolean isPartial(int keyNumber) {
    return keyNumber != ForeignKeyDefinition.PRIMARY_KEY
        && table.indexNumbered(keyNumber).predicate() != null;
  }

  private double rangeFraction(List<ColumnComparison> bounds, TableStatistics statistics) {
    if (bounds.isEmpty()) {
      return 1;
    }
    ColumnComparison lower = null;
    ColumnComparison upper = null;
    for (ColumnComparison bound : bounds) {
      switch (bound.operator()) {
        case GREATER, GREATER_OR_EQUAL -> lower = lower == null ? bound : lower;
        default -> upper = upper == null ? bound : upper;
      }
    }
    double guess =
        (lower == null ? 1 : RANGE_SELECTIVITY) * (upper == null ? 1 : RANGE_SELECTIVITY);
    return new ComparisonEstimates(table, statistics).range(lower, upper, guess);
  }
}
