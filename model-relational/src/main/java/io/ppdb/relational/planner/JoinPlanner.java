package io.ppdb.relational.planner;

import com.google.common.primitives.Ints;
import io.ppdb.relational.exec.CorrelateOperator;
import io.ppdb.relational.exec.JoinKind;
import io.ppdb.relational.exec.JoinOperator;
import io.ppdb.relational.exec.LookupJoinOperator;
import io.ppdb.relational.exec.LookupSource;
import io.ppdb.relational.exec.MeasuredLookups;
import io.ppdb.relational.exec.Operator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.planner.JoinEstimates.Side;
import io.ppdb.relational.planner.ScanPlanner.Block;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Plans joins: hash join, merge join, nested loops, or a lookup in the right table for every left
 * row.
 */
final class JoinPlanner {
  private static final double PROBE_COST = 0.5;
  private static final double BUILD_COST = 1.5;
  private static final double PAIR_COST = 0.1;

  /** What making and opening the right side for one left row costs. */
  private static final double LOOKUP_COST = 6;

  private static final String LOOKUP = "Lookup";

  private final RexBuilder rexBuilder;
  private final ScanPlanner scans;
  private final PhysicalPlanner planner;
  private final MergeJoins merges;

  JoinPlanner(RexBuilder rexBuilder, ScanPlanner scans, PhysicalPlanner planner) {
    this.rexBuilder = rexBuilder;
    this.scans = scans;
    this.planner = planner;
    this.merges = new MergeJoins(planner, scans);
  }

  PlanNode plan(Join join, Request request) {
    JoinKind kind = JoinKind.fromCalcite(join.getJoinType());
    PlanNode left = planner.plan(join.getLeft(), Request.ANY);
    PlanNode right = planner.plan(join.getRight(), Request.ANY);
    PlanNode best = planHash(join, left, right);
    List<PlanNode> lefts = new ArrayList<>(List.of(left));
    double rows = best.rows();
    PlanNode lookup = planLookup(Sides.of(join), left);
    if (lookup != null && cost(lookup, request) < cost(best, request)) {
      best = lookup;
    }
    Request ordered = leftRequest(request, kind, left.types().size());
    if (lookup != null && !ordered.equals(Request.ANY)) {
      PlanNode sortedLeft = planner.plan(join.getLeft(), ordered);
      lefts.add(sortedLeft);
      PlanNode sorted = planLookup(Sides.of(join), sortedLeft);
      best = sorted != null && cost(sorted, request) < cost(best, request) ? sorted : best;
    }
    if (kind == JoinKind.INNER || kind == JoinKind.RIGHT) {
      PlanNode swapped = planSwappedLookup(join, right, left.types().size());
      best = swapped != null && cost(swapped, request) < cost(best, request) ? swapped : best;
    }
    for (PlanNode merge : planMerges(join, lefts, right, rows, request)) {
      best = cost(merge, request) < cost(best, request) ? merge : best;
    }
    return best;
  }

  /** What a reader pays who wants the order of {@code request}, and perhaps not all rows. */
  private static double cost(PlanNode node, Request request) {
    if (!Request.satisfies(node.ordering(), request.ordering())) {
      return node.cost() + Estimates.sortCost(node.rows());
    }
    boolean streams = node.title().startsWith(LOOKUP) || MergeJoins.streams(node);
    double read = streams ? Math.min(1, request.limit() / Math.max(1, node.rows())) : 1;
    return node.cost() * read;
  }

  /** What is asked of the left side of lookups, in whose order their rows come. */
  private static Request leftRequest(Request request, JoinKind kind, int leftCount) {
    boolean ofLeft = request.ordering().stream().allMatch(key -> key.column() < leftCount);
    if (request.ordering().isEmpty() || !ofLeft) {
      return Request.ANY;
    }
    return kind == JoinKind.LEFT ? request : request.unlimited();
  }

  /** Lookups in the left table for each right row; null if that side is not one table. */
  private @Nullable PlanNode planSwappedLookup(Join join, PlanNode right, int leftCount) {
    int rightCount = right.types().size();
    RexNode condition =
        shift(
            join.getCondition(),
            index -> index < leftCount ? index + rightCount : index - leftCount);
    JoinKind kind = JoinKind.fromCalcite(join.getJoinType());
    JoinKind swapped = kind == JoinKind.RIGHT ? JoinKind.LEFT : kind;
    PlanNode lookup =
        planLookup(new Sides(join.getRight(), join.getLeft(), condition, swapped), right);
    return lookup == null ? null : PlanNodes.columns(lookup, swappedColumns(leftCount, rightCount));
  }

