package io.ppdb.relational.spi;

import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * What the indexes of a table compute, as trees whose input references are ordinals of the table's
 * columns. Immutable.
 *
 * @param keys of each of {@link TableDefinition#indexExpressions}
 * @param predicates of each of {@link TableDefinition#indexPredicates}
 */
public record IndexExpressions(
    TableDefinition table, List<RexNode> keys, List<RexNode> predicates) {
  public IndexExpressions {
    keys = List.copyOf(keys);
    predicates = List.copyOf(predicates);
  }

  /** Those of a table whose indexes compute nothing, or of which nobody asks. */
  public static IndexExpressions none(TableDefinition table) {
    return new IndexExpressions(table, List.of(), List.of());
  }

  /** The trees of the expressions in the key of an index of the table, in their order. */
  public List<RexNode> keysOf(IndexDefinition index) {
    List<RexNode> trees = new ArrayList<>();
    for (IndexDefinition.Column column : index.columns()) {
      if (column.expression() != null) {
        trees.add(keys.get(table.indexExpressions().indexOf(column.expression())));
      }
    }
    return trees;
  }

  /** The tree of the predicate of one of the table's indexes; null if it has none. */
  public @Nullable RexNode predicateOf(IndexDefinition index) {
    return index.predicate() == null
        ? null
        : predicates.get(table.indexPredicates().indexOf(index.predicate()));
  }
}
