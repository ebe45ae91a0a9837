package io.ppdb.relational.spi;

import java.util.List;

/**
 * What the planner wants from a table.
 *
 * @param columns ordinals of the columns to deliver, in this order; beyond the visible columns they
 *     mean locator columns
 * @param conjuncts conditions that must all hold; a path takes those it can check itself
 * @param ordering an order that would be welcome; empty if none is
 * @param limit rows after which the reader stops, if all conjuncts are taken and the ordering is
 *     met; {@link Long#MAX_VALUE} if unknown
 */
public record ScanRequest(
    int[] columns, List<Conjunct> conjuncts, List<SortColumn> ordering, long limit) {
  public ScanRequest {
    conjuncts = List.copyOf(conjuncts);
    ordering = List.copyOf(ordering);
  }

  /** One column of an ordering, by its ordinal in the table. */
  public record SortColumn(int ordinal, boolean descending, boolean nullsFirst) {}
}
