package io.ppdb.relational.planner;

import io.ppdb.relational.expr.QuantifiedComparison;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code x = ANY (array)}: an IN list if the elements stand there, else a function. */
final class QuantifiedArrays {
  private QuantifiedArrays() {}

  static SqlCall rewrite(SqlCall call, SqlQuantifyOperator operator, SqlNode array) {
    SqlParserPos position = call.getParserPosition();
    SqlNode value = call.operand(0);
    SqlKind comparison = operator.comparisonKind;
    boolean any = call.getKind() == SqlKind.SOME;
    boolean hasElements =
        array instanceof SqlCall constructor
            && constructor.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR
            && constructor.operandCount() > 0;
    if (hasElements && comparison == SqlKind.EQUALS && any) {
      return SqlStdOperatorTable.IN.createCall(position, value, elements(array));
    }
    if (hasElements && comparison == SqlKind.NOT_EQUALS && !any) {
      return SqlStdOperatorTable.NOT_IN.createCall(position, value, elements(array));
    }
    QuantifiedComparison quantified = QuantifiedComparison.of(comparison);
    return (any ? quantified.any() : quantified.every()).createCall(position, value, array);
  }

  private static SqlNodeList elements(SqlNode array) {
    List<SqlNode> elements = ((SqlCall) array).getOperandList();
    return new SqlNodeList(elements, array.getParserPosition());
  }
}
