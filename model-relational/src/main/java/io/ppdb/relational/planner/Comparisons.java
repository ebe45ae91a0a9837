package io.ppdb.relational.planner;

import io.ppdb.relational.expr.QuantifiedComparison;
import io.ppdb.relational.spi.ColumnComparison;
import io.ppdb.relational.spi.ColumnComparison.Operator;
import io.ppdb.relational.spi.Conjunct;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Finds in a condition the comparisons of one column with values known when a scan opens. */
final class Comparisons {
  private final RexBuilder rexBuilder;
  private final List<ColumnType> columnTypes;
  private final List<RexNode> expressions;

  /** Comparisons of columns alone. */
  Comparisons(RexBuilder rexBuilder, List<ColumnType> columnTypes) {
    this(rexBuilder, columnTypes, List.of());
  }

  /**
   * @param columnTypes types of the columns that input references mean, then those of expressions
   * @param expressions what counts as a column behind the others
   */
  Comparisons(RexBuilder rexBuilder, List<ColumnType> columnTypes, List<RexNode> expressions) {
    this.rexBuilder = rexBuilder;
    this.columnTypes = columnTypes;
    this.expressions = expressions;
  }

  /** The conjuncts of {@code condition}. */
  List<Conjunct> conjuncts(@Nullable RexNode condition) {
    List<Conjunct> conjuncts = new ArrayList<>();
    if (condition == null) {
      return conjuncts;
    }
    for (RexNode part : RelOptUtil.conjunctions(condition)) {
      if (part.getKind() != SqlKind.SEARCH) {
        conjuncts.add(conjunct(part));
        continue;
      }
      for (RexNode expanded :
          RelOptUtil.conjunctions(RexUtil.expandSearch(rexBuilder, null, part))) {
        conjuncts.add(conjunct(expanded));
      }
    }
    return conjuncts;
  }

  private Conjunct conjunct(RexNode node) {
    ColumnComparison comparison = comparison(node);
    return comparison == null
        ? new Conjunct(node, null, new Disjunctions(rexBuilder, this).alternatives(node))
        : new Conjunct(node, comparison);
  }

  /** The comparison that {@code node} is, or null. */
  @Nullable ColumnComparison comparison(RexNode node) {
    return switch (node.getKind()) {
      case EQUALS -> binary((RexCall) node, Operator.EQUAL, Operator.EQUAL);
      case LESS_THAN -> binary((RexCall) node, Operator.LESS, Operator.GREATER);
      case LESS_THAN_OR_EQUAL ->
          binary((RexCall) node, Operator.LESS_OR_EQUAL, Operator.GREATER_OR_EQUAL);
      case GREATER_THAN -> binary((RexCall) node, Operator.GREATER, Operator.LESS);
      case GREATER_THAN_OR_EQUAL ->
          binary((RexCall) node, Operator.GREATER_OR_EQUAL, Operator.LESS_OR_EQUAL);
      case IS_NULL -> nullTest((RexCall) node, Operator.IS_NULL);
      case IS_NOT_NULL -> nullTest((RexCall) node, Operator.IS_NOT_NULL);
      case OR -> in((RexCall) node);
      case INPUT_REF -> booleanColumn(node, true);
      case NOT -> booleanColumn(((RexCall) node).operands.get(0), false);
      default -> null;
    };
  }

