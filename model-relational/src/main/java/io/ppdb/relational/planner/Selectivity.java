package io.ppdb.relational.planner;

import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.storage.ComparisonEstimates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Estimates which part of a table's rows a condition leaves: by statistics where there are any,
 * taking columns to be independent of each other, else by {@link Estimates}.
 */
final class Selectivity {
  private static final double LEAST = 1e-7;

  /** What is left by a pattern behind the text that it begins with. */
  private static final double PATTERN_REST = 0.5;

  private final Comparisons comparisons;
  private final ComparisonEstimates estimates;

  Selectivity(Comparisons comparisons, ComparisonEstimates estimates) {
    this.comparisons = comparisons;
    this.estimates = estimates;
  }

  /** Bounds of one column from below and above, which are estimated together. */
  private static final class Bounds {
    @Nullable ColumnComparison lower;
    @Nullable ColumnComparison upper;
    double guess = 1;
  }

  /** The part of the rows that meet {@code condition}. */
  double of(RexNode condition) {
    List<RexNode> others = new ArrayList<>();
    Map<Integer, Bounds> ranges = new LinkedHashMap<>();
    double all = 1;
    for (Conjunct conjunct : comparisons.conjuncts(condition)) {
      ColumnComparison comparison = conjunct.comparison();
      double guess = Estimates.selectivity(conjunct.expression());
      if (comparison == null && conjunct.alternatives().size() == 1) {
        comparison = conjunct.alternatives().get(0).comparisons().get(0); // = ANY
      }
      if (comparison == null) {
        others.add(conjunct.expression());
      } else if (!takeBound(comparison, guess, ranges)) {
        all *= estimates.fraction(comparison, guess);
      }
    }
    for (Bounds bounds : ranges.values()) {
      all *= estimates.range(bounds.lower, bounds.upper, bounds.guess);
    }
    for (RexNode other : others) {
      all *= ofOther(other);
    }
    return Math.min(1, Math.max(LEAST, all));
  }

  private static boolean takeBound(
      ColumnComparison comparison, double guess, Map<Integer, Bounds> ranges) {
    boolean isLower =
        comparison.operator() == Operator.GREATER
            || comparison.operator() == Operator.GREATER_OR_EQUAL;
    boolean isUpper =
        comparison.operator() == Operator.LESS || comparison.operator() == Operator.LESS_OR_EQUAL;
    if (!isLower && !isUpper) {
      return false;
    }
    Bounds bounds = ranges.computeIfAbsent(comparison.ordinal(), column -> new Bounds());
    if ((isLower ? bounds.lower : bounds.upper) != null) {
      return false;
    }
    if (isLower) {
      bounds.lower = comparison;
    } else {
      bounds.upper = comparison;
    }
    bounds.guess *= guess;
    return true;
  }

  /** A condition that is no comparison of a column with a value. */
  private double ofOther(RexNode condition) {
    return switch (condition.getKind()) {
      case OR -> {
        double none = 1;
        for (RexNode part : RelOptUtil.disjunctions(condition)) {
          none *= 1 - of(part);
        }
        yield 1 - none;
      }
      case NOT -> 1 - of(operand(condition, 0));
      case AND -> of(condition);
      case NOT_EQUALS -> notEqual((RexCall) condition);
      case LIKE -> like((RexCall) condition);
      default -> Estimates.selectivity(condition);
    };
  }

  private double notEqual(RexCall condition) {
    for (int i = 0; i < 2; i++) {
      if (operand(condition, i) instanceof RexInputRef column) {
        RexNode other = operand(condition, 1 - i);
        ColumnComparison equality = comparisons.equality(column, other);
        if (equality != null) {
          double equal = estimates.fraction(equality, Estimates.UNKNOWN_EQUAL);
          ColumnComparison isNull =
              new ColumnComparison(column.getIndex(), Operator.IS_NULL, List.of());
          return Math.max(0, 1 - equal - estimates.fraction(isNull, 0));
        }
      }
    }
    return Estimates.selectivity(condition);
  }

  private double like(RexCall condition) {
    double guess = Estimates.selectivity(condition);
    if (!condition.getOperator().getName().equals("LIKE")
        || condition.getOperands().size() != 2
        || !(operand(condition, 0) instanceof RexInputRef column)
        || !(operand(condition, 1) instanceof RexLiteral literal)) {
      return guess;
    }
    String pattern = literal.getValueAs(String.class);
    if (pattern == null) {
      return 0;
    }
    int length = 0;
    while (length < pattern.length() && "%_\\".indexOf(pattern.charAt(length)) < 0) {
      length++;
    }
    double begins = estimates.startsWith(column.getIndex(), pattern.substring(0, length), guess);
    boolean onlyBegins = pattern.substring(length).equals("%");
    return length == 0 ? guess : onlyBegins ? begins : begins * PATTERN_REST;
  }

  private static RexNode operand(RexNode call, int index) {
    return ((RexCall) call).getOperands().get(index);
  }
}
