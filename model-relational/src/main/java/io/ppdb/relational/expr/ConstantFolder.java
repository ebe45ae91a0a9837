package io.ppdb.relational.expr;

import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.DateTimeText;
import io.ppdb.relational.type.TypeKind;
import io.ppdb.relational.vector.Values;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * Constant folding for the planner, on the kernels that execution uses, so that both agree.
 *
 * <p>What depends on the clock, the time zone or chance is not folded, so that a plan can be kept.
 * What fails (a division by zero, which a row may never reach) or has no literal in Calcite
 * (timestamptz, interval, bytea, uuid) stays as it is.
 */
public final class ConstantFolder implements RexExecutor {
  /** Never looked at: what depends on clock or zone is not folded. */
  private static final EvaluationContext CONTEXT =
      EvaluationContext.at(Instant.EPOCH, ZoneOffset.UTC);

  @Override
  public void reduce(RexBuilder rexBuilder, List<RexNode> constants, List<RexNode> reduced) {
    for (RexNode constant : constants) {
      reduced.add(fold(rexBuilder, constant));
    }
  }

  private static RexNode fold(RexBuilder builder, RexNode node) {
    try {
      if (!isTimeless(node)) {
        return node;
      }
      ColumnType type = ColumnType.fromCalcite(node.getType());
      Object value = new ExpressionCompiler(List.of(), CONTEXT).constant(type, node);
      RexNode literal = literal(builder, node.getType(), type, value);
      return literal == null ? node : literal;
    } catch (PpdbException | CalciteException | IllegalArgumentException e) {
      // The expression fails, or its value lies outside of what Calcite's literals can say (a year
      // before 1, a character outside of the type's character set).
      return node;
    }
  }

  private static boolean isTimeless(RexNode node) {
    if (node instanceof RexLiteral literal && literal.getTypeName() == SqlTypeName.SYMBOL) {
      return true;
    }
    if (ColumnType.fromCalcite(node.getType()).kind() == TypeKind.TIMESTAMPTZ) {
      return false;
    }
    return !(node instanceof RexCall call)
        || (call.getOperator().isDeterministic()
            && !call.getOperator().isDynamicFunction()
            && call.getOperands().stream().allMatch(ConstantFolder::isTimeless));
  }

  private static @Nullable RexNode literal(
      RexBuilder builder, RelDataType type, ColumnType columnType, @Nullable Object value) {
    if (value == null) {
      return builder.makeNullLiteral(type);
    }
    Object literal =
        switch (columnType.kind()) {
          case BOOLEAN, VARCHAR -> value;
          case SMALLINT, INTEGER, BIGINT -> BigDecimal.valueOf(((Number) value).longValue());
          case DECIMAL -> value;
          case DOUBLE -> Double.isFinite((Double) value) ? value : null;
          case DATE ->
              new DateString(DateTimeText.formatDate((int) ((LocalDate) value).toEpochDay()));
          case TIME ->
              new TimeString(DateTimeText.formatTime(((LocalTime) value).toNanoOfDay() / 1000));
          case TIMESTAMP ->
              new TimestampString(
                  DateTimeText.formatTimestamp(Values.toMicros((LocalDateTime) value)));
          case REAL, TIMESTAMPTZ, INTERVAL, BYTEA, UUID, JSON, ARRAY -> null;
        };
    if (literal instanceof BigDecimal decimal && columnType.isUnconstrainedNumeric()) {
      // A literal of this type would lose the scale of its value.
      return builder.makeAbstractCast(type, builder.makeExactLiteral(decimal), false);
    }
    return literal == null ? null : builder.makeLiteral(literal, type, true);
  }
}