  /** Where the columns of left and right are in rows that have those of the right side first. */
  private static int[] swappedColumns(int leftCount, int rightCount) {
    return IntStream.concat(
            IntStream.range(rightCount, rightCount + leftCount), IntStream.range(0, rightCount))
        .toArray();
  }

  /** A hash join if there are equalities, else nested loops. */
  private PlanNode planHash(Join join, PlanNode left, PlanNode right) {
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<Boolean> filterNulls = new ArrayList<>();
    RexNode rest =
        RelOptUtil.splitJoinCondition(
            join.getLeft(), join.getRight(), join.getCondition(), leftKeys, rightKeys, filterNulls);
    List<Boolean> nullSafe = filterNulls.stream().map(filter -> !filter).toList();
    JoinKind kind = JoinKind.fromCalcite(join.getJoinType());
    JoinKind swappedKind = right.rows() > left.rows() ? swapped(kind) : null;
    double known =
        leftKeys.isEmpty()
            ? JoinEstimates.UNKNOWN
            : JoinEstimates.rows(
                kind,
                new Side(join.getLeft(), left.rows(), leftKeys),
                new Side(join.getRight(), right.rows(), rightKeys),
                Estimates.selectivity(rest));
    if (swappedKind == null) {
      return hash(join, left, right, kind, leftKeys, rightKeys, nullSafe, rest, known);
    }
    int leftCount = left.types().size();
    int rightCount = right.types().size();
    RexNode swappedRest =
        shift(rest, index -> index < leftCount ? index + rightCount : index - leftCount);
    PlanNode swapped =
        hash(join, right, left, swappedKind, rightKeys, leftKeys, nullSafe, swappedRest, known);
    return PlanNodes.columns(swapped, swappedColumns(leftCount, rightCount));
  }

  /** Merge joins; the side of which the rows of one key are held is the one with fewer rows. */
  private List<PlanNode> planMerges(
      Join join, List<PlanNode> lefts, PlanNode right, double rows, Request request) {
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<Boolean> filterNulls = new ArrayList<>();
    RexNode rest =
        RelOptUtil.splitJoinCondition(
            join.getLeft(), join.getRight(), join.getCondition(), leftKeys, rightKeys, filterNulls);
    if (filterNulls.contains(false)) {
      return List.of();
    }
    JoinKind kind = JoinKind.fromCalcite(join.getJoinType());
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int rightCount = right.types().size();
    MergeJoins.Side first = new MergeJoins.Side(join.getLeft(), lefts, leftKeys);
    MergeJoins.Side second = new MergeJoins.Side(join.getRight(), List.of(right), rightKeys);
    String text = RexText.of(join.getCondition(), names(join));
    boolean swap =
        kind == JoinKind.RIGHT || (kind == JoinKind.INNER && first.rows() < right.rows());
    if (!swap) {
      @Nullable RexNode condition = rest.isAlwaysTrue() ? null : rest;
      return merges.plans(
          new MergeJoins.Equijoin(first, second, kind, condition, rows, text), request.ordering());
    }
    @Nullable RexNode condition =
        rest.isAlwaysTrue()
            ? null
            : shift(rest, index -> index < leftCount ? index + rightCount : index - leftCount);
    List<SortKey> wanted = new ArrayList<>();
    for (SortKey key : request.ordering()) {
      int column = key.column() < leftCount ? key.column() + rightCount : key.column() - leftCount;
      wanted.add(new SortKey(column, key.descending(), key.nullsFirst()));
    }
    JoinKind swapped = kind == JoinKind.RIGHT ? JoinKind.LEFT : kind;
    return merges
        .plans(new MergeJoins.Equijoin(second, first, swapped, condition, rows, text), wanted)
        .stream()
        .map(plan -> PlanNodes.columns(plan, swappedColumns(leftCount, rightCount)))
        .toList();
  }

  /** The kind with left and right exchanged; null if there is none. */
  private static @Nullable JoinKind swapped(JoinKind kind) {
    return switch (kind) {
      case INNER, FULL -> kind;
      case LEFT -> JoinKind.RIGHT;
      case RIGHT -> JoinKind.LEFT;
      case SEMI, ANTI -> null;
    };
  }

