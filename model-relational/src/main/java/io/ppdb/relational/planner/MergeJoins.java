package io.ppdb.relational.planner;

import io.ppdb.relational.exec.JoinKind;
import io.ppdb.relational.exec.MergeJoinOperator;
import io.ppdb.relational.exec.SortKey;
import io.ppdb.relational.planner.PlanNodes.Slice;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Plans merge joins: of sides that come in the order of their keys, or are sorted for it.
 *
 * <p>Orders of the keys that are tried: what the reader asks for, those in which the sides come
 * anyway, and those of indexes. Only a side that is a table is planned anew for an order; so
 * planning many joins stays linear.
 */
final class MergeJoins {
  static final String TITLE = "Merge";

  /** What a row of either side costs: as much as one that is looked up in a hash table. */
  private static final double ROW_COST = 0.6;

  /** Below so many rows on both sides a hash table is as good. */
  private static final double FEW_ROWS = 200;

  private static final Set<TypeKind> INTEGERS =
      EnumSet.of(TypeKind.SMALLINT, TypeKind.INTEGER, TypeKind.BIGINT);

  /** Types whose values, cast to another value of the same kind, keep their order. */
  private static final Set<TypeKind> KINDS =
      EnumSet.of(
          TypeKind.BOOLEAN,
          TypeKind.DECIMAL,
          TypeKind.DOUBLE,
          TypeKind.VARCHAR,
          TypeKind.BYTEA,
          TypeKind.UUID,
          TypeKind.DATE,
          TypeKind.TIME,
          TypeKind.TIMESTAMP,
          TypeKind.TIMESTAMPTZ);

  private final PhysicalPlanner planner;
  private final ScanPlanner scans;

  MergeJoins(PhysicalPlanner planner, ScanPlanner scans) {
    this.planner = planner;
    this.scans = scans;
  }

  /**
   * A side of a join.
   *
   * @param plans of the same rows, in any order and perhaps in one that was asked for
   * @param keys its columns that are compared
   */
  record Side(RelNode rel, List<PlanNode> plans, List<Integer> keys) {
    List<ColumnType> types() {
      return plans.get(0).types();
    }

    double rows() {
      return plans.get(0).rows();
    }
  }

  /**
   * A join on equal keys.
   *
   * @param rest what else must hold; null if nothing
   * @param rows how many it is expected to have
   * @param text the whole condition
   */
  record Equijoin(
      Side left, Side right, JoinKind kind, @Nullable RexNode rest, double rows, String text) {}

  /** One key of a join, in a direction. */
  private record OrderedKey(int number, boolean descending) {}

  /**
   * Merge joins, one for each order; none if the kind of join or the types of the keys forbid it.
   *
   * @param wanted the order that the reader asks for, of output columns
   */
  List<PlanNode> plans(Equijoin join, List<SortKey> wanted) {
    boolean few = join.left.rows() < FEW_ROWS && join.right.rows() < FEW_ROWS;
    if (few || !canMerge(join)) {
      return List.of();
    }
    List<PlanNode> plans = new ArrayList<>();
    for (List<OrderedKey> order : orders(join, wanted)) {
      PlanNode left = ordered(join.left, order);
      PlanNode right = ordered(join.right, order);
      plans.add(node(join, left, right, order, wanted));
    }
    return plans;
  }

  private static boolean canMerge(Equijoin join) {
    List<Integer> leftKeys = join.left.keys;
    if (leftKeys.isEmpty() || join.kind == JoinKind.RIGHT || join.kind == JoinKind.FULL) {
      return false;
    }
    for (int i = 0; i < leftKeys.size(); i++) {
      TypeKind left = join.left.types().get(leftKeys.get(i)).kind();
      TypeKind right = join.right.types().get(join.right.keys.get(i)).kind();
      boolean integers = INTEGERS.contains(left) && INTEGERS.contains(right);
      if (!integers && (left != right || !KINDS.contains(left))) {
        return false;
      }
    }
    return true;
  }

  private Set<List<OrderedKey>> orders(Equijoin join, List<SortKey> wanted) {
    List<Integer> leftKeys = join.left.keys;
    List<Integer> rightKeys = join.right.keys;
    int leftCount = join.left.types().size();
    Set<List<OrderedKey>> orders = new LinkedHashSet<>();
    orders.add(
        order(
            wanted,
            column ->
                column < leftCount
                    ? leftKeys.indexOf(column)
                    : join.kind == JoinKind.INNER ? rightKeys.indexOf(column - leftCount) : -1,
            leftKeys.size()));
    for (Side side : List.of(join.left, join.right)) {
      List<List<SortKey>> known = new ArrayList<>(scans.indexOrders(side.rel));
      side.plans.forEach(plan -> known.add(plan.ordering()));
      for (List<SortKey> ordering : known) {
        if (ordering.size() >= leftKeys.size()) {
          orders.add(order(ordering, side.keys::indexOf, leftKeys.size()));
        }
      }
    }
    return orders;
  }

