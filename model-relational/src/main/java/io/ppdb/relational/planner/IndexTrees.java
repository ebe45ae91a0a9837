package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.IndexExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.calcite.rex.RexNode;

/**
 * What the indexes of tables compute, by version of the table: an id and a version name one
 * definition for ever. Thread-safe.
 */
final class IndexTrees {
  private static final int MAX_TABLES = 1024;

  private final Map<ObjectVersion, IndexExpressions> known = new ConcurrentHashMap<>();

  /**
   * Those of {@code table}.
   *
   * @param expressions makes a tree of the text of an expression
   * @param conditions makes a tree of the text of a predicate
   */
  IndexExpressions get(
      TableDefinition table,
      Function<String, RexNode> expressions,
      Function<String, RexNode> conditions) {
    ObjectVersion version = new ObjectVersion(table.id(), table.version());
    IndexExpressions found = known.get(version);
    if (found == null) {
      List<RexNode> keys = new ArrayList<>();
      for (IndexExpression expression : table.indexExpressions()) {
        keys.add(expressions.apply(expression.text()));
      }
      List<RexNode> predicates = table.indexPredicates().stream().map(conditions).toList();
      found = new IndexExpressions(table, keys, predicates);
      if (known.size() >= MAX_TABLES) {
        known.clear();
      }
      known.put(version, found);
    }
    return found;
  }
}
