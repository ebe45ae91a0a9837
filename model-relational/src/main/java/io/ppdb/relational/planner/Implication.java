package io.ppdb.relational.planner;

import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * Whether all rows that meet some conditions meet others: what is the same, and what follows from
 * comparisons of one column with constants. A condition that is not found to follow may do so.
 */
final class Implication {
  private final RexBuilder rexBuilder;
  private final Comparisons comparisons;

  Implication(RexBuilder rexBuilder, Comparisons comparisons) {
    this.rexBuilder = rexBuilder;
    this.comparisons = comparisons;
  }

  /**
   * Those of {@code given} that every row meets which meets all of {@code wanted}, if in turn all
   * rows that meet {@code given} meet {@code wanted}; null if that is not known.
   */
  @Nullable List<Conjunct> equivalents(List<Conjunct> given, List<Conjunct> wanted) {
    for (Conjunct each : wanted) {
      if (given.stream().noneMatch(known -> implies(known, each))) {
        return null;
      }
    }
    List<Conjunct> same = new ArrayList<>();
    for (Conjunct known : given) {
      if (wanted.stream().anyMatch(each -> implies(each, known))) {
        same.add(known);
      }
    }
    return same;
  }

  private boolean implies(Conjunct given, Conjunct wanted) {
    if (given.expression().equals(wanted.expression())) {
      return true;
    }
    ColumnComparison known = given.comparison();
    ColumnComparison comparison = wanted.comparison();
    if (known != null && comparison != null) {
      return known.ordinal() == comparison.ordinal() && implies(known, comparison);
    }
    if (wanted.expression().getKind() == SqlKind.OR) {
      return RelOptUtil.disjunctions(wanted.expression()).stream()
          .flatMap(part -> comparisons.conjuncts(part).stream())
          .anyMatch(part -> implies(given, part));
    }
    return known != null && isOther(known, wanted.expression());
  }

  /** Whether the condition is {@code column <> constant} and the column is known to be another. */
  private boolean isOther(ColumnComparison known, RexNode wanted) {
    if (wanted.getKind() != SqlKind.NOT_EQUALS) {
      return false;
    }
    RexNode equal =
        rexBuilder.makeCall(SqlStdOperatorTable.EQUALS, ((RexCall) wanted).getOperands());
    ColumnComparison excluded = comparisons.conjuncts(equal).get(0).comparison();
    return excluded != null
        && excluded.ordinal() == known.ordinal()
        && isOneOf(known)
        && eachIs(known, excluded, sign -> sign != 0);
  }

  private static boolean isOneOf(ColumnComparison comparison) {
    return comparison.operator() == Operator.EQUAL || comparison.operator() == Operator.IN;
  }

  /** Whether each value that the column may have compares so with the operand of the other. */
  private static boolean eachIs(
      ColumnComparison known, ColumnComparison other, IntPredicate signs) {
    return known.operands().stream().allMatch(value -> compares(value, other.operand(), signs));
  }

  private static boolean compares(Operand first, Operand second, IntPredicate signs) {
    OptionalInt sign = ConstantOrder.compare(first, second);
    return sign.isPresent() && signs.test(sign.getAsInt());
  }

  private static boolean implies(ColumnComparison known, ColumnComparison wanted) {
    return switch (wanted.operator()) {
      case IS_NOT_NULL -> known.operator() != Operator.IS_NULL; // none else holds for NULL
      case IS_NULL -> known.operator() == Operator.IS_NULL;
      case EQUAL, IN ->
          isOneOf(known)
              && known.operands().stream()
                  .allMatch(
                      value ->
                          wanted.operands().stream()
                              .anyMatch(each -> compares(value, each, sign -> sign == 0)));
      case ANY -> false;
      case LESS ->
          isOneOf(known)
              ? eachIs(known, wanted, sign -> sign < 0)
              : isBound(known, wanted, Operator.LESS, sign -> sign <= 0)
                  || isBound(known, wanted, Operator.LESS_OR_EQUAL, sign -> sign < 0);
      case LESS_OR_EQUAL ->
          isOneOf(known)
              ? eachIs(known, wanted, sign -> sign <= 0)
              : isBound(known, wanted, Operator.LESS, sign -> sign <= 0)
                  || isBound(known, wanted, Operator.LESS_OR_EQUAL, sign -> sign <= 0);
      case GREATER ->
          isOneOf(known)
              ? eachIs(known, wanted, sign -> sign > 0)
              : isBound(known, wanted, Operator.GREATER, sign -> sign >= 0)
                  || isBound(known, wanted, Operator.GREATER_OR_EQUAL, sign -> sign > 0);
      case GREATER_OR_EQUAL ->
          isOneOf(known)
              ? eachIs(known, wanted, sign -> sign >= 0)
              : isBound(known, wanted, Operator.GREATER, sign -> sign >= 0)
                  || isBound(known, wanted, Operator.GREATER_OR_EQUAL, sign -> sign >= 0);
    };
  }

  private static boolean isBound(
      ColumnComparison known, ColumnComparison wanted, Operator operator, IntPredicate signs) {
    return known.operator() == operator && compares(known.operand(), wanted.operand(), signs);
  }
}
