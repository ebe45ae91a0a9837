package io.ppdb.relational.planner;

import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.Conjunct.Alternative;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a condition can hold, as comparisons of columns with values: its disjunctive
 * normal form, as far as it is made of such comparisons. Immutable.
 */
final class Disjunctions {
  /** Conditions that can hold in more ways are taken as they are. */
  private static final int MAX_ALTERNATIVES = 1000;

  private final RexBuilder rexBuilder;
  private final Comparisons comparisons;

  Disjunctions(RexBuilder rexBuilder, Comparisons comparisons) {
    this.rexBuilder = rexBuilder;
    this.comparisons = comparisons;
  }

  /** As {@link io.ppdb.relational.spi.Conjunct#alternatives()} has them. */
  List<Alternative> alternatives(RexNode condition) {
    ColumnComparison any = comparisons.anyOf(condition);
    if (any != null) {
      return List.of(new Alternative(List.of(any), true));
    }
    if (condition.getKind() != SqlKind.OR) {
      return List.of();
    }
    List<Alternative> found = normalForm(RexUtil.expandSearch(rexBuilder, null, condition));
    return found == null || found.stream().anyMatch(each -> each.comparisons().isEmpty())
        ? List.of()
        : found;
  }

  /** The alternatives, of which some may compare nothing; null if they are too many. */
  private @Nullable List<Alternative> normalForm(RexNode node) {
    ColumnComparison comparison = comparisons.comparison(node);
    if (comparison == null) {
      comparison = comparisons.anyOf(node);
    }
    if (comparison != null) {
      return List.of(new Alternative(List.of(comparison), true));
    }
    return switch (node.getKind()) {
      case OR -> ofEither(((RexCall) node).getOperands());
      case AND -> ofAll(((RexCall) node).getOperands());
      default -> List.of(new Alternative(List.of(), false));
    };
  }

  private @Nullable List<Alternative> ofEither(List<RexNode> parts) {
    List<Alternative> result = new ArrayList<>();
    for (RexNode part : parts) {
      List<Alternative> more = normalForm(part);
      if (more == null || result.size() + more.size() > MAX_ALTERNATIVES) {
        return null;
      }
      result.addAll(more);
    }
    return result;
  }

  private @Nullable List<Alternative> ofAll(List<RexNode> parts) {
    List<Alternative> result = List.of(new Alternative(List.of(), true));
    for (RexNode part : parts) {
      List<Alternative> more = normalForm(part);
      if (more == null || (long) result.size() * more.size() > MAX_ALTERNATIVES) {
        return null;
      }
      List<Alternative> product = new ArrayList<>();
      for (Alternative first : result) {
        for (Alternative second : more) {
          List<ColumnComparison> both = new ArrayList<>(first.comparisons());
          both.addAll(second.comparisons());
          product.add(new Alternative(both, first.isComplete() && second.isComplete()));
        }
      }
      result = product;
    }
    return result;
  }
}
