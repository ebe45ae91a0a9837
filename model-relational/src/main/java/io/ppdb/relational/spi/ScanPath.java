package io.ppdb.relational.spi;

import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.LookupSource;
import io.ppdb.relational.spi.ScanRequest.SortColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to scan a table, with what it costs.
 *
 * @param description how EXPLAIN names it
 * @param taken the conjuncts of the request that the path checks completely; the planner filters by
 *     the others. A path may use a conjunct to narrow what it reads without taking it.
 * @param estimatedRows rows that the path will deliver
 * @param cost what reading them costs; 1 is one row of a sequential scan
 * @param ordering the order in which rows come, most significant first; empty if unordered
 * @param source opens the scan; its batches hold the columns of the request in their order
 * @param lookups opens the same for the right side of a join, whose left row the operands of the
 *     taken conjuncts read; null if there is only {@code source}, opened for each left row
 */
public record ScanPath(
    ScanText description,
    List<Conjunct> taken,
    double estimatedRows,
    double cost,
    List<SortColumn> ordering,
    BatchSource.Factory source,
    LookupSource.@Nullable Factory lookups) {
  public ScanPath {
    taken = List.copyOf(taken);
    ordering = List.copyOf(ordering);
  }

  /** A path without lookups. */
  public ScanPath(
      ScanText description,
      List<Conjunct> taken,
      double estimatedRows,
      double cost,
      List<SortColumn> ordering,
      BatchSource.Factory source) {
    this(description, taken, estimatedRows, cost, ordering, source, null);
  }
}
