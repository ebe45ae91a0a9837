package io.ppdb.relational.spi;

import io.ppdb.relational.statistics.TableStatistics;
import java.util.List;
import java.util.Map;

/**
 * What the planner wants from a table.
 *
 * @param columns ordinals of the columns to deliver, in this order; beyond the visible columns they
 *     mean locator columns
 * @param conjuncts conditions that must all hold; a path takes those it can check itself
 * @param ordering an order that would be welcome; empty if none is
 * @param limit rows after which the reader stops, if all conjuncts are taken and the ordering is
 *     met; {@link Long#MAX_VALUE} if unknown
 * @param partialIndexes the indexes, by number, that have an entry for every row that meets the
 *     conjuncts though not for every row of the table; with those conjuncts that all their rows
 *     meet
 * @param statistics what is known of the table's rows, to estimate by
 */
public record ScanRequest(
    int[] columns,
    List<Conjunct> conjuncts,
    List<SortColumn> ordering,
    long limit,
    Map<Integer, List<Conjunct>> partialIndexes,
    TableStatistics statistics) {
  public ScanRequest {
    conjuncts = List.copyOf(conjuncts);
    ordering = List.copyOf(ordering);
    partialIndexes = Map.copyOf(partialIndexes);
  }

  /** A request without statistics, which no partial index can answer. */
  public ScanRequest(
      int[] columns, List<Conjunct> conjuncts, List<SortColumn> ordering, long limit) {
    this(columns, conjuncts, ordering, limit, Map.of(), TableStatistics.NONE);
  }

  /** One column of an ordering, by its ordinal in the table. */
  public record SortColumn(int ordinal, boolean descending, boolean nullsFirst) {}
}
