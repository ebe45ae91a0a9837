package io.ppdb.relational.planner;

import io.ppdb.relational.parser.SyntaxTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnnestOperator;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Functions in FROM as PostgreSQL has them: each sees what stands before it, and the column of one
 * that gives single values has the name that the function is given.
 */
final class FunctionsInFrom {
  /** Functions whose rows are single values, not records. */
  private static final Set<String> OF_VALUES =
      Set.of(
          "GENERATE_SERIES",
          "GENERATE_SUBSCRIPTS",
          "JSON_OBJECT_KEYS",
          "JSONB_OBJECT_KEYS",
          "REGEXP_MATCHES",
          "REGEXP_SPLIT_TO_TABLE",
          "STRING_TO_TABLE");

  /** Becomes a series up to the length of the array. */
  private static final String SUBSCRIPTS = "generate_subscripts";

  private FunctionsInFrom() {}

  static boolean isFunction(SqlNode node) {
    return node.getKind() == SqlKind.COLLECTION_TABLE
        || node.getKind() == SqlKind.UNNEST
        || (node.getKind() == SqlKind.LATERAL && isFunction(((SqlCall) node).operand(0)));
  }

  /** {@code FROM from} in which all functions but a leading one are LATERAL. */
  static @Nullable SqlNode lateral(@Nullable SqlNode from) {
    return from == null ? null : lateral(from, true);
  }

  private static SqlNode lateral(SqlNode node, boolean isFirst) {
    if (node instanceof SqlJoin join) {
      join.setLeft(lateral(join.getLeft(), isFirst));
      join.setRight(lateral(join.getRight(), false));
      return join;
    }
    if (node.getKind() == SqlKind.AS) {
      SqlCall as = (SqlCall) node;
      if (as.operand(0).getKind() != SqlKind.UNNEST) { // which is lateral by itself
        as.setOperand(0, lateral(as.operand(0), isFirst));
      }
      return as;
    }
    if (node.getKind() == SqlKind.COLLECTION_TABLE
        && ((SqlCall) node).operand(0) instanceof SqlCall call
        && call.getOperator().getName().equalsIgnoreCase(SUBSCRIPTS)) {
      ((SqlCall) node).setOperand(0, function(SUBSCRIPTS, call));
    }
    if (node.getKind() == SqlKind.COLLECTION_TABLE && !isFirst) {
      return SqlStdOperatorTable.LATERAL.createCall(node.getParserPosition(), node);
    }
    if (node.getKind() == SqlKind.UNNEST) { // without a name; its columns have that of the function
      SqlIdentifier name = new SqlIdentifier("unnest", node.getParserPosition());
      return SqlStdOperatorTable.AS.createCall(node.getParserPosition(), node, name);
    }
    return node;
  }

  /** A call of the table function {@code name} with the operands of {@code call}. */
  static SqlCall function(String name, SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    List<SqlNode> operands = call.getOperandList();
    if (name.equalsIgnoreCase(SUBSCRIPTS) && operands.size() == 2) {
      SqlCall length =
          unresolved("array_length", SqlFunctionCategory.USER_DEFINED_FUNCTION, position)
              .createCall(position, operands);
      return function(
          GenerateSeries.NAME,
          unresolved(GenerateSeries.NAME, SqlFunctionCategory.USER_DEFINED_FUNCTION, position)
              .createCall(position, SqlLiteral.createExactNumeric("1", position), length));
    }
    return unresolved(name, SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION, position)
        .createCall(position, operands);
  }

  private static SqlFunction unresolved(
      String name, SqlFunctionCategory category, SqlParserPos position) {
    return new SqlUnresolvedFunction(
        new SqlIdentifier(name, position), null, null, null, null, category);
  }

  /** {@code function AS name} with the name of its column, if it has one of its own. */
  static SqlCall withColumnName(SqlCall as) {
    SqlNode function = as.operand(0);
    while (function.getKind() == SqlKind.LATERAL
        || function.getKind() == SqlKind.COLLECTION_TABLE) {
      function = ((SqlCall) function).operand(0);
    }
    if (!(function instanceof SqlCall call)) {
      return as;
    }
    List<SqlNode> operands = new ArrayList<>(as.getOperandList());
    if (call.getOperator() instanceof SqlUnnestOperator unnest && call.operandCount() == 1) {
      operands.add(SyntaxTrees.copy(as.operand(1)));
      if (unnest.withOrdinality) {
        operands.add(new SqlIdentifier("ordinality", SqlParserPos.ZERO));
      }
    } else if (OF_VALUES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT))) {
      operands.add(SyntaxTrees.copy(as.operand(1)));
    }
    return as.getOperator().createCall(as.getParserPosition(), operands);
  }
}
