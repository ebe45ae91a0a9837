package io.ppdb.relational.planner;

import io.ppdb.relational.exec.SortKey;
import java.util.List;

/**
 * What the reader of a plan would like of it.
 *
 * @param ordering a welcome order, of output columns; empty if none
 * @param limit rows after which the reader stops if the order is met; infinite if unknown
 */
record Request(List<SortKey> ordering, double limit) {
  /** Any order, all rows. */
  static final Request ANY = new Request(List.of(), Double.POSITIVE_INFINITY);

  /** The same request without a limit: what is asked below a node that drops rows. */
  Request unlimited() {
    return new Request(ordering, Double.POSITIVE_INFINITY);
  }

  /** Whether rows ordered by {@code actual} are ordered as {@code wanted} says. */
  static boolean satisfies(List<SortKey> actual, List<SortKey> wanted) {
    return actual.size() >= wanted.size() && actual.subList(0, wanted.size()).equals(wanted);
  }
}
