package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.IndexExpressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partial indexes that a scan may use, which have an entry for every row that meets its
 * conditions. Used for one statement.
 */
final class PartialIndexes {
  private final RexBuilder rexBuilder;
  private final StatementIndexes indexes;

  PartialIndexes(RexBuilder rexBuilder, StatementIndexes indexes) {
    this.rexBuilder = rexBuilder;
    this.indexes = indexes;
  }

  /** As {@link io.ppdb.relational.spi.ScanRequest#partialIndexes} has them. */
  Map<Integer, List<Conjunct>> usable(
      TableDefinition table, List<Conjunct> conjuncts, Comparisons comparisons) {
    Map<Integer, List<Conjunct>> usable = new HashMap<>();
    IndexExpressions computed = indexes.of(table);
    for (IndexDefinition index : table.indexes()) {
      RexNode predicate = computed.predicateOf(index);
      if (predicate == null) {
        continue;
      }
      List<Conjunct> equivalents =
          new Implication(rexBuilder, comparisons)
              .equivalents(conjuncts, comparisons.conjuncts(predicate));
      if (equivalents != null) {
        usable.put(index.number(), equivalents);
      } else if (conjuncts.stream().anyMatch(each -> couldMatter(each, predicate))) {
        indexes.dependOnParameters();
      }
    }
    for (RexNode expression : computed.keys()) {
      boolean hasConstant = contains(expression, RexLiteral.class);
      if (hasConstant && conjuncts.stream().anyMatch(PartialIndexes::hasParameter)) {
        indexes.dependOnParameters();
      }
    }
    return usable;
  }

  /** Whether a condition with other values for its parameters might imply the predicate. */
  private static boolean couldMatter(Conjunct conjunct, RexNode predicate) {
    ImmutableBitSet read = RelOptUtil.InputFinder.bits(predicate);
    return hasParameter(conjunct)
        && read.intersects(RelOptUtil.InputFinder.bits(conjunct.expression()));
  }

  private static boolean hasParameter(Conjunct conjunct) {
    return contains(conjunct.expression(), RexDynamicParam.class);
  }

  private static boolean contains(RexNode expression, Class<? extends RexNode> kind) {
    try {
      expression.accept(
          new RexVisitorImpl<@Nullable Void>(/* deep= */ true) {
            @Override
            public @Nullable Void visitDynamicParam(RexDynamicParam parameter) {
              return found(parameter);
            }

            @Override
            public @Nullable Void visitLiteral(RexLiteral literal) {
              return found(literal);
            }

            private @Nullable Void found(RexNode node) {
              if (kind.isInstance(node)) {
                throw Util.FoundOne.NULL;
              }
              return null;
            }
          });
      return false;
    } catch (Util.FoundOne e) {
      return true;
    }
  }
}
