package io.ppdb.relational.planner;

import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.expr.EvaluationContext;
import io.ppdb.relational.expr.EvaluationContext.CorrelatedRow;
import io.ppdb.relational.expr.ExpressionCompiler;
import io.ppdb.relational.spi.Operand;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.VectorBatch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * An operand of a comparison, given by an expression without input references.
 *
 * <p>It is computed in a type wide enough that no comparison changes its outcome: an integer beyond
 * the column's range comes as a {@link Long}, a decimal keeps its digits, a string its length.
 */
final class RexOperand implements Operand {
  private static final EvaluationContext CONSTANTS =
      EvaluationContext.at(Instant.EPOCH, ZoneOffset.UTC);

  private final RexNode expression;
  private final ColumnType columnType;
  private final ColumnType type;
  private final @Nullable Object constant;

  RexOperand(RexNode expression, ColumnType columnType) {
    this(expression, columnType, widest(columnType));
  }

  private RexOperand(RexNode expression, ColumnType columnType, ColumnType type) {
    this.expression = expression;
    this.columnType = columnType;
    this.type = type;
    // Text is a point in time only to a session, which has a time zone.
    boolean isKnown = isLiteral(expression) && !dependsOnSession(columnType);
    this.constant = isKnown ? compute(CONSTANTS) : null;
  }

  /** An array, with whose elements a column of {@code columnType} is compared. */
  static RexOperand ofArray(RexNode expression, ColumnType columnType) {
    ColumnType type = ColumnType.array(widest(columnType));
    return new RexOperand(expression, type, type);
  }

  private static ColumnType widest(ColumnType columnType) {
    return switch (columnType.kind()) {
      case SMALLINT, INTEGER, BIGINT -> ColumnType.BIGINT;
      case DECIMAL -> ColumnType.NUMERIC;
      case VARCHAR -> ColumnType.TEXT;
      default -> columnType;
    };
  }

  private static boolean dependsOnSession(ColumnType columnType) {
    return columnType.kind() == TypeKind.TIMESTAMPTZ
        || (columnType.kind() == TypeKind.ARRAY && dependsOnSession(columnType.elementType()));
  }

  private static boolean isLiteral(RexNode node) {
    return node instanceof RexLiteral
        || (node.isA(SqlKind.CAST) && ((RexCall) node).operands.get(0) instanceof RexLiteral);
  }

  @Override
  public RexNode expression() {
    return expression;
  }

  @Override
  public @Nullable Object value(ExecutionContext context) {
    if (constant != null) {
      return constant;
    }
    if (expression instanceof RexDynamicParam parameter) {
      Object value = context.evaluation().parameter(parameter.getIndex());
      if (value != null && isExactly(value)) {
        return value;
      }
    }
    if (expression instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      CorrelatedRow row = context.evaluation().correlation(variable.id.getName());
      Object value = row.batch().column(access.getField().getIndex()).getObject(row.position());
      if (value == null || isExactly(value)) {
        return value;
      }
    }
    return compute(context.evaluation());
  }

  /** Whether a parameter's value needs no conversion: what point queries are made of. */
  private boolean isExactly(Object value) {
    return switch (columnType.kind()) {
      case SMALLINT, INTEGER -> value instanceof Integer;
      case BIGINT -> value instanceof Long;
      case VARCHAR -> value instanceof String;
      default -> false;
    };
  }

  private @Nullable Object compute(EvaluationContext context) {
    VectorBatch row = new VectorBatch();
    row.setRowCount(1);
    Object value =
        new ExpressionCompiler(List.of(), context)
            .compileTo(type, expression)
            .evaluate(row, null, 1)
            .getObject(0);
    if (value instanceof Long number) {
      boolean narrow =
          switch (columnType.kind()) {
            case SMALLINT -> number == number.shortValue();
            case INTEGER -> number == number.intValue();
            default -> false;
          };
      return narrow ? (Object) number.intValue() : number;
    }
    return value;
  }

  @Override
  public @Nullable Object constant() {
    return constant;
  }

  @Override
  public String toString() {
    return RexText.of(expression, List.of());
  }
}
