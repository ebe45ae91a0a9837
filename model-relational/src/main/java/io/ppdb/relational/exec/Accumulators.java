package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Makes the states of an aggregate. */
final class Accumulators {
  private Accumulators() {}

  /**
   * The accumulator of {@code spec}.
   *
   * @param groupedColumns the columns of the grouping set it works for
   */
  static Accumulator create(
      AggregateSpec spec,
      List<ColumnType> inputTypes,
      List<Integer> groupedColumns,
      EvaluationContext context) {
    Accumulator accumulator = unordered(spec, inputTypes, groupedColumns, context);
    if (spec.order().isEmpty()) {
      return accumulator;
    }
    List<ColumnType> types = new ArrayList<>();
    spec.arguments().forEach(argument -> types.add(inputTypes.get(argument)));
    List<SortKey> order = new ArrayList<>();
    for (SortKey key : spec.order()) {
      order.add(new SortKey(types.size(), key.descending(), key.nullsFirst()));
      types.add(inputTypes.get(key.column()));
    }
    return new OrderedAccumulator(accumulator, types, order, context::checkCancelled);
  }

  private static Accumulator unordered(
      AggregateSpec spec,
      List<ColumnType> inputTypes,
      List<Integer> groupedColumns,
      EvaluationContext context) {
    ColumnType argument =
        spec.arguments().isEmpty() ? ColumnType.BOOLEAN : inputTypes.get(spec.arguments().get(0));
    return switch (spec.function()) {
      case COUNT -> new CountAccumulator();
      case SUM, SUM0, AVG -> sum(spec, argument);
      case MIN -> new ExtremeAccumulator(argument, -1);
      case MAX -> new ExtremeAccumulator(argument, 1);
      case ANY_VALUE -> new ExtremeAccumulator(argument, 0);
      case BOOL_AND -> new BooleanAccumulator(false);
      case BOOL_OR -> new BooleanAccumulator(true);
      case STDDEV_POP -> new DeviationAccumulator(argument, false, true);
      case STDDEV_SAMP -> new DeviationAccumulator(argument, true, true);
      case VAR_POP -> new DeviationAccumulator(argument, false, false);
      case VAR_SAMP -> new DeviationAccumulator(argument, true, false);
      case ARRAY_AGG, ARRAY_OF ->
          new ArrayAggregator(argument, spec.function() == AggregateSpec.Function.ARRAY_OF);
      case JSON_AGG -> new JsonAggregator(false, context.timeZone());
      case JSON_OBJECT_AGG -> new JsonAggregator(true, context.timeZone());
      case STRING_AGG -> new StringAggregator();
      case BIT_AND -> new BitAccumulator((a, b) -> a & b);
      case BIT_OR -> new BitAccumulator((a, b) -> a | b);
      case BIT_XOR -> new BitAccumulator((a, b) -> a ^ b);
      case CORR,
          COVAR_POP,
          COVAR_SAMP,
          REGR_AVGX,
          REGR_AVGY,
          REGR_INTERCEPT,
          REGR_R2,
          REGR_SLOPE,
          REGR_SXX,
          REGR_SXY,
          REGR_SYY ->
          new RegressionAccumulator(spec.function());
      case PERCENTILE_CONT, PERCENTILE_DISC, MODE ->
          new RankedAccumulator(spec.function(), inputTypes.get(spec.order().get(0).column()));
      case SINGLE_VALUE -> new SingleValueAccumulator(argument);
      case LITERAL -> new ConstantAccumulator(literal(spec, context));
      case GROUPING -> new ConstantAccumulator(grouping(spec, groupedColumns));
    };
  }

  private static Accumulator sum(AggregateSpec spec, ColumnType argument) {
    boolean average = spec.function() == AggregateSpec.Function.AVG;
    boolean zeroIfEmpty = spec.function() == AggregateSpec.Function.SUM0;
    return switch (argument.physical()) {
      case DOUBLE -> new DoubleSumAccumulator(average, zeroIfEmpty);
      case INTERVAL -> new IntervalSumAccumulator(average);
      case INT, LONG, DECIMAL -> new ExactSumAccumulator(average, zeroIfEmpty);
      case BOOLEAN, BYTES, ENCODED ->
          throw new PpdbException(
              ErrorCode.DATATYPE_MISMATCH, "sum and avg do not exist for type " + argument);
    };
  }

  private static @Nullable Object literal(AggregateSpec spec, EvaluationContext context) {
    RexNode literal = spec.literal();
    return literal == null
        ? null
        : new ExpressionCompiler(List.of(), context).constant(spec.type(), literal);
  }

  /** One bit for each argument, the last the lowest, set if it is not grouped. */
  private static Object grouping(AggregateSpec spec, List<Integer> groupedColumns) {
    long mask = 0;
    for (int argument : spec.arguments()) {
      mask = mask << 1 | (groupedColumns.contains(argument) ? 0 : 1);
    }
    return switch (spec.type().physical()) {
      case INT -> (int) mask;
      default -> mask;
    };
  }
}
