package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Refuses trees that the grammar lets pass but nothing can be made of, and keeps the others
 * shallow, since whatever walks one needs a stack as deep.
 *
 * <p>The parser's tree of {@code a AND b AND c …} is as deep as the chain is long. AND, OR and
 * UNION ALL are associative, so such chains become balanced trees, with the operands in their
 * order. A tree that is too deep nonetheless is refused.
 */
final class TreeChecks extends SqlBasicVisitor<@Nullable Void> {
  /** Of calls within calls; parentheses do not count. Expressions run by recursion, too. */
  static final int MAX_DEPTH = 500;

  private int depth;

  private TreeChecks() {}

  /** Changes {@code statement} in place; STATEMENT_TOO_COMPLEX if that does not help. */
  static void apply(SqlNode statement) {
    statement.accept(new TreeChecks());
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    enter(call);
    SqlNode query =
        switch (call.getKind()) {
          case WITH -> ((SqlWith) call).body;
          case EXISTS, ORDER_BY -> call.operand(0);
          default -> null;
        };
    if (query != null && !query.isA(SqlKind.QUERY)) {
      SqlParserPos position = query.getParserPosition();
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "syntax error: expected a query"
              + StatementParser.at(position.getLineNum(), position.getColumnNum()));
    }
    if (call instanceof SqlBasicCall chain && isAssociative(call.getOperator())) {
      visitChain(chain);
    } else {
      super.visit(call);
    }
    depth--;
    return null;
  }

  @Override
  public @Nullable Void visit(SqlNodeList list) {
    enter(list);
    super.visit(list);
    depth--;
    return null;
  }

  @Override
  public @Nullable Void visit(SqlDataTypeSpec type) {
    requireLength(type);
    return null;
  }

  /** Fails if {@code type} is that of text without room for any. */
  static void requireLength(SqlDataTypeSpec type) {
    if (type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec name && name.getPrecision() == 0) {
      String text = name.getTypeName().getSimple();
      if (text.equals("CHAR") || text.equals("VARCHAR")) {
        SqlParserPos position = type.getParserPosition();
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "length for type "
                + text.toLowerCase(Locale.ROOT)
                + " must be at least 1"
                + StatementParser.at(position.getLineNum(), position.getColumnNum()));
      }
    }
  }

  private void enter(SqlNode node) {
    if (++depth > MAX_DEPTH) {
      int line = node.getParserPosition().getLineNum();
      int column = node.getParserPosition().getColumnNum();
      throw tooDeep(StatementParser.at(line, column), null);
    }
  }

  /** The error of a statement that is nested too deeply. */
  static PpdbException tooDeep(String place, @Nullable Throwable cause) {
    return new PpdbException(
        ErrorCode.STATEMENT_TOO_COMPLEX,
        "the statement is nested too deeply: at most " + MAX_DEPTH + " levels are read" + place,
        cause);
  }

  private static boolean isAssociative(SqlOperator operator) {
    return operator.getKind() == SqlKind.AND
        || operator.getKind() == SqlKind.OR
        || operator.equals(SqlStdOperatorTable.UNION_ALL);
  }

  private void visitChain(SqlBasicCall root) {
    List<SqlNode> operands = new ArrayList<>();
    List<SqlBasicCall> calls = new ArrayList<>();
    SqlNode node = root;
    while (node instanceof SqlBasicCall call && call.getOperator().equals(root.getOperator())) {
      calls.add(call);
      operands.add(call.operand(1));
      node = call.operand(0);
    }
    operands.add(node);
    Collections.reverse(operands);
    for (SqlNode operand : operands) {
      operand.accept(this);
    }
    balance(calls, operands);
  }

  /** Makes a tree of the calls, which are one less than the operands; the first is its root. */
  private static SqlNode balance(List<SqlBasicCall> calls, List<SqlNode> operands) {
    if (operands.size() == 1) {
      return operands.get(0);
    }
    SqlBasicCall root = calls.get(0);
    int middle = (operands.size() + 1) / 2;
    root.setOperand(0, balance(calls.subList(1, middle), operands.subList(0, middle)));
    root.setOperand(
        1, balance(calls.subList(middle, calls.size()), operands.subList(middle, operands.size())));
    return root;
  }
}
