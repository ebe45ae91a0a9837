package io.ppdb.relational.planner;

import com.google.common.collect.ImmutableSet;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link LockRows} of the {@link LockCall calls} among the conditions of a query that was
 * just converted:
 *
 * <pre>
 * Sort(o, limit)                 Project(e)
 *   Project(e)                     Sort(limit)
 *     Filter(c AND $lock(k))  →      LockRows(k)
 *       …                              Sort(o)
 *                                        Project(e, k)
 *                                          Filter(c)
 *                                            …
 * </pre>
 *
 * and without an ORDER BY just {@code LockRows(k)} above {@code Filter(c)}.
 */
final class LockedRows {
  private LockedRows() {}

  static RelNode apply(RelNode rel) {
    if (rel instanceof Sort sort) {
      RelNode ordered = ofOrdered(sort);
      if (ordered != null) {
        return ordered;
      }
    }
    RelNode result = withinSubQueries(SubQueries.withInputs(rel, LockedRows::apply));
    if (result instanceof Filter filter) {
      List<RexCall> calls = calls(filter);
      if (!calls.isEmpty()) {
        RelNode rows = withoutCalls(filter);
        return new LockRows(rows, locks(calls, 0), lockCall(calls.get(0)).clause().isLimited());
      }
    }
    return result;
  }

  private static RelNode withinSubQueries(RelNode rel) {
    return rel.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery subQuery) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
            return visited.clone(LockedRows.apply(subQuery.rel));
          }
        });
  }

  /** What a Sort becomes whose own query locks its rows; null if it does not. */
  private static @Nullable RelNode ofOrdered(Sort sort) {
    List<Project> projects = new ArrayList<>();
    RelNode below = sort.getInput();
    while (below instanceof Project project) {
      projects.add(0, project);
      below = project.getInput();
    }
    if (!(below instanceof Filter filter)) {
      return null;
    }
    List<RexCall> calls = calls(filter);
    if (calls.isEmpty() || !lockCall(calls.get(0)).clause().isOrdered()) {
      return null;
    }
    RelNode rows =
        withinSubQueries(withoutCalls((Filter) SubQueries.withInputs(filter, LockedRows::apply)));
    List<RexNode> keys = calls.stream().flatMap(call -> call.getOperands().stream()).toList();
    for (Project project : projects) {
      rows = withColumns((Project) withinSubQueries(project), rows, keys);
      int first = project.getProjects().size();
      List<RexNode> above = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        above.add(RexInputRef.of(first + i, rows.getRowType()));
      }
      keys = above;
    }
    rows = LogicalSort.create(rows, sort.getCollation(), null, null);
    boolean isLimited = sort.fetch != null || sort.offset != null;
    int firstKey = projects.isEmpty() ? 0 : index(keys.get(0));
    rows =
        new LockRows(
            rows, projects.isEmpty() ? locks(calls, 0) : locks(calls, firstKey), isLimited);
    if (isLimited) {
      rows = LogicalSort.create(rows, RelCollations.EMPTY, sort.offset, sort.fetch);
    }
    RexBuilder rexBuilder = sort.getCluster().getRexBuilder();
    int fieldCount = sort.getRowType().getFieldCount();
    return LogicalProject.create(
        rows,
        List.of(),
        rexBuilder.identityProjects(rows.getRowType()).subList(0, fieldCount),
        sort.getRowType().getFieldNames(),
        Set.of());
  }

  private static RelNode withColumns(Project project, RelNode input, List<RexNode> columns) {
    List<RexNode> all = new ArrayList<>(project.getProjects());
    all.addAll(columns);
    List<String> names = new ArrayList<>(project.getRowType().getFieldNames());
    for (int i = 0; i < columns.size(); i++) {
      names.add("$key" + i);
    }
    return LogicalProject.create(input, List.of(), all, names, project.getVariablesSet());
  }

  private static List<RexCall> calls(Filter filter) {
    List<RexCall> calls = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      if (condition instanceof RexCall call && call.getOperator() instanceof LockCall) {
        calls.add(call);
      }
    }
    return calls;
  }

  private static LockCall lockCall(RexCall call) {
    return (LockCall) call.getOperator();
  }

  private static RelNode withoutCalls(Filter filter) {
    List<RexNode> others = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      if (!(condition instanceof RexCall call) || !(call.getOperator() instanceof LockCall)) {
        others.add(condition);
      }
    }
    if (others.isEmpty()) {
      return filter.getInput();
    }
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    return LogicalFilter.create(
        filter.getInput(),
        RexUtil.composeConjunction(rexBuilder, others),
        ImmutableSet.copyOf(filter.getVariablesSet()));
  }

  /**
   * What the calls lock.
   *
   * @param firstKey where the columns begin that were added for them; 0 if they read the columns
   *     that they name
   */
  private static List<LockRows.Lock> locks(List<RexCall> calls, int firstKey) {
    List<LockRows.Lock> locks = new ArrayList<>();
    int next = firstKey;
    for (RexCall call : calls) {
      List<Integer> keys = new ArrayList<>();
      for (RexNode operand : call.getOperands()) {
        keys.add(firstKey == 0 ? index(operand) : next++);
      }
      locks.add(new LockRows.Lock(lockCall(call), keys));
    }
    return locks;
  }

  private static int index(RexNode column) {
    if (column instanceof RexInputRef reference) {
      return reference.getIndex();
    }
    throw new PpdbException(
        ErrorCode.INTERNAL, "the primary key of a row to lock is not a column: " + column);
  }
}
