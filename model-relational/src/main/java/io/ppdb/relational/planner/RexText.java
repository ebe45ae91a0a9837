package io.ppdb.relational.planner;

import io.ppdb.relational.expr.Literals;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;

/** Expressions as EXPLAIN shows them: column names, infix operators, plain literals. */
final class RexText {
  private RexText() {}

  /** The text of {@code node}, whose input references mean {@code names}. */
  static String of(RexNode node, List<String> names) {
    if (node instanceof RexInputRef reference) {
      return reference.getIndex() < names.size()
          ? names.get(reference.getIndex())
          : "$" + reference.getIndex();
    }
    if (node instanceof RexLiteral literal) {
      return literal(literal);
    }
    if (node instanceof RexDynamicParam parameter) {
      return "$" + (parameter.getIndex() + 1);
    }
    if (node instanceof RexFieldAccess access) {
      return "outer." + access.getField().getName();
    }
    if (node instanceof RexCall call) {
      return call(call, names);
    }
    return node.toString();
  }

  private static String literal(RexLiteral literal) {
    if (literal.isNull()) {
      return "NULL";
    }
    if (literal.getValue() instanceof NlsString text) {
      return "'" + text.getValue().replace("'", "''") + "'";
    }
    if (SqlTypeName.INTERVAL_TYPES.contains(literal.getType().getSqlTypeName())) {
      return "INTERVAL '" + Literals.value(literal) + "'";
    }
    if (SqlTypeName.DATETIME_TYPES.contains(literal.getType().getSqlTypeName())) {
      return "'" + literal.toString().replaceFirst(":.*\\(\\d\\)$", "") + "'";
    }
    return literal.getValue() instanceof BigDecimal number
        ? number.stripTrailingZeros().toPlainString()
        : String.valueOf(literal.getValue());
  }

  private static String call(RexCall call, List<String> names) {
    List<String> operands = call.getOperands().stream().map(o -> of(o, names)).toList();
    if (call.getKind() == SqlKind.CAST) {
      return operands.get(0);
    }
    if (call.getKind() == SqlKind.SEARCH) {
      return operands.get(0) + " IN " + call.getOperands().get(1);
    }
    String name = call.getOperator().getName();
    SqlSyntax syntax = call.getOperator().getSyntax();
    boolean arithmetic = call.isA(SqlKind.BINARY_ARITHMETIC) && operands.size() == 2;
    if (arithmetic || (syntax == SqlSyntax.BINARY && operands.size() >= 2)) {
      return operands.stream().collect(Collectors.joining(" " + name + " ", "(", ")"));
    }
    if (syntax == SqlSyntax.POSTFIX && operands.size() == 1) {
      return "(" + operands.get(0) + " " + name + ")";
    }
    if (syntax == SqlSyntax.PREFIX && operands.size() == 1) {
      return "(" + name + " " + operands.get(0) + ")";
    }
    return name.toLowerCase(Locale.ROOT) + "(" + String.join(", ", operands) + ")";
  }
}
