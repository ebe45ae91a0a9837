package io.ppdb.relational.expr;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * Compiles Calcite's row expressions into trees of kernels.
 *
 * <p>Equal sub-expressions of one compiler are compiled once and share their instance, which is why
 * a compiler serves one operator of one execution.
 */
public final class ExpressionCompiler {
  private final List<ColumnType> inputTypes;

  /**
   * @param inputTypes the types of the input columns that references count
   * @param context where parameters, clock and time zone come from
   */
  public ExpressionCompiler(List<ColumnType> inputTypes, EvaluationContext context) {
    this.inputTypes = List.copyOf(inputTypes);
  }

  /** An expression that computes {@code node}. */
  public VectorExpression compile(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return new InputReference(inputTypes.get(reference.getIndex()), reference.getIndex());
    }
    throw new PpdbException(ErrorCode.NOT_SUPPORTED, "expression " + node);
  }

  /** A predicate that keeps the rows for which {@code condition} is true. */
  public VectorPredicate compilePredicate(RexNode condition) {
    return new ExpressionPredicate(compile(condition));
  }
}
