package io.ppdb.relational.expr;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** A binary operator for operand types that Calcite's operator of that name does not take. */
final class PpdbBinaryOperator extends SqlBinaryOperator {
  PpdbBinaryOperator(
      String name,
      SqlKind kind,
      int precedence,
      SqlReturnTypeInference returnType,
      SqlOperandTypeChecker operands) {
    super(name, kind, precedence, true, returnType, null, operands);
  }
}
