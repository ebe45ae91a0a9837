package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.IndexExpressions;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PpdbTypeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Which unique indexes are meant by the columns and expressions of their keys, in any order, and by
 * a condition on the rows that they cover: what ON CONFLICT says.
 */
final class IndexInference {
  private final IndexExpressions computed;
  private final Comparisons comparisons;
  private final Implication implication;

  IndexInference(IndexExpressions computed) {
    RexBuilder rexBuilder = new RexBuilder(new PpdbTypeFactory());
    List<ColumnType> types = new ArrayList<>();
    for (ColumnDefinition column : computed.table().columns()) {
      types.add(column.type());
    }
    computed.table().indexExpressions().forEach(expression -> types.add(expression.type()));
    this.computed = computed;
    this.comparisons = new Comparisons(rexBuilder, types, computed.keys());
    this.implication = new Implication(rexBuilder, comparisons);
  }

  /**
   * The indexes that are meant, by their places in the table.
   *
   * @param elements over the table's columns
   * @param condition the same; null if there is none
   */
  List<Integer> infer(List<RexNode> elements, @Nullable RexNode condition) {
    Set<Object> wanted = new HashSet<>();
    elements.forEach(element -> wanted.add(identity(element)));
    List<Conjunct> given = comparisons.conjuncts(condition);
    TableDefinition table = computed.table();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < table.indexes().size(); i++) {
      IndexDefinition index = table.indexes().get(i);
      if (index.unique()
          && index.ready()
          && wanted.equals(key(index))
          && implication.equivalents(given, comparisons.conjuncts(computed.predicateOf(index)))
              != null) {
        places.add(i);
      }
    }
    return places;
  }

  private Set<Object> key(IndexDefinition index) {
    Set<Object> key = new HashSet<>(index.ordinals());
    key.addAll(computed.keysOf(index));
    return key;
  }

  /** Columns by their ordinals: what else a reference to one says of it may differ. */
  private static Object identity(RexNode element) {
    return element instanceof RexInputRef column ? (Integer) column.getIndex() : element;
  }
}
