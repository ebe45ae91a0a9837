package io.ppdb.relational.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.rules.MultiJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts inner joins in order: the cheapest left-deep tree, found by dynamic programming over the
 * sets of inputs, or step by step if there are many.
 *
 * <p>What joining one more input costs follows how it will be done: a lookup for each row so far if
 * the equalities cover the beginning of a key or index, else reading all of it. Each input comes
 * with an equality to one before it as long as there is one. Used for one statement.
 */
final class JoinOrder {
  /** Inputs for which all orders are tried: the sets are 2 to this power. */
  private static final int MAX_EXHAUSTIVE = 10;

  /** Inputs that many joins are begun with, to see which order is best: those with few rows. */
  private static final int MAX_STARTS = 8;

  private static final double LOOKUP_COST = 6;
  private static final double HASH_COST = 2;

  private final RelBuilder builder;
  private final ScanPlanner scans;
  private final RelMetadataQuery metadata;

  /** Scans of inputs of the join at hand for one row of those before. */
  private final Map<Lookup, PlanNode> lookups = new HashMap<>();

  JoinOrder(
      RelBuilder builder,
      RexBuilder rexBuilder,
      RelMetadataQuery metadata,
      StatementIndexes indexes) {
    this.builder = builder;
    this.scans = new ScanPlanner(rexBuilder, indexes);
    this.metadata = metadata;
  }