  /** The keys that {@code ordering} begins with, and then the others. */
  private static List<OrderedKey> order(
      List<SortKey> ordering, ToIntFunction<Integer> keyOf, int keyCount) {
    List<OrderedKey> order = new ArrayList<>();
    Set<Integer> used = new LinkedHashSet<>();
    for (SortKey sort : ordering) {
      int key = keyOf.applyAsInt(sort.column());
      if (key < 0 || !used.add(key)) {
        break;
      }
      order.add(new OrderedKey(key, sort.descending()));
    }
    for (int key = 0; key < keyCount; key++) {
      if (used.add(key)) {
        order.add(new OrderedKey(key, false));
      }
    }
    return order;
  }

  /** The cheapest plan of {@code side} in {@code order}. */
  private PlanNode ordered(Side side, List<OrderedKey> order) {
    List<SortKey> keys =
        order.stream()
            .map(key -> new SortKey(side.keys.get(key.number), key.descending, key.descending))
            .toList();
    List<PlanNode> candidates = new ArrayList<>(side.plans);
    if (scans.isTable(side.rel)) {
      candidates.add(planner.plan(side.rel, new Request(keys, Double.POSITIVE_INFINITY)));
    }
    PlanNode best =
        PlanNodes.sort(side.plans.get(0), keys, side.rel.getRowType().getFieldNames(), Slice.ALL);
    for (PlanNode candidate : candidates) {
      if (isOrdered(candidate, keys) && candidate.cost() < best.cost()) {
        best = candidate;
      }
    }
    return best;
  }

  /** Whether the values of a plan come in an order; where its NULLs are does not matter. */
  private static boolean isOrdered(PlanNode plan, List<SortKey> keys) {
    List<SortKey> ordering = plan.ordering();
    if (ordering.size() < keys.size()) {
      return false;
    }
    for (int i = 0; i < keys.size(); i++) {
      SortKey seen = ordering.get(i);
      SortKey key = keys.get(i);
      if (seen.column() != key.column() || seen.descending() != key.descending()) {
        return false;
      }
    }
    return true;
  }

  private static PlanNode node(
      Equijoin join, PlanNode left, PlanNode right, List<OrderedKey> order, List<SortKey> wanted) {
    List<Integer> leftKeys = order.stream().map(key -> join.left.keys.get(key.number)).toList();
    List<Integer> rightKeys = order.stream().map(key -> join.right.keys.get(key.number)).toList();
    List<Boolean> descending = order.stream().map(OrderedKey::descending).toList();
    JoinKind kind = join.kind;
    RexNode rest = join.rest;
    return new PlanNode(
        JoinPlanner.title(TITLE, kind),
        List.of(join.text),
        List.of(left, right),
        JoinPlanner.joinedTypes(left, right, kind),
        join.rows,
        left.cost() + right.cost() + ROW_COST * (left.rows() + right.rows()),
        ordering(join, left, rightKeys, wanted),
        (inputs, context) ->
            new MergeJoinOperator(
                inputs.get(0), inputs.get(1), kind, leftKeys, rightKeys, descending, rest),
        JoinPlanner.properties("Merge Join", kind, "Join Cond", join.text));
  }

  /**
   * The order of a merge join's rows. Keys of an inner join are equal and not NULL: its order is
   * told as it is {@code wanted}, by columns of either side.
   */
  private static List<SortKey> ordering(
      Equijoin join, PlanNode left, List<Integer> rightKeys, List<SortKey> wanted) {
    if (!join.kind.hasRightColumns()) {
      return left.ordering();
    }
    if (join.kind == JoinKind.LEFT && join.rest != null) {
      return List.of();
    }
    List<SortKey> ordering = new ArrayList<>(left.ordering().subList(0, rightKeys.size()));
    for (int i = 0; join.kind == JoinKind.INNER && i < ordering.size() && i < wanted.size(); i++) {
      SortKey key = ordering.get(i);
      SortKey other = wanted.get(i);
      int right = join.left.types().size() + rightKeys.get(i);
      boolean same = other.column() == key.column() || other.column() == right;
      if (same && other.descending() == key.descending()) {
        ordering.set(i, other);
      }
    }
    return ordering;
  }

  /** Whether its rows come while its inputs are read, so that a reader may stop early. */
  static boolean streams(PlanNode node) {
    return node.title().startsWith(TITLE)
        && node.inputs().stream().noneMatch(input -> input.title().startsWith("Sort"));
  }
}
