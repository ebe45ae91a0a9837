package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.IndexExpressions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What the indexes of the tables of one statement compute; found when it is asked for. Used by one
 * thread.
 */
final class StatementIndexes {
  private final CatalogView catalog;
  private final Function<TableDefinition, IndexExpressions> finder;
  private final Map<Long, IndexExpressions> known = new HashMap<>();

  /**
   * @param finder makes the trees of a table whose indexes compute something
   */
  StatementIndexes(CatalogView catalog, Function<TableDefinition, IndexExpressions> finder) {
    this.catalog = catalog;
    this.finder = finder;
  }

  /** What the indexes of {@code table} compute. */
  IndexExpressions of(TableDefinition table) {
    return table.indexExpressions().isEmpty() && table.indexPredicates().isEmpty()
        ? IndexExpressions.none(table)
        : known.computeIfAbsent(table.id(), id -> finder.apply(table));
  }

  /** The plan could be another one if values were known that are parameters. */
  void dependOnParameters() {
    catalog.dependOnParameters();
  }
}
