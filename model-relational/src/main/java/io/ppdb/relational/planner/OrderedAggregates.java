package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.expr.OrderedFunctions;
import io.ppdb.relational.parser.StatementParser;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;

/** Aggregates with an ORDER BY of their own: {@code sum(x ORDER BY y)}. */
final class OrderedAggregates {
  private OrderedAggregates() {}

  /**
   * {@code call}, which is WITHIN GROUP of an aggregate and its order, with an aggregate that takes
   * one. Fails if it sorts by anything but its arguments and counts equal ones once.
   */
  static SqlCall rewrite(SqlCall call) {
    SqlCall aggregate = call.operand(0);
    SqlNodeList order = call.operand(1);
    if (aggregate.getFunctionQuantifier() != null
        && aggregate.getFunctionQuantifier().getValue() == SqlSelectKeyword.DISTINCT) {
      order.forEach(key -> requireArgument(bare(key), aggregate));
    }
    SqlFunction ordered =
        OrderedFunctions.of(aggregate.getOperator().getName().toUpperCase(Locale.ROOT));
    if (ordered == null) {
      return call;
    }
    SqlNode replaced =
        ordered.createCall(
            aggregate.getFunctionQuantifier(),
            aggregate.getParserPosition(),
            aggregate.getOperandList());
    return call.getOperator().createCall(call.getParserPosition(), replaced, order);
  }

  private static void requireArgument(SqlNode key, SqlCall aggregate) {
    if (aggregate.getOperandList().stream()
        .noneMatch(argument -> argument.equalsDeep(key, Litmus.IGNORE))) {
      SqlParserPos position = key.getParserPosition();
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list"
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
  }

  private static SqlNode bare(SqlNode key) {
    return switch (key.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> bare(((SqlCall) key).operand(0));
      default -> key;
    };
  }
}