  private static PlanNode hash(
      Join join,
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      RexNode rest,
      double knownRows) {
    @Nullable RexNode condition = rest.isAlwaysTrue() ? null : rest;
    boolean isHash = !leftKeys.isEmpty();
    double pairs = isHash ? left.rows() + right.rows() : left.rows() * right.rows() * PAIR_COST;
    String text = RexText.of(join.getCondition(), names(join));
    return new PlanNode(
        title(isHash ? "Hash" : "Nested Loop", kind),
        List.of(text),
        List.of(left, right),
        joinedTypes(left, right, kind),
        knownRows == JoinEstimates.UNKNOWN ? rows(kind, isHash, left, right) : knownRows,
        left.cost()
            + right.cost()
            + PROBE_COST * left.rows()
            + BUILD_COST * right.rows()
            + PAIR_COST * pairs,
        List.of(),
        (inputs, context) ->
            isHash
                ? JoinOperator.hash(
                    inputs.get(0), inputs.get(1), kind, leftKeys, rightKeys, nullSafe, condition)
                : JoinOperator.nestedLoop(inputs.get(0), inputs.get(1), kind, condition),
        properties(isHash ? "Hash Join" : "Nested Loop", kind, "Join Cond", text));
  }

  static String title(String method, JoinKind kind) {
    return method + (kind == JoinKind.INNER ? "" : " " + name(kind)) + " Join";
  }

