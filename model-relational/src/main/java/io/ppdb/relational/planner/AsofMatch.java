package io.ppdb.relational.planner;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * ASOF JOIN: for each left row the one right row with equal keys that is nearest by time. Calcite's
 * node for it is a join, which its rules would take for any other; this one they leave alone.
 */
final class AsofMatch extends BiRel {
  private final RexNode condition;
  private final RexNode match;
  private final boolean keepsUnmatched;
  private final RelDataType asofRowType;

  private AsofMatch(
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode match,
      boolean keepsUnmatched,
      RelDataType rowType) {
    super(left.getCluster(), left.getTraitSet(), left, right);
    this.condition = condition;
    this.match = match;
    this.keepsUnmatched = keepsUnmatched;
    this.asofRowType = rowType;
  }

  /** Which columns are equal, over those of left and right. */
  RexNode condition() {
    return condition;
  }

  /** What is compared, over the columns of left and right. */
  RexNode match() {
    return match;
  }

  /** Whether a left row without a match is kept: LEFT ASOF JOIN. */
  boolean keepsUnmatched() {
    return keepsUnmatched;
  }

  @Override
  protected RelDataType deriveRowType() {
    return asofRowType;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new AsofMatch(
        inputs.get(0), inputs.get(1), condition, match, keepsUnmatched, asofRowType);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("condition", condition)
        .item("match", match)
        .item("keepsUnmatched", keepsUnmatched);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery metadata) {
    return metadata.getRowCount(getLeft());
  }

  /** {@code rel}, as the converter makes it, with nodes of this kind for Calcite's. */
  static RelNode inPlaceOfJoins(RelNode rel) {
    if (rel instanceof AsofJoin join) {
      return new AsofMatch(
          inPlaceOfJoins(join.getLeft()),
          inPlaceOfJoins(join.getRight()),
          join.getCondition(),
          join.getMatchCondition(),
          join.getJoinType() == JoinRelType.LEFT_ASOF,
          join.getRowType());
    }
    RelNode result =
        SubQueries.withInputs(rel, AsofMatch::inPlaceOfJoins)
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitSubQuery(RexSubQuery subQuery) {
                    RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
                    return visited.clone(inPlaceOfJoins(subQuery.rel));
                  }
                });
    return result instanceof Filter filter && filter.getInput() instanceof AsofMatch asof
        ? pushed(filter, asof)
        : result;
  }

  /** Conditions on left rows only are asked below. */
  private static RelNode pushed(Filter filter, AsofMatch asof) {
    ImmutableBitSet left = ImmutableBitSet.range(asof.getLeft().getRowType().getFieldCount());
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      boolean isOfLeft =
          left.contains(RelOptUtil.InputFinder.bits(condition))
              && RexUtil.isDeterministic(condition)
              && RexUtil.SubQueryFinder.find(condition) == null;
      (isOfLeft ? below : above).add(condition);
    }
    if (below.isEmpty()) {
      return filter;
    }
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    RelNode filtered =
        LogicalFilter.create(asof.getLeft(), RexUtil.composeConjunction(rexBuilder, below));
    RelNode result = asof.copy(asof.getTraitSet(), List.of(filtered, asof.getRight()));
    return above.isEmpty()
        ? result
        : filter.copy(filter.getTraitSet(), result, RexUtil.composeConjunction(rexBuilder, above));
  }
}
