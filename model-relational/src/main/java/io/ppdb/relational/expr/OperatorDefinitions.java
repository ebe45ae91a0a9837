package io.ppdb.relational.expr;

import io.ppdb.relational.parser.InfixOperators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** Collects functions and operators, as {@link PpdbOperatorTable} is made. */
final class OperatorDefinitions {
  private final Map<String, List<SqlFunction>> functions = new HashMap<>();
  private final List<SqlOperator> operators = new ArrayList<>();

  /** The functions, by name. */
  Map<String, List<SqlFunction>> functions() {
    return functions;
  }

  List<SqlOperator> operators() {
    return operators;
  }

  void addOperator(SqlOperator operator) {
    operators.add(operator);
  }

  void add(SqlFunction function) {
    functions.put(function.getName(), List.of(function));
  }

  void addAll(List<SqlFunction> newFunctions, List<SqlOperator> newOperators) {
    newFunctions.forEach(this::add);
    operators.addAll(newOperators);
  }

  void define(String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    define(name, SqlKind.OTHER_FUNCTION, returnType, operands);
  }

  void define(
      String name,
      SqlKind kind,
      SqlReturnTypeInference returnType,
      SqlOperandTypeChecker operands) {
    add(
        new PpdbFunction(
            name,
            kind,
            returnType,
            operands,
            PpdbFunction.Volatility.IMMUTABLE,
            SqlSyntax.FUNCTION));
  }

  void clock(String name, SqlReturnTypeInference returnType, SqlSyntax syntax) {
    add(
        new PpdbFunction(
            name,
            SqlKind.OTHER_FUNCTION,
            returnType,
            syntax == SqlSyntax.FUNCTION ? OperandTypes.NILADIC : new OptionalPrecision(),
            PpdbFunction.Volatility.STABLE,
            syntax));
  }

  /** A function whose result differs from row to row. */
  void defineVolatile(String name, SqlReturnTypeInference type, SqlOperandTypeChecker operands) {
    add(
        new PpdbFunction(
            name,
            SqlKind.OTHER_FUNCTION,
            type,
            operands,
            PpdbFunction.Volatility.VOLATILE,
            SqlSyntax.FUNCTION));
  }

  void infix(String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    operators.add(infixOf(name, returnType, operands));
  }

  static SqlOperator infixOf(
      String name, SqlReturnTypeInference returnType, SqlOperandTypeChecker operands) {
    SqlBinaryOperator shape = InfixOperators.of(name);
    return new SqlBinaryOperator(
        name, shape.getKind(), shape.getLeftPrec(), true, returnType, null, operands);
  }

  /** CURRENT_TIMESTAMP takes a precision, which PPDB, always at microseconds, does not need. */
  private static final class OptionalPrecision implements SqlOperandTypeChecker {
    @Override
    public boolean checkOperandTypes(
        org.apache.calcite.sql.SqlCallBinding binding, boolean throwOnFailure) {
      return true;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.between(0, 1);
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return name + "([precision])";
    }

    @Override
    public String toString() {
      return "[precision]";
    }
  }
}
