package io.ppdb.relational.planner;

import io.ppdb.relational.expr.Literals;
import io.ppdb.relational.type.Interval;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of a date with {@code date ± interval}, which is a timestamp, as comparisons of dates
 * where the interval has whole days: an index on the date then serves them.
 */
final class DateComparisons {
  private DateComparisons() {}

  /** {@code call} as a comparison of dates, or null if it is none. */
  static @Nullable RexNode ofDates(RexBuilder rexBuilder, RexCall call) {
    if (!SqlKind.COMPARISON.contains(call.getKind()) || call.getOperands().size() != 2) {
      return null;
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (isDateAsTimestamp(left) && isMidnight(right)) {
      left = ((RexCall) left).getOperands().get(0);
      right = asDate(rexBuilder, right);
    } else if (isDateAsTimestamp(right) && isMidnight(left)) {
      left = asDate(rexBuilder, left);
      right = ((RexCall) right).getOperands().get(0);
    } else {
      return null;
    }
    return call.clone(call.getType(), List.of(left, right));
  }

  private static boolean isDateAsTimestamp(RexNode node) {
    return node.getKind() == SqlKind.CAST
        && node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
        && isDate(((RexCall) node).getOperands().get(0));
  }

  private static boolean isDate(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.DATE;
  }

  private static boolean isMidnight(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return false;
    }
    if (call.getKind() == SqlKind.CAST
        && call.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP) {
      return isMidnight(call.getOperands().get(0));
    }
    boolean moved = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
    if (!moved
        || call.getOperands().size() != 2
        || call.getType().getSqlTypeName() != SqlTypeName.TIMESTAMP) {
      return false;
    }
    RexNode date = call.getOperands().get(isDate(call.getOperands().get(0)) ? 0 : 1);
    RexNode interval = call.getOperands().get(isDate(call.getOperands().get(0)) ? 1 : 0);
    return isDate(date)
        && SqlTypeUtil.isInterval(interval.getType())
        && interval instanceof RexLiteral literal
        && Literals.value(literal) instanceof Interval value
        && value.micros() == 0;
  }

  private static RexNode asDate(RexBuilder rexBuilder, RexNode node) {
    RelDataType date =
        rexBuilder
            .getTypeFactory()
            .createTypeWithNullability(
                rexBuilder.getTypeFactory().createSqlType(SqlTypeName.DATE),
                node.getType().isNullable());
    return rexBuilder.makeAbstractCast(date, node, /* safe= */ false);
  }
}
