package io.ppdb.relational.expr;

import com.google.common.collect.BoundType;
import com.google.common.collect.RangeSet;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/** Chooses for each condition the predicate that narrows selections fastest. */
final class PredicateCompiler {
  private final ExpressionCompiler expressions;

  PredicateCompiler(ExpressionCompiler expressions) {
    this.expressions = expressions;
  }

  VectorPredicate compile(RexNode condition) {
    if (condition instanceof RexCall call) {
      return switch (call.getKind()) {
        case AND -> new Conjunction(compileEach(call));
        case OR -> new Disjunction(compileEach(call));
        case IS_NULL -> new NullPredicate(expressions.compile(call.getOperands().get(0)), true);
        case IS_NOT_NULL ->
            new NullPredicate(expressions.compile(call.getOperands().get(0)), false);
        case EQUALS,
            NOT_EQUALS,
            LESS_THAN,
            LESS_THAN_OR_EQUAL,
            GREATER_THAN,
            GREATER_THAN_OR_EQUAL ->
            comparison(call);
        case SEARCH -> search(call);
        default -> general(condition);
      };
    }
    return general(condition);
  }

  private VectorPredicate general(RexNode condition) {
    return new ExpressionPredicate(expressions.compile(condition));
  }

  private VectorPredicate[] compileEach(RexCall call) {
    return call.getOperands().stream().map(this::compile).toArray(VectorPredicate[]::new);
  }

  private VectorPredicate comparison(RexCall call) {
    Comparison comparison = ExpressionCompiler.comparison(call.getKind());
    VectorExpression[] sides =
        expressions.aligned(call.getOperands().get(0), call.getOperands().get(1));
    VectorExpression argument = sides[0];
    VectorExpression other = sides[1];
    if (argument instanceof Constant && !(other instanceof Constant)) {
      argument = sides[1];
      other = sides[0];
      comparison = comparison.mirrored();
    }
    if (other instanceof Constant constant) {
      Object value = constant.value();
      ColumnType type = argument.type();
      if (value != null && Range.supports(type)) {
        return new RangePredicate(
            argument, Range.of(type, comparison, value), comparison != Comparison.NOT_EQUAL);
      }
      if (value instanceof String text && type.kind() == TypeKind.VARCHAR) {
        return new TextComparisonPredicate(
            argument, comparison, text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return new ExpressionPredicate(
        expressions.strict(
            ColumnType.BOOLEAN, ExpressionCompiler.comparison(call.getKind()), sides));
  }

  private VectorPredicate search(RexCall call) {
    Sarg<?> sarg = sarg(call);
    ColumnType type = ColumnType.fromCalcite(call.getOperands().get(0).getType());
    RelDataType sargType = call.getOperands().get(1).getType();
    if (sarg.nullAs != RexUnknownAs.TRUE && hasRanges(type, sargType)) {
      List<Range> ranges = ranges(sarg, sargType, type);
      if (ranges.size() == 1) {
        return new RangePredicate(
            expressions.compile(call.getOperands().get(0)), ranges.get(0), true);
      }
    }
    VectorExpression membership = membership(call);
    return membership != null
        ? new ExpressionPredicate(membership)
        : compile(expressions.expandSearch(call));
  }

  /** A search as one expression, or null if its type has no kernel for it. */
  @Nullable VectorExpression membership(RexCall call) {
    Sarg<?> sarg = sarg(call);
    RelDataType sargType = call.getOperands().get(1).getType();
    VectorExpression argument = expressions.compile(call.getOperands().get(0));
    ColumnType type = argument.type();
    Boolean ofNull =
        switch (sarg.nullAs) {
          case TRUE -> true;
          case FALSE -> false;
          case UNKNOWN -> null;
        };
    if (hasRanges(type, sargType)) {
      return new Membership(
          argument, Membership.inRanges(type, ranges(sarg, sargType, type)), ofNull);
    }
    if (type.kind() == TypeKind.VARCHAR && sarg.isPoints()) {
      List<byte[]> points = new ArrayList<>();
      for (com.google.common.collect.Range<?> range : sarg.rangeSet.asRanges()) {
        String text = (String) Literals.value(sargType, range.lowerEndpoint());
        points.add(text.getBytes(StandardCharsets.UTF_8));
      }
      return new Membership(argument, Membership.amongBytes(points), ofNull);
    }
    return null;
  }

  /** Whether constants of {@code sargType} bound ranges of {@code type}. */
  private static boolean hasRanges(ColumnType type, RelDataType sargType) {
    TypeKind constants = ColumnType.fromCalcite(sargType).kind();
    return Range.supports(type)
        && (type.kind() == constants || (type.kind().isNumeric() && constants.isNumeric()));
  }

  private static Sarg<?> sarg(RexCall call) {
    Sarg<?> sarg = ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class);
    if (sarg == null) {
      throw new IllegalArgumentException("a search without argument: " + call);
    }
    return sarg;
  }

  /** The ranges of a search argument, ascending and disjoint, as values of {@code type}. */
  private static List<Range> ranges(Sarg<?> sarg, RelDataType sargType, ColumnType type) {
    List<Range> ranges = new ArrayList<>();
    RangeSet<?> set = sarg.rangeSet;
    for (com.google.common.collect.Range<?> range : set.asRanges()) {
      Range bounds = Range.ALL;
      if (range.hasLowerBound()) {
        Comparison comparison =
            range.lowerBoundType() == BoundType.CLOSED
                ? Comparison.GREATER_OR_EQUAL
                : Comparison.GREATER;
        bounds =
            bounds.intersect(
                Range.of(type, comparison, Literals.value(sargType, range.lowerEndpoint())));
      }
      if (range.hasUpperBound()) {
        Comparison comparison =
            range.upperBoundType() == BoundType.CLOSED ? Comparison.LESS_OR_EQUAL : Comparison.LESS;
        bounds =
            bounds.intersect(
                Range.of(type, comparison, Literals.value(sargType, range.upperEndpoint())));
      }
      if (type.kind().isFloat() || bounds.first() <= bounds.last()) {
        ranges.add(bounds);
      }
    }
    return ranges;
  }
}