  private static String name(JoinKind kind) {
    return kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** What JSON shows of a join; {@code condition} may be empty. */
  static Map<String, Object> properties(
      String type, JoinKind kind, String conditionName, String condition) {
    Map<String, Object> properties = PlanNodes.properties(type, "Join Type", name(kind));
    if (!condition.isEmpty()) {
      properties.put(conditionName, condition);
    }
    return properties;
  }

  private static List<String> names(Join join) {
    List<String> names = new ArrayList<>(join.getLeft().getRowType().getFieldNames());
    names.addAll(join.getRight().getRowType().getFieldNames());
    return names;
  }

  private static double rows(JoinKind kind, boolean isHash, PlanNode left, PlanNode right) {
    return switch (kind) {
      case SEMI, ANTI -> Math.max(1, left.rows() / 2);
      case INNER ->
          isHash
              ? Math.max(left.rows(), right.rows())
              : Math.max(1, left.rows() * right.rows() * 0.3);
      case LEFT -> Math.max(left.rows(), isHash ? right.rows() : left.rows() * right.rows() * 0.3);
      case RIGHT, FULL -> left.rows() + right.rows();
    };
  }

  /**
   * A join as lookups see it.
   *
   * @param left whose rows are read
   * @param right where rows are looked up
   * @param condition over the columns of left, then of right
   */
  private record Sides(RelNode left, RelNode right, RexNode condition, JoinKind kind) {
    static Sides of(Join join) {
      JoinKind kind = JoinKind.fromCalcite(join.getJoinType());
      return new Sides(join.getLeft(), join.getRight(), join.getCondition(), kind);
    }
  }

  /**
   * For each left row a scan of the right table, whose conditions read the left row as a
   * correlation variable; null if the right side is not one table.
   */
  private @Nullable PlanNode planLookup(Sides join, PlanNode left) {
    JoinKind kind = join.kind;
    if (kind == JoinKind.RIGHT || kind == JoinKind.FULL || join.condition.isAlwaysTrue()) {
      return null;
    }
    RelNode rightRel = join.right;
    Block block = scans.blockOf(rightRel);
    int @Nullable [] outputs = null;
    if (block != null) {
      outputs = ImmutableBitSet.range(block.columnCount()).toArray();
    } else if (rightRel instanceof Project project) {
      block = scans.blockOf(project.getInput());
      outputs = PhysicalPlanner.references(project.getProjects());
    }
    if (block == null || outputs == null) {
      return null;
    }
    CorrelationId variable = join.left.getCluster().createCorrel();
    RexNode condition = correlate(join, outputs, variable);
    PlanNode right = scans.plan(block, outputs, List.of(condition), Request.ANY);
    ScanPlanner.Choice choice = scans.choose(block, outputs, List.of(condition), Request.ANY);
    LookupSource.Factory lookups = choice.path().lookups();
    double rows =
        kind == JoinKind.SEMI || kind == JoinKind.ANTI
            ? Math.max(1, left.rows() / 2)
            : Math.max(1, left.rows() * right.rows());
    double cost = left.cost() + left.rows() * (LOOKUP_COST + right.cost());
    if (lookups == null) {
      return correlateNode(LOOKUP, left, right, variable, kind, rows, cost);
    }
    PlanNode found = ScanPlanner.scan(choice, block);
    RexNode rest = rest(choice, left.types().size(), variable);
    List<ColumnType> pairTypes = new ArrayList<>(left.types());
    pairTypes.addAll(found.types());
    List<ColumnType> types = List.copyOf(pairTypes);
    List<String> names = new ArrayList<>(join.left.getRowType().getFieldNames());
    for (int column : choice.columns()) {
      names.add(block.names().get(column));
    }
    String text = rest == null ? "" : RexText.of(rest, names);
    int[] joined = IntStream.range(0, joinedTypes(left, right, kind).size()).toArray();
    LookupSource.Factory measured = MeasuredLookups.measured(lookups, found);
    return new PlanNode(
        title(LOOKUP, kind),
        rest == null ? List.of() : List.of(text),
        List.of(left, found),
        joinedTypes(left, right, kind),
        rows,
        cost,
        left.ordering(),
        (inputs, context) -> {
          Operator operator =
              new LookupJoinOperator(
                  inputs.get(0), measured, types, variable.getName(), kind, rest);
          return operator.types().size() == joined.length
              ? operator
              : new ColumnsOperator(operator, joined);
        },
        properties("Lookup Join", kind, "Join Filter", text));
  }

  static List<ColumnType> joinedTypes(PlanNode left, PlanNode right, JoinKind kind) {
    List<ColumnType> types = new ArrayList<>(left.types());
    if (kind.hasRightColumns()) {
      types.addAll(right.types());
    }
    return types;
  }

  /**
   * The conditions that a path leaves, over the columns of left and right; null if there are none.
   */
  private @Nullable RexNode rest(ScanPlanner.Choice choice, int leftCount, CorrelationId variable) {
    List<RexNode> conditions =
        choice.rest().stream()
            .map(Conjunct::expression)
            .map(
                expression ->
                    expression.accept(
                        new RexShuttle() {
                          @Override
                          public RexNode visitInputRef(RexInputRef reference) {
                            int index = Ints.indexOf(choice.columns(), reference.getIndex());
                            return rexBuilder.makeInputRef(reference.getType(), leftCount + index);
                          }

                          @Override
                          public RexNode visitFieldAccess(RexFieldAccess access) {
                            return access.getReferenceExpr() instanceof RexCorrelVariable row
                                    && row.id.equals(variable)
                                ? rexBuilder.makeInputRef(
                                    access.getType(), access.getField().getIndex())
                                : access;
                          }
                        }))
            .toList();
    return conditions.isEmpty() ? null : RexUtil.composeConjunction(rexBuilder, conditions);
  }

  /** The join condition with left columns read from the variable and right ones from the table. */
  private RexNode correlate(Sides join, int[] outputs, CorrelationId variable) {
    int leftCount = join.left.getRowType().getFieldCount();
    RexNode row = rexBuilder.makeCorrel(join.left.getRowType(), variable);
    return join.condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            int index = reference.getIndex();
            return index < leftCount
                ? rexBuilder.makeFieldAccess(row, index)
                : rexBuilder.makeInputRef(reference.getType(), outputs[index - leftCount]);
          }
        });
  }

  /** A correlate that the rewriting left: the right side runs for every left row. */
  PlanNode planCorrelate(Correlate correlate) {
    PlanNode left = planner.plan(correlate.getLeft(), Request.ANY);
    PlanNode right = planner.plan(correlate.getRight(), Request.ANY);
    JoinKind kind = JoinKind.fromCalcite(correlate.getJoinType());
    return correlateNode(
        "Correlated",
        left,
        right,
        correlate.getCorrelationId(),
        kind,
        Math.max(1, left.rows() * right.rows()),
        left.cost() + left.rows() * (LOOKUP_COST + right.cost()));
  }

  private static PlanNode correlateNode(
      String method,
      PlanNode left,
      PlanNode right,
      CorrelationId variable,
      JoinKind kind,
      double rows,
      double cost) {
    return new PlanNode(
        title(method, kind),
        List.of(),
        List.of(left, right),
        joinedTypes(left, right, kind),
        rows,
        cost,
        left.ordering(),
        (inputs, context) ->
            new CorrelateOperator(
                inputs.get(0), () -> right.build(context), right.types(), variable.getName(), kind),
        properties(method + " Join", kind, "Join Cond", ""));
  }

  private RexNode shift(RexNode node, IntUnaryOperator mapping) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return rexBuilder.makeInputRef(
                reference.getType(), mapping.applyAsInt(reference.getIndex()));
          }
        });
  }
}
