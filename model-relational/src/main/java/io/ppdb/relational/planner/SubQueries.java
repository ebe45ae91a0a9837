package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Makes joins of sub-queries, in five steps:
 *
 * <ol>
 *   <li>what windows ask of sub-queries becomes columns of a project below them;
 *   <li>what a filter asks besides its sub-queries is asked below them, where it may join and
 *       filter tables: a sub-query is made for the rows that are left, not for all combinations;
 *   <li>a join whose condition has a sub-query becomes a filter, for an outer join one that runs
 *       for each row of the side that it keeps;
 *   <li>EXISTS and IN, or what negates them, become semi and anti joins where that is simple
 *       ({@link SemiJoins});
 *   <li>other sub-queries of filters and projects become correlates, by Calcite's rules;
 *   <li>a correlate becomes a join, if its right side depends on nothing but its left side.
 * </ol>
 *
 * <p>What is nested deeper stays a correlate and runs for each row: Calcite's decorrelators lose
 * columns, or rows, of correlates within correlates.
 */
final class SubQueries {
  private final RelBuilder builder;
  private final UnaryOperator<RelNode> filtersIntoJoins;
  private final UnaryOperator<RelNode> correlatesOfSubQueries;

  /**
   * @param filtersIntoJoins moves filters without sub-queries down
   * @param correlatesOfSubQueries makes correlates of the sub-queries in filters and projects
   */
  SubQueries(
      RelBuilder builder,
      UnaryOperator<RelNode> filtersIntoJoins,
      UnaryOperator<RelNode> correlatesOfSubQueries) {
    this.builder = builder;
    this.filtersIntoJoins = filtersIntoJoins;
    this.correlatesOfSubQueries = correlatesOfSubQueries;
  }

  RelNode toJoins(RelNode rel) {
    return containsSubQuery(rel)
        ? withoutCorrelates(
            correlatesOfSubQueries.apply(
                new SemiJoins(builder).apply(withoutSubQueriesInJoins(prepared(rel)))))
        : rel;
  }

  private RelNode prepared(RelNode rel) {
    return othersBelow(withoutSubQueriesInWindows(rel));
  }