  private @Nullable ColumnComparison binary(RexCall call, Operator operator, Operator swapped) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    int column = column(left);
    if (column >= 0 && isKnown(right)) {
      return new ColumnComparison(column, operator, List.of(operand(right, column)));
    }
    column = column(right);
    if (column >= 0 && isKnown(left)) {
      return new ColumnComparison(column, swapped, List.of(operand(left, column)));
    }
    return null;
  }

  /** {@code column = value}; null if {@code value} differs from row to row. */
  @Nullable ColumnComparison equality(RexInputRef column, RexNode value) {
    return isKnown(value)
        ? new ColumnComparison(
            column.getIndex(), Operator.EQUAL, List.of(operand(value, column.getIndex())))
        : null;
  }

  private @Nullable ColumnComparison nullTest(RexCall call, Operator operator) {
    int column = simpleColumn(call.getOperands().get(0));
    return column < 0 ? null : new ColumnComparison(column, operator, List.of());
  }

  private @Nullable ColumnComparison booleanColumn(RexNode node, boolean value) {
    return node instanceof RexInputRef reference
        ? new ColumnComparison(
            reference.getIndex(),
            Operator.EQUAL,
            List.of(operand(rexBuilder.makeLiteral(value), reference.getIndex())))
        : null;
  }

  /** A disjunction of equalities on one column. */
  private @Nullable ColumnComparison in(RexCall call) {
    List<Operand> operands = new ArrayList<>();
    int column = -1;
    for (RexNode part : RelOptUtil.disjunctions(call)) {
      ColumnComparison equality = part.getKind() == SqlKind.EQUALS ? comparison(part) : null;
      if (equality == null || (column >= 0 && column != equality.ordinal())) {
        return null;
      }
      column = equality.ordinal();
      operands.add(equality.operand());
    }
    return column < 0 ? null : new ColumnComparison(column, Operator.IN, operands);
  }

  /** {@code column = ANY (array)}; null if {@code node} is anything else. */
  @Nullable ColumnComparison anyOf(RexNode node) {
    if (!(node instanceof RexCall call)
        || !call.getOperator().equals(QuantifiedComparison.of(SqlKind.EQUALS).any())) {
      return null;
    }
    int column = column(call.getOperands().get(0));
    RexNode array = call.getOperands().get(1);
    RelDataType element = array.getType().getComponentType();
    if (column < 0
        || element == null
        || !isKnown(array)
        || !isComparable(columnTypes.get(column), ColumnType.fromCalcite(element))) {
      return null;
    }
    Operand operand = RexOperand.ofArray(array, columnTypes.get(column));
    return new ColumnComparison(column, Operator.ANY, List.of(operand));
  }

  /** Whether elements of a type are compared with a column as what the column's type makes them. */
  private static boolean isComparable(ColumnType column, ColumnType element) {
    return switch (column.kind()) {
      case SMALLINT, INTEGER, BIGINT -> element.kind().isInteger();
      case DECIMAL -> element.kind().isInteger() || element.kind() == TypeKind.DECIMAL;
      default -> element.kind() == column.kind();
    };
  }

  private Operand operand(RexNode node, int column) {
    return new RexOperand(node, columnTypes.get(column));
  }

  /** Whether {@code node} is the same for all rows of a scan. */
  private static boolean isKnown(RexNode node) {
    return RexUtil.isDeterministic(node)
        && RelOptUtil.InputFinder.bits(node).isEmpty()
        && RexUtil.SubQueryFinder.find(node) == null;
  }

  /** The column that {@code node} is, perhaps widened without a change of order; or -1. */
  private int column(RexNode node) {
    int simple = simpleColumn(node);
    if (simple < 0 && node.getKind() == SqlKind.CAST) {
      int column = simpleColumn(((RexCall) node).getOperands().get(0));
      ColumnType to = ColumnType.fromCalcite(node.getType());
      return column >= 0 && isWidening(columnTypes.get(column), to) ? column : -1;
    }
    return simple;
  }

  private int simpleColumn(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return reference.getIndex();
    }
    int place = expressions.indexOf(node);
    return place < 0 ? -1 : columnTypes.size() - expressions.size() + place;
  }

  private static boolean isWidening(ColumnType from, ColumnType to) {
    return switch (from.kind()) {
      case SMALLINT, INTEGER, BIGINT ->
          to.kind().isInteger() && to.kind().compareTo(from.kind()) >= 0;
      case VARCHAR ->
          to.kind() == from.kind()
              && (to.precision() == ColumnType.UNLIMITED
                  || (from.precision() != ColumnType.UNLIMITED
                      && to.precision() >= from.precision()));
      case DECIMAL ->
          to.kind() == from.kind()
              && (to.isUnconstrainedNumeric()
                  || (!from.isUnconstrainedNumeric()
                      && to.scale() >= from.scale()
                      && to.precision() - to.scale() >= from.precision() - from.scale()));
      default -> to.equals(from);
    };
  }
}
