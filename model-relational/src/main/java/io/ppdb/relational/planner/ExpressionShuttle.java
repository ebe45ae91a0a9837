package io.ppdb.relational.planner;

import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** Rewrites names of one scope: queries within, and names that are no columns, are left alone. */
abstract class ExpressionShuttle extends SqlShuttle {
  private static final Set<SqlKind> NOT_ENTERED =
      EnumSet.of(SqlKind.LAMBDA, SqlKind.CURRENT_VALUE, SqlKind.NEXT_VALUE, SqlKind.SCALAR_QUERY);

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call.isA(SqlKind.QUERY) || call.isA(NOT_ENTERED)) {
      return call;
    }
    CallCopyingArgHandler operands = new CallCopyingArgHandler(call, false);
    call.getOperator().acceptCall(this, call, /* onlyExpressions= */ true, operands);
    return operands.result();
  }
}
