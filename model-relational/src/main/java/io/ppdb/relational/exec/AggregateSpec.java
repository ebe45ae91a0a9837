package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of an {@link AggregateOperator}.
 *
 * @param arguments input columns; none for count(*)
 * @param distinct whether equal arguments count once
 * @param filterColumn the boolean input column that must be true, or -1
 * @param type the type of the result
 * @param literal what LITERAL returns
 * @param order the order, by input columns, that rows are aggregated in; empty if it does not
 *     matter
 */
public record AggregateSpec(
    Function function,
    List<Integer> arguments,
    boolean distinct,
    int filterColumn,
    ColumnType type,
    @Nullable RexNode literal,
    List<SortKey> order) {

  /** The aggregate functions. */
  public enum Function {
    COUNT,
    SUM,
    /** SUM that is 0, not NULL, of no rows. */
    SUM0,
    AVG,
    MIN,
    MAX,
    BOOL_AND,
    BOOL_OR,
    STDDEV_POP,
    STDDEV_SAMP,
    VAR_POP,
    VAR_SAMP,
    STRING_AGG,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    CORR,
    COVAR_POP,
    COVAR_SAMP,
    REGR_AVGX,
    REGR_AVGY,
    REGR_INTERCEPT,
    REGR_R2,
    REGR_SLOPE,
    REGR_SXX,
    REGR_SXY,
    REGR_SYY,
    /** The value below which a share of the others lies, between two of them if need be. */
    PERCENTILE_CONT,
    /** The first value that at least a share of the others is not above. */
    PERCENTILE_DISC,
    /** The most frequent value. */
    MODE,
    ARRAY_AGG,
    /** ARRAY_AGG that is an empty array, not NULL, of no rows: what ARRAY(query) becomes. */
    ARRAY_OF,
    JSON_AGG,
    JSON_OBJECT_AGG,
    /** Any one of the values. */
    ANY_VALUE,
    /** The only value; CARDINALITY_VIOLATION if there are several rows: a scalar sub-query. */
    SINGLE_VALUE,
    /** A constant for every group. */
    LITERAL,
    /** Bit mask of the arguments that are not grouped in this grouping set. */
    GROUPING
  }

  public AggregateSpec {
    arguments = List.copyOf(arguments);
    order = List.copyOf(order);
  }

  /** An aggregate without DISTINCT and FILTER. */
  public static AggregateSpec of(Function function, ColumnType type, Integer... arguments) {
    return new AggregateSpec(function, List.of(arguments), false, -1, type, null, List.of());
  }

  /** The aggregate that a Calcite call stands for. */
  public static AggregateSpec fromCalcite(AggregateCall call) {
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    ColumnType type = ColumnType.fromCalcite(call.getType());
    Function function = function(name, type);
    RexNode literal = function == Function.LITERAL ? (RexLiteral) call.rexList.get(0) : null;
    return new AggregateSpec(
        function,
        call.getArgList(),
        call.isDistinct(),
        call.filterArg,
        type,
        literal,
        order(call.getCollation()));
  }

  /** An aggregate over the frame of a window. */
  public static AggregateSpec ofWindow(String name, List<Integer> arguments, ColumnType type) {
    return new AggregateSpec(
        function(name.toUpperCase(Locale.ROOT), type), arguments, false, -1, type, null, List.of());
  }

  private static List<SortKey> order(RelCollation collation) {
    List<SortKey> keys = new ArrayList<>();
    for (RelFieldCollation field : collation.getFieldCollations()) {
      keys.add(SortKey.fromCalcite(field));
    }
    return keys;
  }

  private static Function function(String name, ColumnType type) {
    return switch (name) {
      case "COUNT", "REGR_COUNT" -> Function.COUNT;
      case "SUM" -> Function.SUM;
      case "$SUM0" -> Function.SUM0;
      case "AVG" -> Function.AVG;
      case "MIN" -> type.kind() == TypeKind.BOOLEAN ? Function.BOOL_AND : Function.MIN;
      case "MAX" -> type.kind() == TypeKind.BOOLEAN ? Function.BOOL_OR : Function.MAX;
      case "BOOL_AND", "EVERY", "LOGICAL_AND" -> Function.BOOL_AND;
      case "BOOL_OR", "SOME", "LOGICAL_OR" -> Function.BOOL_OR;
      case "STDDEV_POP" -> Function.STDDEV_POP;
      case "STDDEV_SAMP", "STDDEV" -> Function.STDDEV_SAMP;
      case "VAR_POP" -> Function.VAR_POP;
      case "VAR_SAMP", "VARIANCE" -> Function.VAR_SAMP;
      case "STRING_AGG", "LISTAGG" -> Function.STRING_AGG;
      case "ANY_VALUE" -> Function.ANY_VALUE;
      case "SINGLE_VALUE" -> Function.SINGLE_VALUE;
      case "LITERAL_AGG" -> Function.LITERAL;
      case "GROUPING", "GROUPING_ID" -> Function.GROUPING;
      case "JSON_AGG", "JSONB_AGG" -> Function.JSON_AGG;
      case "JSON_OBJECT_AGG", "JSONB_OBJECT_AGG" -> Function.JSON_OBJECT_AGG;
      case "$ARRAY_OF" -> Function.ARRAY_OF;
      case "ARRAY_AGG",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "CORR",
          "COVAR_POP",
          "COVAR_SAMP",
          "REGR_AVGX",
          "REGR_AVGY",
          "REGR_INTERCEPT",
          "REGR_R2",
          "REGR_SLOPE",
          "REGR_SXX",
          "REGR_SXY",
          "REGR_SYY",
          "PERCENTILE_CONT",
          "PERCENTILE_DISC",
          "MODE" ->
          Function.valueOf(name);
      default ->
          throw new PpdbException(
              ErrorCode.NOT_SUPPORTED, "aggregate function " + name.toLowerCase(Locale.ROOT));
    };
  }
}
