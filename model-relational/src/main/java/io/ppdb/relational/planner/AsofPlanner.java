package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.exec.AsofJoinOperator;
import io.ppdb.relational.exec.AsofJoinOperator.Nearest;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** Plans ASOF joins. */
final class AsofPlanner {
  private static final double PROBE_COST = 1;

  private AsofPlanner() {}

  /** What a comparison compares: an expression over the left side and one over the right side. */
  private record Sides(RexNode left, RexNode right, boolean isSwapped) {
    static Sides of(RexCall comparison, int leftCount) {
      ImmutableBitSet leftColumns = ImmutableBitSet.range(leftCount);
      RexNode first = comparison.getOperands().get(0);
      RexNode second = comparison.getOperands().get(1);
      boolean isSwapped = !leftColumns.contains(RelOptUtil.InputFinder.bits(first));
      RexNode left = isSwapped ? second : first;
      RexNode right = isSwapped ? first : second;
      boolean isOfBoth =
          leftColumns.contains(RelOptUtil.InputFinder.bits(left))
              && !leftColumns.intersects(RelOptUtil.InputFinder.bits(right));
      if (!isOfBoth) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "an ASOF JOIN compares columns of its left side with columns of its right side");
      }
      return new Sides(left, RexUtil.shift(right, -leftCount), isSwapped);
    }
  }

  static PlanNode plan(AsofMatch asof, PlanNode left, PlanNode right) {
    int leftCount = left.types().size();
    List<Sides> keys = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(asof.condition())) {
      if (condition.getKind() != SqlKind.EQUALS) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "an ASOF JOIN takes equalities after ON, seen " + condition.getKind().sql);
      }
      keys.add(Sides.of((RexCall) condition, leftCount));
    }
    RexCall match = (RexCall) asof.match();
    Sides times = Sides.of(match, leftCount);
    Nearest nearest = nearest(times.isSwapped ? match.getKind().reverse() : match.getKind());
    List<String> names = new ArrayList<>(asof.getLeft().getRowType().getFieldNames());
    names.addAll(asof.getRight().getRowType().getFieldNames());
    List<String> details = new ArrayList<>(List.of("match " + RexText.of(asof.match(), names)));
    if (!keys.isEmpty()) {
      details.add(RexText.of(asof.condition(), names));
    }
    List<ColumnType> types = new ArrayList<>(left.types());
    types.addAll(right.types());
    return new PlanNode(
        asof.keepsUnmatched() ? "Asof Left Join" : "Asof Join",
        details,
        List.of(left, right),
        types,
        left.rows(),
        left.cost() + right.cost() + PROBE_COST * left.rows() + Estimates.sortCost(right.rows()),
        List.of(),
        (inputs, context) ->
            new AsofJoinOperator(
                inputs.get(0),
                inputs.get(1),
                keys.stream().map(Sides::left).toList(),
                keys.stream().map(Sides::right).toList(),
                times.left,
                times.right,
                nearest,
                asof.keepsUnmatched()));
  }

  private static Nearest nearest(SqlKind comparison) {
    return switch (comparison) {
      case GREATER_THAN_OR_EQUAL -> Nearest.AT_OR_BEFORE;
      case GREATER_THAN -> Nearest.BEFORE;
      case LESS_THAN_OR_EQUAL -> Nearest.AT_OR_AFTER;
      case LESS_THAN -> Nearest.AFTER;
      default ->
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED,
              "MATCH_CONDITION takes one of >=, >, <= and <, seen " + comparison.sql);
    };
  }
}
