package io.ppdb.relational.exec;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.List;
import java.util.Locale;
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
 */
public record AggregateSpec(
    Function function,
    List<Integer> arguments,
    boolean distinct,
    int filterColumn,
    ColumnType type,
    @Nullable RexNode literal) {

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
  }

  /** An aggregate without DISTINCT and FILTER. */
  public static AggregateSpec of(Function function, ColumnType type, Integer... arguments) {
    return new AggregateSpec(function, List.of(arguments), false, -1, type, null);
  }

  /** The aggregate that a Calcite call stands for. */
  public static AggregateSpec fromCalcite(AggregateCall call) {
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    ColumnType type = ColumnType.fromCalcite(call.getType());
    if (!call.getCollation().getFieldCollations().isEmpty()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "ORDER BY inside aggregate " + name.toLowerCase(Locale.ROOT));
    }
    Function function =
        switch (name) {
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
          default ->
              throw new PpdbException(
                  ErrorCode.NOT_SUPPORTED, "aggregate function " + name.toLowerCase(Locale.ROOT));
        };
    RexNode literal = function == Function.LITERAL ? (RexLiteral) call.rexList.get(0) : null;
    return new AggregateSpec(
        function, call.getArgList(), call.isDistinct(), call.filterArg, type, literal);
  }
}
