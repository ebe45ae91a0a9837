package io.ppdb.relational.parser;

import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** What can be done with any tree. */
public final class SyntaxTrees {
  private SyntaxTrees() {}

  /** {@code node} with all that is below it, anew: planning changes trees in place. */
  public static SqlNode copy(SqlNode node) {
    return Objects.requireNonNull(
        node.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlIdentifier name) {
                return name.clone(name.getParserPosition());
              }

              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                CallCopyingArgHandler handler = new CallCopyingArgHandler(call, true);
                call.getOperator().acceptCall(this, call, false, handler);
                return handler.result();
              }
            }));
  }
}
