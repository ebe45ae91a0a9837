package io.ppdb.relational.planner;

import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.expr.Projection;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexNode;

/**
 * Expressions over the columns of one row of a table: what its checks and generated columns say.
 * Immutable.
 *
 * @param inputTypes the types of the table's columns
 */
public record RowExpressions(List<ColumnType> inputTypes, List<RexNode> expressions) {
  public RowExpressions {
    inputTypes = List.copyOf(inputTypes);
    expressions = List.copyOf(expressions);
  }

  /** Ordinals of the columns that are read, in rising order. */
  public List<Integer> columns() {
    return RelOptUtil.InputFinder.bits(expressions, null).asList();
  }

  /** Whether they depend on nothing but the row: no clock, chance, sequence or time zone. */
  public boolean isImmutable() {
    return expressions.stream().allMatch(Immutability::isImmutable);
  }

  /** What computes the expressions in one execution of a statement. */
  public Projection compile(EvaluationContext context) {
    return new ExpressionCompiler(inputTypes, context).compileAll(expressions);
  }
}