  private RelNode withoutSubQueriesInWindows(RelNode rel) {
    RelNode result = withInputs(rel, this::withoutSubQueriesInWindows);
    if (!(result instanceof Project project)
        || !project.containsOver()
        || !RexUtil.SubQueryFinder.containsSubQuery(project)) {
      return result;
    }
    RexBuilder rex = project.getCluster().getRexBuilder();
    List<RexNode> below = new ArrayList<>(rex.identityProjects(project.getInput().getRowType()));
    RexShuttle columnsOfSubQueries =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery subQuery) {
            below.add(subQuery);
            return rex.makeInputRef(subQuery.getType(), below.size() - 1);
          }
        };
    List<RexNode> above = columnsOfSubQueries.visitList(project.getProjects());
    RelNode input =
        builder
            .push(project.getInput())
            .project(below, List.of(), true, project.getVariablesSet())
            .build();
    return project.copy(project.getTraitSet(), input, above, project.getRowType());
  }

  private static boolean containsSubQuery(RelNode rel) {
    return hasSubQuery(rel) || rel.getInputs().stream().anyMatch(SubQueries::containsSubQuery);
  }

  private static boolean hasSubQuery(RelNode rel) {
    return (rel instanceof Filter filter
            && RexUtil.SubQueryFinder.find(filter.getCondition()) != null)
        || (rel instanceof Project project && RexUtil.SubQueryFinder.containsSubQuery(project))
        || (rel instanceof Join join && RexUtil.SubQueryFinder.containsSubQuery(join));
  }

  private RelNode othersBelow(RelNode rel) {
    RelNode result = withInputs(rel, this::othersBelow);
    if (!(result instanceof Filter filter) || !hasSubQuery(filter)) {
      return result;
    }
    List<RexNode> others = new ArrayList<>();
    List<RexNode> subQueries = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      (RexUtil.SubQueryFinder.find(condition) == null ? others : subQueries).add(condition);
    }
    if (others.isEmpty()) {
      return result;
    }
    RelNode below = filtersIntoJoins.apply(builder.push(filter.getInput()).filter(others).build());
    return builder.push(below).filter(filter.getVariablesSet(), subQueries).build();
  }

  private RelNode withoutSubQueriesInJoins(RelNode rel) {
    RelNode result = withInputs(rel, this::withoutSubQueriesInJoins);
    if (!hasSubQuery(result)) {
      return result;
    }
    result =
        result.accept(
            new RexShuttle() {
              @Override
              public RexNode visitSubQuery(RexSubQuery subQuery) {
                RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
                return visited.clone(withoutSubQueriesInJoins(prepared(subQuery.rel)));
              }
            });
    return result instanceof Join join ? filterOf(join) : result;
  }

  private RelNode filterOf(Join join) {
    return switch (join.getJoinType()) {
      case INNER ->
          builder
              .push(join.getLeft())
              .push(join.getRight())
              .join(JoinRelType.INNER)
              .filter(join.getVariablesSet(), join.getCondition())
              .build();
      case LEFT, RIGHT -> outerJoin(join);
      default ->
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED,
              "a sub-query in the condition of a " + join.getJoinType() + " join is not supported");
    };
  }

  /** Conditions on one side only become a filter of the side that the join does not keep. */
  private RelNode outerJoin(Join join) {
    boolean keptIsLeft = join.getJoinType() == JoinRelType.LEFT;
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int bothCount = leftCount + join.getRight().getRowType().getFieldCount();
    int firstOther = keptIsLeft ? leftCount : 0;
    ImmutableBitSet others =
        keptIsLeft ? ImmutableBitSet.range(leftCount, bothCount) : ImmutableBitSet.range(leftCount);
    List<RexNode> ofOther = new ArrayList<>();
    List<RexNode> ofBoth = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
      boolean movable =
          others.contains(RelOptUtil.InputFinder.bits(condition))
              && !readsVariable(condition, join.getVariablesSet());
      if (movable) {
        ofOther.add(RexUtil.shift(condition, -firstOther));
      } else {
        ofBoth.add(condition);
      }
    }
    RelNode other =
        builder.push(keptIsLeft ? join.getRight() : join.getLeft()).filter(ofOther).build();
    RexNode condition = RexUtil.composeConjunction(builder.getRexBuilder(), ofBoth);
    if (RexUtil.SubQueryFinder.find(condition) != null) {
      return perRow(join, condition, other, keptIsLeft);
    }
    return join.copy(
        join.getTraitSet(),
        condition,
        keptIsLeft ? join.getLeft() : other,
        keptIsLeft ? other : join.getRight(),
        join.getJoinType(),
        join.isSemiJoinDone());
  }

  private static boolean readsVariable(RexNode condition, Set<CorrelationId> variables) {
    boolean[] found = {false};
    condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery subQuery) {
            found[0] |=
                RelOptUtil.getVariablesUsed(subQuery.rel).stream().anyMatch(variables::contains);
            return super.visitSubQuery(subQuery);
          }
        });
    return found[0];
  }

  /**
   * An outer join as a correlate: for each row of the kept side those of {@code other} beside which
   * {@code condition} holds. It is evaluated over rows of both sides, as it was written for them.
   */
  private RelNode perRow(Join join, RexNode condition, RelNode other, boolean keptIsLeft) {
    RexBuilder rexBuilder = builder.getRexBuilder();
    RelNode kept = keptIsLeft ? join.getLeft() : join.getRight();
    CorrelationId variable = join.getCluster().createCorrel();
    RexNode row = rexBuilder.makeCorrel(kept.getRowType(), variable);
    List<RexNode> keptFields = new ArrayList<>();
    for (int i = 0; i < kept.getRowType().getFieldCount(); i++) {
      keptFields.add(rexBuilder.makeFieldAccess(row, i));
    }
    builder.push(kept).push(other);
    List<RexNode> otherFields = builder.fields();
    List<RexNode> both = new ArrayList<>(keptIsLeft ? keptFields : otherFields);
    both.addAll(keptIsLeft ? otherFields : keptFields);
    builder.project(both, List.of(), /* force= */ true).filter(join.getVariablesSet(), condition);
    int firstOther = keptIsLeft ? keptFields.size() : 0;
    builder.project(builder.fields().subList(firstOther, firstOther + otherFields.size()));
    builder.correlate(JoinRelType.LEFT, variable);
    List<RexNode> output = new ArrayList<>(builder.fields());
    if (!keptIsLeft) {
      Collections.rotate(output, otherFields.size());
    }
    return builder.project(output, join.getRowType().getFieldNames(), /* force= */ true).build();
  }

  private RelNode withoutCorrelates(RelNode rel) {
    RelNode result = withInputs(rel, this::withoutCorrelates);
    return result instanceof Correlate correlate ? joinOf(correlate) : result;
  }

  private RelNode joinOf(Correlate correlate) {
    RelNode right = correlate.getRight();
    Set<CorrelationId> variables = RelOptUtil.getVariablesUsed(right);
    if (containsCorrelate(right) || !Set.of(correlate.getCorrelationId()).containsAll(variables)) {
      return correlate;
    }
    if (variables.isEmpty()) {
      return LogicalJoin.create(
          correlate.getLeft(),
          right,
          List.of(),
          builder.literal(true),
          Set.of(),
          correlate.getJoinType());
    }
    try {
      return TopDownGeneralDecorrelator.decorrelateQuery(correlate, builder);
    } catch (IllegalArgumentException e) {
      return correlate; // the variable is read, but not for rows that anybody wants
    }
  }

  static boolean containsCorrelate(RelNode rel) {
    return rel instanceof Correlate
        || rel.getInputs().stream().anyMatch(SubQueries::containsCorrelate);
  }

  /** {@code rel} over what {@code change} makes of its inputs. */
  static RelNode withInputs(RelNode rel, UnaryOperator<RelNode> change) {
    List<RelNode> inputs = rel.getInputs().stream().map(change).toList();
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }
}
