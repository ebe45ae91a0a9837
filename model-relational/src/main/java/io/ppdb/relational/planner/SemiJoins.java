package io.ppdb.relational.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes anti joins of NOT EXISTS and NOT IN, and semi joins of EXISTS and IN, where the sub-query
 * reads the outer row in nothing but conditions on top of it.
 *
 * <p>NOT IN is an anti join only if neither side can be NULL. EXISTS and IN stay what they are if
 * the outer side has more rows than the sub-query: as a join with the distinct rows of the
 * sub-query they may be driven by it. Used for one statement.
 */
final class SemiJoins {
  private final RelBuilder builder;
  private final RexBuilder rexBuilder;

  SemiJoins(RelBuilder builder) {
    this.builder = builder;
    this.rexBuilder = builder.getRexBuilder();
  }

  /**
   * A sub-query without what stands on top of it.
   *
   * @param rel what is below
   * @param conditions over its columns and the outer row
   * @param outputs the columns of the sub-query, over its columns
   */
  private record Core(RelNode rel, List<RexNode> conditions, List<RexNode> outputs) {}

  /** {@code rel} with joins in place of the sub-queries that can be joined. */
  RelNode apply(RelNode rel) {
    RelNode result = rel instanceof Filter filter ? ofFilter(filter) : rel;
    return SubQueries.withInputs(result, this::apply);
  }

  private RelNode ofFilter(Filter filter) {
    RelNode left = filter.getInput();
    List<RexNode> others = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      RelNode joined = join(left, condition, filter.getVariablesSet());
      if (joined == null) {
        others.add(condition);
      } else {
        left = joined;
      }
    }
    if (left.equals(filter.getInput())) {
      return filter;
    }
    boolean readsRow =
        others.stream().anyMatch(other -> RexUtil.SubQueryFinder.find(other) != null);
    Set<CorrelationId> variables = readsRow ? filter.getVariablesSet() : Set.of();
    return builder.push(left).filter(variables, others).build();
  }

  /** The join that {@code condition} is, or null. */
  private @Nullable RelNode join(RelNode left, RexNode condition, Set<CorrelationId> variables) {
    boolean negated = condition.getKind() == SqlKind.NOT;
    RexNode node = negated ? ((RexCall) condition).getOperands().get(0) : condition;
    if (!(node instanceof RexSubQuery subQuery)
        || (node.getKind() != SqlKind.EXISTS && node.getKind() != SqlKind.IN)
        || !variables.containsAll(RelOptUtil.getVariablesUsed(subQuery.rel))) {
      return null;
    }
    Core core = core(subQuery.rel);
    if (core == null || (negated && mayBeUnknown(subQuery, core))) {
      return null;
    }
    int leftCount = left.getRowType().getFieldCount();
    List<RexNode> conditions = new ArrayList<>();
    for (RexNode one : core.conditions) {
      conditions.add(joined(one, left, leftCount));
    }
    for (int i = 0; i < subQuery.getOperands().size(); i++) {
      RexNode output = joined(core.outputs.get(i), left, leftCount);
      conditions.add(
          rexBuilder.makeCall(SqlStdOperatorTable.EQUALS, subQuery.getOperands().get(i), output));
    }
    RexNode all = RexUtil.composeConjunction(rexBuilder, conditions);
    if (RexUtil.SubQueryFinder.find(all) != null
        || !readsBoth(all, leftCount)
        || (!negated && !isWorthwhile(left, core.rel, all, leftCount))) {
      return null;
    }
    return LogicalJoin.create(
        left, core.rel, List.of(), all, Set.of(), negated ? JoinRelType.ANTI : JoinRelType.SEMI);
  }

  /** Whether NOT IN may be unknown rather than true: then one more question is to be asked. */
  private static boolean mayBeUnknown(RexSubQuery subQuery, Core core) {
    return subQuery.getKind() == SqlKind.IN
        && (subQuery.getOperands().stream().anyMatch(operand -> operand.getType().isNullable())
            || core.outputs.stream().anyMatch(output -> output.getType().isNullable()));
  }

  /** Whether the outer side is the smaller one, or no equality connects the two. */
  private boolean isWorthwhile(RelNode left, RelNode right, RexNode condition, int leftCount) {
    for (RexNode part : RelOptUtil.conjunctions(condition)) {
      if (part.getKind() == SqlKind.EQUALS && readsBoth(part, leftCount)) {
        RelMetadataQuery metadata = left.getCluster().getMetadataQuery();
        return metadata.getRowCount(left) <= metadata.getRowCount(right);
      }
    }
    return true;
  }

  private static boolean readsBoth(RexNode condition, int leftCount) {
    ImmutableBitSet read = RelOptUtil.InputFinder.bits(condition);
    return read.intersects(ImmutableBitSet.range(leftCount)) && read.length() > leftCount;
  }

  /** What a sub-query is below its projections and conditions; null if that reads the outer row. */
  private @Nullable Core core(RelNode subQuery) {
    RelNode rel = subQuery;
    List<RexNode> conditions = new ArrayList<>();
    List<RexNode> outputs = new ArrayList<>(rexBuilder.identityProjects(subQuery.getRowType()));
    while (readsOuter(rel)) {
      if (rel instanceof Project project && !RexOver.containsOver(project.getProjects(), null)) {
        List<RexNode> below = project.getProjects();
        conditions.replaceAll(node -> RelOptUtil.pushPastProject(node, project));
        outputs.replaceAll(node -> RelOptUtil.pushPastProject(node, project));
        if (below.stream().anyMatch(node -> RexUtil.SubQueryFinder.find(node) != null)) {
          return null;
        }
        rel = project.getInput();
      } else if (rel instanceof Filter filter && filter.getVariablesSet().isEmpty()) {
        conditions.add(filter.getCondition());
        rel = filter.getInput();
      } else if (rel instanceof Sort sort && sort.fetch == null && sort.offset == null) {
        rel = sort.getInput();
      } else {
        return null;
      }
    }
    return new Core(rel, conditions, outputs);
  }

  private static boolean readsOuter(RelNode rel) {
    return !RelOptUtil.getVariablesUsed(rel).isEmpty();
  }

  /** An expression over a row of the sub-query, over pairs of rows. */
  private RexNode joined(RexNode node, RelNode left, int leftCount) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return rexBuilder.makeInputRef(reference.getType(), reference.getIndex() + leftCount);
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable
                ? rexBuilder.makeInputRef(left, access.getField().getIndex())
                : super.visitFieldAccess(access);
          }
        });
  }
}