  /** {@code rel} with every multi-way inner join below it replaced by joins of two in order. */
  RelNode apply(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::apply).toList();
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return copy instanceof MultiJoin multiJoin && isInner(multiJoin) ? order(multiJoin) : copy;
  }

  private static boolean isInner(MultiJoin join) {
    return !join.isFullOuterJoin()
        && join.getPostJoinFilter() == null
        && join.getJoinTypes().stream().allMatch(type -> type == JoinRelType.INNER)
        && join.getOuterJoinConditions().stream().allMatch(condition -> condition == null)
        && join.getInputs().size() <= Long.SIZE;
  }

  /**
   * An input of the join.
   *
   * @param firstColumn its first column among those of all inputs
   * @param block the table it is; null if it is something else
   * @param rows estimated rows after its own conditions
   * @param cost of reading them
   */
  private record Factor(
      RelNode rel, int firstColumn, ScanPlanner.@Nullable Block block, double rows, double cost) {
    int columnCount() {
      return rel.getRowType().getFieldCount();
    }
  }

  /** An input and the conditions that read the row it is looked up for. */
  private record Lookup(int factor, List<RexNode> conditions) {}

  /** A condition with the set of inputs it reads. */
  private record Condition(RexNode node, long factors) {}

  /** An order of some inputs: the last one joined, and how to get to those before. */
  private record Step(@Nullable Step before, int factor, long factors, double rows, double cost) {}

  private RelNode order(MultiJoin join) {
    lookups.clear();
    List<Factor> factors = new ArrayList<>();
    int column = 0;
    for (RelNode input : join.getInputs()) {
      factors.add(factor(input, column));
      column += input.getRowType().getFieldCount();
    }
    List<Condition> conditions = new ArrayList<>();
    for (RexNode node : RelOptUtil.conjunctions(join.getJoinFilter())) {
      conditions.add(new Condition(node, factorsOf(node, factors)));
    }
    Step best =
        factors.size() <= MAX_EXHAUSTIVE ? best(factors, conditions) : greedy(factors, conditions);
    return build(best, factors, conditions, join);
  }

  private Factor factor(RelNode rel, int firstColumn) {
    ScanPlanner.Block block = scans.blockOf(rel);
    if (block == null) {
      double rows = Math.max(1, metadata.getRowCount(rel));
      return new Factor(rel, firstColumn, null, rows, rows);
    }
    int[] columns = ImmutableBitSet.range(block.columnCount()).toArray();
    PlanNode scan = scans.plan(block, columns, List.of(), Request.ANY);
    return new Factor(rel, firstColumn, block, scan.rows(), scan.cost());
  }

  private static long factorsOf(RexNode node, List<Factor> factors) {
    long read = 0;
    for (int column : RelOptUtil.InputFinder.bits(node)) {
      read |= 1L << factorOf(column, factors);
    }
    return read;
  }

  private static int factorOf(int column, List<Factor> factors) {
    int factor = factors.size() - 1;
    while (factors.get(factor).firstColumn > column) {
      factor--;
    }
    return factor;
  }

  private Step best(List<Factor> factors, List<Condition> conditions) {
    int count = factors.size();
    @Nullable Step[] best = new @Nullable Step[1 << count];
    for (int i = 0; i < count; i++) {
      best[1 << i] = first(i, factors.get(i));
    }
    for (int set = 1; set < best.length; set++) {
      Step step = best[set];
      if (step == null) {
        continue;
      }
      for (Step next : nextSteps(step, factors, conditions)) {
        Step known = best[(int) next.factors];
        if (known == null || next.cost < known.cost) {
          best[(int) next.factors] = next;
        }
      }
    }
    return Objects.requireNonNull(best[best.length - 1]);
  }

  /** From each of some first inputs on, always the step that costs least; the best of these. */
  private Step greedy(List<Factor> factors, List<Condition> conditions) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      starts.add(i);
    }
    starts.sort(Comparator.comparingDouble(i -> factors.get(i).rows));
    Step best = null;
    for (int i : starts.subList(0, Math.min(MAX_STARTS, starts.size()))) {
      Step step = first(i, factors.get(i));
      while (Long.bitCount(step.factors) < factors.size()) {
        Step cheapest = null;
        for (Step next : nextSteps(step, factors, conditions)) {
          cheapest = cheapest == null || next.cost < cheapest.cost ? next : cheapest;
        }
        step = Objects.requireNonNull(cheapest);
      }
      best = best == null || step.cost < best.cost ? step : best;
    }
    return Objects.requireNonNull(best);
  }

  private static Step first(int number, Factor factor) {
    return new Step(null, number, 1L << number, factor.rows, factor.cost);
  }

  /** The ways to go on: with inputs that a condition connects, or else with any. */
  private List<Step> nextSteps(Step step, List<Factor> factors, List<Condition> conditions) {
    List<Step> connected = new ArrayList<>();
    List<Step> others = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      long bit = 1L << i;
      if ((step.factors & bit) != 0) {
        continue;
      }
      List<RexNode> usable = new ArrayList<>();
      for (Condition condition : conditions) {
        if ((condition.factors & bit) != 0
            && condition.factors != bit
            && (condition.factors & ~(step.factors | bit)) == 0) {
          usable.add(condition.node);
        }
      }
      (usable.isEmpty() ? others : connected).add(join(step, i, factors, usable));
    }
    return connected.isEmpty() ? others : connected;
  }

  private Step join(Step step, int number, List<Factor> factors, List<RexNode> conditions) {
    Factor factor = factors.get(number);
    double matches = factor.rows;
    double cost = factor.cost + HASH_COST * factor.rows + step.rows;
    boolean isEquality = false;
    if (factor.block != null && !conditions.isEmpty()) {
      ScanPlanner.Block block = factor.block;
      PlanNode lookup =
          lookups.computeIfAbsent(
              new Lookup(number, conditions), key -> lookup(factor, block, conditions));
      double lookupCost = step.rows * (LOOKUP_COST + lookup.cost());
      matches = Math.min(matches, lookup.rows());
      cost = Math.min(cost, lookupCost);
      isEquality = lookup.rows() < factor.rows;
    }
    if (!isEquality) {
      double selectivity = 1;
      for (RexNode condition : conditions) {
        if (condition.getKind() == SqlKind.EQUALS) {
          double distinct = distinctCount((RexCall) condition, factors);
          // If nothing is known, as if the side with more rows had each value once.
          double most = distinct == 0 ? Math.max(step.rows, factor.rows) : distinct;
          selectivity = Math.min(selectivity, 1 / Math.max(1, most));
        } else {
          selectivity *= Estimates.selectivity(condition);
        }
      }
      matches = factor.rows * selectivity;
    }
    if (conditions.isEmpty()) {
      cost += step.rows * factor.rows; // every pair
    }
    double rows = Math.max(1, step.rows * matches);
    return new Step(step, number, step.factors | 1L << number, rows, step.cost + cost + rows);
  }

  /** How many values the column has, of two that are equal, which has more; 0 if unknown. */
  private static double distinctCount(RexCall equality, List<Factor> factors) {
    double most = 0;
    for (RexNode operand : equality.getOperands()) {
      if (operand instanceof RexInputRef reference) {
        Factor factor = factors.get(factorOf(reference.getIndex(), factors));
        ColumnOrigin origin =
            ColumnOrigin.of(factor.rel, reference.getIndex() - factor.firstColumn);
        most = Math.max(most, origin == null ? 0 : origin.distinctCount());
      }
    }
    return most;
  }

  /** The scan of an input for one row of those before it. */
  private PlanNode lookup(Factor factor, ScanPlanner.Block block, List<RexNode> conditions) {
    RexBuilder rex = builder.getRexBuilder();
    CorrelationId variable = factor.rel.getCluster().createCorrel();
    int first = factor.firstColumn;
    int end = first + factor.columnCount();
    List<RexNode> correlated = new ArrayList<>();
    for (RexNode condition : conditions) {
      correlated.add(
          condition.accept(
              new RexShuttle() {
                @Override
                public RexNode visitInputRef(RexInputRef reference) {
                  int index = reference.getIndex();
                  return index >= first && index < end
                      ? rex.makeInputRef(reference.getType(), index - first)
                      : rex.makeFieldAccess(
                          rex.makeCorrel(
                              rex.getTypeFactory().builder().add("c", reference.getType()).build(),
                              variable),
                          0);
                }
              }));
    }
    int[] columns = ImmutableBitSet.range(block.columnCount()).toArray();
    return scans.plan(block, columns, correlated, Request.ANY);
  }

  private RelNode build(
      Step last, List<Factor> factors, List<Condition> conditions, MultiJoin join) {
    List<Integer> order = new ArrayList<>();
    for (Step step = last; step != null; step = step.before) {
      order.add(0, step.factor);
    }
    int[] newColumns = new int[join.getRowType().getFieldCount()];
    int next = 0;
    for (int number : order) {
      Factor factor = factors.get(number);
      for (int i = 0; i < factor.columnCount(); i++) {
        newColumns[factor.firstColumn + i] = next++;
      }
    }
    RexBuilder rex = builder.getRexBuilder();
    RexShuttle renumber =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return rex.makeInputRef(reference.getType(), newColumns[reference.getIndex()]);
          }
        };
    boolean[] used = new boolean[conditions.size()];
    long joined = 0;
    for (int number : order) {
      builder.push(factors.get(number).rel);
      boolean isFirst = joined == 0;
      joined |= 1L << number;
      List<RexNode> usable = new ArrayList<>();
      for (int i = 0; i < used.length; i++) {
        if (!used[i] && (conditions.get(i).factors & ~joined) == 0) {
          used[i] = true;
          usable.add(conditions.get(i).node.accept(renumber));
        }
      }
      if (isFirst) {
        builder.filter(usable);
      } else {
        builder.join(JoinRelType.INNER, usable);
      }
    }
    builder.project(
        Arrays.stream(newColumns).mapToObj(builder::field).toList(),
        join.getRowType().getFieldNames());
    return builder.build();
  }
}
