package io.ppdb.relational.planner;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Simplifies the expressions of a tree from the leaves up; row types stay the same.
 *
 * <p>Rules that move a condition below an outer join change the types of its columns, not of the
 * calls above them, which then claim to be nullable of operands that are not. Simplification
 * asserts that this does not happen, so rules run without it, and it runs here, over calls whose
 * nullability is that of their operands again. Booleans are compared as integers.
 */
final class ExpressionSimplifier {
  private static final int MAX_ROUNDS = 5;

  /**
   * Simplification compares each term with the ranges of all others, which takes the cube of their
   * number: the terms of longer chains are simplified in groups.
   */
  private static final int MOST_TERMS = 32;

  private final RexBuilder rexBuilder;
  private final RexSimplify simplify;
  private final RexShuttle repair;

  ExpressionSimplifier(RexBuilder rexBuilder, RexExecutor executor) {
    this.rexBuilder = rexBuilder;
    this.simplify = new RexSimplify(rexBuilder, RelOptPredicateList.EMPTY, executor);
    this.repair =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            RexCall visited = (RexCall) super.visitCall(call);
            if (isStrictWithNull(visited)) {
              return rexBuilder.makeNullLiteral(visited.getType());
            }
            RexNode constant = constantOfCase(visited);
            if (constant != null) {
              return constant;
            }
            if (isOrderOfBooleans(visited)) {
              return visited.clone(visited.getType(), asIntegers(visited.getOperands()));
            }
            RexNode dates = DateComparisons.ofDates(rexBuilder, visited);
            return dates == null ? withNullabilityOfOperands(visited) : dates;
          }
        };
  }

  RelNode simplify(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::simplify).toList();
    RelNode result = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    if (result instanceof Filter filter) {
      return simplify(filter);
    }
    if (result instanceof Join join) {
      RexNode condition = simplifyCondition(join.getCondition());
      return join.copy(
          join.getTraitSet(),
          condition,
          join.getLeft(),
          join.getRight(),
          join.getJoinType(),
          join.isSemiJoinDone());
    }
    if (result instanceof Project project) {
      List<RexNode> expressions = project.getProjects().stream().map(this::simplify).toList();
      return project.copy(
          project.getTraitSet(), project.getInput(), expressions, project.getRowType());
    }
    return result;
  }

  private RelNode simplify(Filter filter) {
    RexNode condition = simplifyCondition(filter.getCondition());
    if (condition.isAlwaysTrue()) {
      return filter.getInput();
    }
    return condition.isAlwaysFalse()
        ? LogicalValues.createEmpty(filter.getCluster(), filter.getRowType())
        : filter.copy(filter.getTraitSet(), filter.getInput(), condition);
  }

  private RexNode simplifyCondition(RexNode condition) {
    return isLong(condition) ? simplifyInGroups(repaired(condition)) : simplifyTogether(condition);
  }

  private static List<RexNode> terms(RexNode node) {
    return node.isA(SqlKind.OR)
        ? RelOptUtil.disjunctions(node)
        : node.isA(SqlKind.AND) ? RelOptUtil.conjunctions(node) : List.of(node);
  }

  /** Whether it has too many terms, or one of them does, to be simplified as a whole. */
  private static boolean isLong(RexNode node) {
    List<RexNode> terms = terms(node);
    return terms.size() > MOST_TERMS
        || (terms.size() > 1 && terms.stream().anyMatch(ExpressionSimplifier::isLong));
  }

  private RexNode simplifyInGroups(RexNode node) {
    List<RexNode> others = new ArrayList<>();
    List<RexNode> simple = new ArrayList<>();
    Map<RexNode, List<RexNode>> points = new LinkedHashMap<>();
    for (RexNode term : terms(node)) {
      if (isLong(term)) {
        simple.add(simplifyInGroups(term));
      } else if (node.isA(SqlKind.OR) && isPoint(term)) {
        List<RexNode> sides = ((RexCall) term).getOperands();
        points.computeIfAbsent(sides.get(0), key -> new ArrayList<>()).add(sides.get(1));
      } else {
        others.add(term);
      }
    }
    points.forEach((value, literals) -> simple.add(rexBuilder.makeIn(value, literals)));
    for (List<RexNode> group : Lists.partition(others, MOST_TERMS)) {
      simple.add(simplifyTogether(compose(node, group)));
    }
    return compose(node, simple);
  }

  /** Whether it is {@code x = literal}; many of them for one x are one search. */
  private static boolean isPoint(RexNode term) {
    return term instanceof RexCall call
        && call.isA(SqlKind.EQUALS)
        && call.getOperands().get(0) instanceof RexInputRef
        && call.getOperands().get(1) instanceof RexLiteral literal
        && !literal.isNull()
        && SqlTypeUtil.equalSansNullability(call.getOperands().get(0).getType(), literal.getType());
  }

  private RexNode compose(RexNode like, List<RexNode> terms) {
    return like.isA(SqlKind.OR)
        ? RexUtil.composeDisjunction(rexBuilder, terms)
        : RexUtil.composeConjunction(rexBuilder, terms);
  }

  /** One round makes a comparison with NULL of a CASE, the next makes false of that. */
  private RexNode simplifyTogether(RexNode condition) {
    RexNode before = repaired(condition);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      RexNode after = repaired(simplify.simplifyUnknownAsFalse(before));
      if (after.equals(before)) {
        break;
      }
      before = after;
    }
    return before;
  }

  private RexNode simplify(RexNode node) {
    RexNode simple =
        repaired(
            simplify.simplifyPreservingType(
                repaired(node), RexUnknownAs.UNKNOWN, /* matchNullability= */ true));
    return simple.getType().equals(node.getType())
        ? simple
        : rexBuilder.makeAbstractCast(node.getType(), simple, /* safe= */ false);
  }

  private RexNode repaired(RexNode node) {
    return RexUtil.flatten(rexBuilder, node.accept(repair));
  }

  /**
   * Calcite makes a search of {@code x BETWEEN FALSE AND TRUE} and then, in a condition, takes an x
   * that is NULL for FALSE, which it would find.
   */
  private static boolean isOrderOfBooleans(RexCall call) {
    return switch (call.getKind()) {
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          call.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.BOOLEAN;
      default -> false;
    };
  }

  /**
   * The value of a CASE with a NULL in it that has the same one whatever happens; null if it has
   * not. Calcite would find that out too, but within a condition it then refuses to see the
   * comparison with NULL that it has made itself, and calls that may be NULL no more.
   */
  private @Nullable RexNode constantOfCase(RexCall call) {
    if (call.getKind() != SqlKind.CASE || !containsNull(call)) {
      return null;
    }
    RexNode simple = simplify.simplifyPreservingType(call, RexUnknownAs.UNKNOWN, false);
    if (RexUtil.isNullLiteral(simple, /* allowCast= */ true)) {
      return rexBuilder.makeNullLiteral(call.getType());
    }
    return simple instanceof RexLiteral ? simple : null;
  }

  /** Without a NULL in it a call may be NULL, but not for that reason alone. */
  private static boolean containsNull(RexCall call) {
    return call.getOperands().stream()
        .anyMatch(
            operand ->
                operand instanceof RexCall nested
                    ? containsNull(nested)
                    : RexUtil.isNullLiteral(operand, /* allowCast= */ false));
  }

  /** Whether it is NULL for an operand that is, which then also saves it from errors. */
  private static boolean isStrictWithNull(RexCall call) {
    boolean strict =
        SqlKind.COMPARISON.contains(call.getKind())
            || SqlKind.BINARY_ARITHMETIC.contains(call.getKind())
            || call.getKind() == SqlKind.MINUS_PREFIX
            || call.getKind() == SqlKind.PLUS_PREFIX;
    return strict
        && call.getOperands().stream().anyMatch(operand -> RexUtil.isNullLiteral(operand, true));
  }

  private List<RexNode> asIntegers(List<RexNode> booleans) {
    RelDataType integer = rexBuilder.getTypeFactory().createSqlType(SqlTypeName.INTEGER);
    return booleans.stream()
        .map(
            node ->
                rexBuilder.makeAbstractCast(
                    rexBuilder.matchNullability(integer, node), node, /* safe= */ false))
        .toList();
  }

  private RexNode withNullabilityOfOperands(RexCall call) {
    if (call.getKind() == SqlKind.CAST || call.getKind() == SqlKind.ITEM) {
      return call;
    }
    boolean nullable =
        switch (Strong.policy(call)) {
          case ANY -> call.getOperands().stream().anyMatch(o -> o.getType().isNullable());
          case NOT_NULL -> false;
          default -> call.getType().isNullable();
        };
    if (nullable == call.getType().isNullable()) {
      return call;
    }
    RelDataType type =
        rexBuilder.getTypeFactory().createTypeWithNullability(call.getType(), nullable);
    return call.clone(type, call.getOperands());
  }
}
