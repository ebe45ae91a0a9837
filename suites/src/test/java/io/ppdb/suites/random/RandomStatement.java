package io.ppdb.suites.random;

import java.util.Set;

/**
 * A statement, and which databases do not understand it.
 *
 * @param notFor their names, as {@link DifferentialTest} has them
 */
record RandomStatement(String sql, Set<String> notFor) {
  /** Whether its rows have an order. */
  boolean isOrdered() {
    return sql.contains("\nORDER BY ");
  }
}
