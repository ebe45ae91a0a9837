package io.ppdb.relational.expr;

import static io.ppdb.relational.type.ColumnType.BOOLEAN;
import static io.ppdb.relational.type.ColumnType.INTEGER;
import static io.ppdb.relational.type.ColumnType.JSON;
import static io.ppdb.relational.type.ColumnType.TEXT;

import io.ppdb.relational.parser.InfixOperators;
import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * The operators and functions on JSON as the validator sees them; {@link JsonFunctions} has what
 * they do. Every function exists as {@code json_…} and as {@code jsonb_…}, since both are one type.
 */
final class JsonOperators {
  private static final ColumnType TEXTS = ColumnType.array(TEXT);

  private final List<SqlFunction> functions = new ArrayList<>();
  private final List<SqlOperator> operators = new ArrayList<>();

  JsonOperators() {
    SqlReturnTypeInference json = strict(JSON);
    SqlReturnTypeInference found = maybe(JSON);
    SqlReturnTypeInference foundText = maybe(TEXT);
    SqlReturnTypeInference truth = strict(BOOLEAN);
    Parameters step = Parameters.oneOf(List.of(List.of(JSON), List.of(TEXT, INTEGER)));
    infix("->", found, step);
    infix("->>", foundText, step);
    infix("#>", found, Parameters.of(JSON, TEXTS));
    infix("#>>", foundText, Parameters.of(JSON, TEXTS));
    infix("#-", json, Parameters.of(JSON, TEXTS));
    infix("??", truth, Parameters.of(JSON, TEXT));
    infix("??|", truth, Parameters.of(JSON, TEXTS));
    infix("??&", truth, Parameters.of(JSON, TEXTS));
    function("TYPEOF", strict(TEXT), Parameters.of(JSON));
    function("ARRAY_LENGTH", strict(INTEGER), Parameters.of(JSON));
    function("PRETTY", strict(TEXT), Parameters.of(JSON));
    function("STRIP_NULLS", json, Parameters.of(JSON));
    Parameters place = Parameters.of(JSON, TEXTS, JSON, BOOLEAN).requiring(3);
    function("SET", json, place);
    function("INSERT", json, place);
    Parameters path = Parameters.of(JSON, TEXT).variadic();
    function("EXTRACT_PATH", found, path);
    function("EXTRACT_PATH_TEXT", foundText, path);
    Parameters any = Parameters.oneOf(List.of(Parameters.ANY)).variadic();
    function("BUILD_OBJECT", always(JSON), any);
    function("BUILD_ARRAY", always(JSON), any);
    function("OBJECT", json, Parameters.of(TEXTS, TEXTS).requiring(1));
    for (String name : List.of("TO_JSON", "TO_JSONB")) {
      functions.add(functionOf(name, json, Parameters.oneOf(List.of(Parameters.ANY))));
    }
  }

  List<SqlFunction> functions() {
    return functions;
  }

  List<SqlOperator> operators() {
    return operators;
  }

  private void function(String name, SqlReturnTypeInference type, Parameters parameters) {
    functions.add(functionOf("JSON_" + name, type, parameters));
    functions.add(functionOf("JSONB_" + name, type, parameters));
  }

  static SqlFunction functionOf(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker parameters) {
    return new PpdbFunction(
        name,
        SqlKind.OTHER_FUNCTION,
        type,
        parameters,
        PpdbFunction.Volatility.IMMUTABLE,
        SqlSyntax.FUNCTION);
  }

  private void infix(String name, SqlReturnTypeInference type, Parameters parameters) {
    operators.add(infixOperator(name, type, parameters));
  }

  static SqlOperator infixOperator(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker parameters) {
    SqlBinaryOperator shape = InfixOperators.of(name);
    return new SqlBinaryOperator(
        name,
        shape.getKind(),
        shape.getLeftPrec(),
        true,
        type,
        parameters.typeInference(),
        parameters);
  }

  /** Always of a type, and never NULL. */
  static SqlReturnTypeInference always(ColumnType type) {
    return binding -> type.toCalcite(binding.getTypeFactory(), false);
  }

  /** NULL only where an operand is. */
  static SqlReturnTypeInference strict(ColumnType type) {
    return always(type).andThen(SqlTypeTransforms.TO_NULLABLE);
  }

  /** NULL also where nothing is found. */
  static SqlReturnTypeInference maybe(ColumnType type) {
    return ReturnTypes.cascade(always(type), SqlTypeTransforms.FORCE_NULLABLE);
  }

  static boolean isJson(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.VARIANT;
  }
}
