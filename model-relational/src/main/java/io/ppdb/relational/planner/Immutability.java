package io.ppdb.relational.planner;

import io.ppdb.relational.parser.InfixOperators;
import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Whether an expression has the same value for the same row, whoever asks and whenever: what may be
 * stored. A timestamp with time zone depends on the session as soon as its fields are looked at.
 */
final class Immutability {
  /** What only compares or hands on points in time. */
  private static final Set<SqlKind> WITHOUT_ZONE =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.SEARCH,
          SqlKind.AND,
          SqlKind.OR,
          SqlKind.CASE,
          SqlKind.COALESCE);

  private Immutability() {}

  static boolean isImmutable(RexNode expression) {
    if (!RexUtil.isDeterministic(expression)) {
      return false;
    }
    try {
      expression.accept(
          new RexVisitorImpl<@Nullable Void>(/* deep= */ true) {
            @Override
            public @Nullable Void visitCall(RexCall call) {
              if (call.getOperator().isDynamicFunction() || dependsOnZone(call)) {
                throw Util.FoundOne.NULL;
              }
              return super.visitCall(call);
            }
          });
      return true;
    } catch (Util.FoundOne e) {
      return false;
    }
  }

  private static boolean dependsOnZone(RexCall call) {
    if (WITHOUT_ZONE.contains(call.getKind())
        || call.getOperator().getName().equals(InfixOperators.AT_TIME_ZONE.getName())) {
      return false;
    }
    boolean reads = call.getOperands().stream().anyMatch(Immutability::isPointInTime);
    return call.getKind() == SqlKind.CAST
        ? reads != isPointInTime(call)
        : reads || isPointInTime(call);
  }

  private static boolean isPointInTime(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }
}
