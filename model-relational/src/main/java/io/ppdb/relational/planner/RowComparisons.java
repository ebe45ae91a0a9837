package io.ppdb.relational.planner;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import java.util.List;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * Comparisons of rows as comparisons of their columns, from left to right, the first difference
 * deciding. NULLs make the result unknown only where it depends on them.
 */
final class RowComparisons {
  private RowComparisons() {}

  /** The meaning of {@code comparison}, whose operands are rows. */
  static SqlCall columnByColumn(SqlCall comparison) {
    List<SqlNode> left = ((SqlCall) comparison.operand(0)).getOperandList();
    List<SqlNode> right = ((SqlCall) comparison.operand(1)).getOperandList();
    SqlParserPos position = comparison.getParserPosition();
    if (left.size() != right.size()) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "unequal number of entries in row expressions: "
              + left.size()
              + " and "
              + right.size()
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    SqlOperator operator = comparison.getOperator();
    return switch (comparison.getKind()) {
      case EQUALS, IS_NOT_DISTINCT_FROM ->
          each(operator, SqlStdOperatorTable.AND, left, right, position);
      case NOT_EQUALS, IS_DISTINCT_FROM ->
          each(operator, SqlStdOperatorTable.OR, left, right, position);
      case LESS_THAN, LESS_THAN_OR_EQUAL ->
          ordered(operator, SqlStdOperatorTable.LESS_THAN, left, right, position);
      default -> ordered(operator, SqlStdOperatorTable.GREATER_THAN, left, right, position);
    };
  }

  private static SqlCall each(
      SqlOperator operator,
      SqlBinaryOperator joined,
      List<SqlNode> left,
      List<SqlNode> right,
      SqlParserPos position) {
    SqlCall result = operator.createCall(position, left.get(0), right.get(0));
    for (int i = 1; i < left.size(); i++) {
      SqlNode next = operator.createCall(position, left.get(i), right.get(i));
      result = joined.createCall(position, result, next);
    }
    return result;
  }

  /** {@code last} decides the last column, {@code strict} those before it. */
  private static SqlCall ordered(
      SqlOperator last,
      SqlOperator strict,
      List<SqlNode> left,
      List<SqlNode> right,
      SqlParserPos position) {
    int end = left.size() - 1;
    SqlCall result = last.createCall(position, left.get(end), right.get(end));
    for (int i = end - 1; i >= 0; i--) {
      SqlNode decided =
          strict.createCall(
              position, SyntaxTrees.copy(left.get(i)), SyntaxTrees.copy(right.get(i)));
      SqlNode equal = SqlStdOperatorTable.EQUALS.createCall(position, left.get(i), right.get(i));
      SqlNode both = SqlStdOperatorTable.AND.createCall(position, equal, result);
      result = SqlStdOperatorTable.OR.createCall(position, decided, both);
    }
    return result;
  }
}
