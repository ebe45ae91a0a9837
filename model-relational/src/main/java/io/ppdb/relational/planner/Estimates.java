package io.ppdb.relational.planner;

import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/** Guesses where nothing is known. */
final class Estimates {
  /** What sorting costs for each row and doubling of their number. */
  private static final double SORT_COST = 0.2;

  /** The part of the rows that have a value of which nothing is known. */
  static final double UNKNOWN_EQUAL = 0.1;

  private Estimates() {}

  /** The part of the rows that meet {@code condition}. */
  static double selectivity(RexNode condition) {
    if (condition.isAlwaysTrue()) {
      return 1;
    }
    return switch (condition.getKind()) {
      case AND -> {
        double all = 1;
        for (RexNode part : RelOptUtil.conjunctions(condition)) {
          all *= selectivity(part);
        }
        yield Math.max(all, 1e-6);
      }
      case OR -> {
        double none = 1;
        for (RexNode part : RelOptUtil.disjunctions(condition)) {
          none *= 1 - selectivity(part);
        }
        yield 1 - none;
      }
      case NOT -> 1 - selectivity(((RexCall) condition).getOperands().get(0));
      case EQUALS, IS_NULL -> UNKNOWN_EQUAL;
      case NOT_EQUALS, IS_NOT_NULL -> 0.9;
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> 0.35;
      case SEARCH -> 0.2;
      case LIKE -> 0.15;
      default -> 0.5;
    };
  }

  static double sortCost(double rows) {
    return SORT_COST * rows * Math.log(Math.max(2, rows)) / Math.log(2);
  }
}
