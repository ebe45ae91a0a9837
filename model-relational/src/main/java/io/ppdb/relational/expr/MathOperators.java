package io.ppdb.relational.expr;

import io.ppdb.relational.type.PpdbTypeSystem;
import java.util.List;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;

/** The functions on numbers as the validator sees them. */
final class MathOperators {
  private MathOperators() {}

  /** Adds them to {@code definitions}. */
  static void define(OperatorDefinitions definitions) {
    defineCommon(definitions);
    defineRarer(definitions);
  }

  private static void defineCommon(OperatorDefinitions definitions) {
    SqlReturnTypeInference numericOrDouble = ResultTypes::numericOrDouble;
    SqlOperandTypeChecker number = OperandTypes.NUMERIC;
    SqlOperandTypeChecker numberAndDigits =
        OperandTypes.or(
            OperandTypes.NUMERIC,
            OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.INTEGER));
    for (String name : List.of("ROUND", "TRUNC", "TRUNCATE")) {
      definitions.define(name, ResultTypes::roundedType, numberAndDigits);
    }
    definitions.define("FLOOR", SqlKind.FLOOR, numericOrDouble, number);
    definitions.define("CEIL", SqlKind.CEIL, numericOrDouble, number);
    definitions.define("CEILING", SqlKind.CEIL, numericOrDouble, number);
    definitions.define("SIGN", numericOrDouble, number);
    definitions.define("SQRT", numericOrDouble, number);
    SqlReturnTypeInference real = ResultTypes.nullable(SqlTypeName.DOUBLE);
    for (String name :
        List.of(
            "CBRT", "EXP", "LN", "LOG10", "SIN", "COS", "TAN", "COT", "ASIN", "ACOS", "ATAN",
            "DEGREES", "RADIANS")) {
      definitions.define(name, real, number);
    }
    definitions.define("LOG", real, OperandTypes.or(number, OperandTypes.NUMERIC_NUMERIC));
    for (String name : List.of("POWER", "POW", "ATAN2")) {
      definitions.define(name, real, OperandTypes.NUMERIC_NUMERIC);
    }
    definitions.define("PI", ReturnTypes.DOUBLE, OperandTypes.NILADIC);
    for (String name : List.of("RANDOM", "RAND")) {
      definitions.defineVolatile(name, ReturnTypes.DOUBLE, OperandTypes.NILADIC);
    }
    definitions.defineVolatile(
        "GEN_RANDOM_UUID", ReturnTypes.explicit(SqlTypeName.UUID), OperandTypes.NILADIC);
    SqlReturnTypeInference widest = ResultTypes::extremeType;
    definitions.define("GREATEST", widest, OperandTypes.SAME_VARIADIC);
    definitions.define("LEAST", widest, OperandTypes.SAME_VARIADIC);
  }

  private static void defineRarer(OperatorDefinitions definitions) {
    SqlReturnTypeInference integer = ResultTypes.nullable(SqlTypeName.INTEGER);
    SqlReturnTypeInference numeric =
        binding ->
            ResultTypes.withNullability(
                binding, PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory()));
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    SqlTypeFamily number = SqlTypeFamily.NUMERIC;
    for (String name : List.of("GCD", "LCM")) {
      definitions.define(name, ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.family(whole, whole));
    }
    definitions.define("DIV", numeric, OperandTypes.NUMERIC_NUMERIC);
    definitions.define("FACTORIAL", numeric, OperandTypes.family(whole));
    definitions.define("WIDTH_BUCKET", integer, OperandTypes.family(number, number, number, whole));
    definitions.define("SCALE", integer, OperandTypes.NUMERIC);
    definitions.define("MIN_SCALE", integer, OperandTypes.NUMERIC);
    definitions.define("TRIM_SCALE", numeric, OperandTypes.NUMERIC);
    for (String name : List.of("SINH", "COSH", "TANH", "ASINH", "ACOSH", "ATANH")) {
      definitions.define(name, ResultTypes.nullable(SqlTypeName.DOUBLE), OperandTypes.NUMERIC);
    }
  }
}
