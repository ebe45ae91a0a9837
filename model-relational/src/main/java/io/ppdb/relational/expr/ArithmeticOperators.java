package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlPrefixOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** The operators that take types which Calcite's of that name do not, and those on bits. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  /** Adds them to {@code definitions}. */
  static void define(OperatorDefinitions definitions) {
    defineCommon(definitions);
    defineBits(definitions);
  }

  private static void defineCommon(OperatorDefinitions definitions) {
    definitions.addOperator(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.PLUS,
            (left, right) ->
                isDateAndDays(left, right)
                    || isDateAndDays(right, left)
                    || isDateAndInterval(left, right)
                    || isDateAndInterval(right, left),
            ArithmeticOperators::sumType));
    definitions.addOperator(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.MINUS,
            (left, right) ->
                isDateAndDays(left, right)
                    || isDateAndInterval(left, right)
                    || (isTime(left) && isTime(right))
                    || isJsonAndKey(left, right),
            ArithmeticOperators::differenceType));
    definitions.addOperator(
        new PpdbBinaryOperator(
            SqlStdOperatorTable.CONCAT,
            (left, right) ->
                Containers.isArray(left)
                    || Containers.isArray(right)
                    || isTextAndOther(left, right)
                    || isTextAndOther(right, left)
                    || (JsonOperators.isJson(left) && JsonOperators.isJson(right)),
            ArithmeticOperators::concatenationType));
    // PostgreSQL has none for text; other databases do, and sql-logic-test expects it.
    definitions.addOperator(
        new SqlPrefixOperator(
            "+",
            SqlKind.PLUS_PREFIX,
            SqlStdOperatorTable.UNARY_PLUS.getLeftPrec(),
            ReturnTypes.ARG0,
            InferTypes.RETURN_TYPE,
            OperandTypes.NUMERIC_OR_INTERVAL) {
          @Override
          public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
            return SqlTypeUtil.inCharFamily(binding.getOperandType(0))
                || super.checkOperandTypes(binding, throwOnFailure);
          }
        });
  }

  private static void defineBits(OperatorDefinitions definitions) {
    SqlReturnTypeInference truth = ResultTypes.nullable(SqlTypeName.BOOLEAN);
    SqlOperandTypeChecker integers =
        OperandTypes.family(SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER);
    for (String name : List.of("&", "|")) {
      definitions.infix(name, ReturnTypes.LEAST_RESTRICTIVE, integers);
    }
    for (String name : List.of("<<", ">>")) {
      definitions.infix(name, ReturnTypes.ARG0_NULLABLE, integers);
    }
    for (String name : List.of("@>", "<@")) {
      definitions.addOperator(OperatorDefinitions.infixOf(name, truth, new Containers(true)));
    }
    definitions.infix("^", ResultTypes.nullable(SqlTypeName.DOUBLE), OperandTypes.NUMERIC_NUMERIC);
  }

  private static boolean isDateAndInterval(RelDataType date, RelDataType interval) {
    return date.getSqlTypeName() == SqlTypeName.DATE && SqlTypeUtil.isInterval(interval);
  }

  private static boolean isDateAndDays(RelDataType date, RelDataType days) {
    return date.getSqlTypeName() == SqlTypeName.DATE && SqlTypeUtil.isIntType(days);
  }

  private static boolean isTime(RelDataType type) {
    return SqlTypeName.DATETIME_TYPES.contains(type.getSqlTypeName());
  }

  /** Text beside something that is neither text nor NULL: what || writes as text first. */
  private static boolean isTextAndOther(RelDataType text, RelDataType other) {
    return SqlTypeUtil.inCharFamily(text)
        && !SqlTypeUtil.inCharFamily(other)
        && other.getSqlTypeName() != SqlTypeName.NULL;
  }

  /** JSON and what it may be without: a key, several, or the element at a position. */
  private static boolean isJsonAndKey(RelDataType json, RelDataType key) {
    return JsonOperators.isJson(json)
        && (SqlTypeUtil.inCharFamily(key) || SqlTypeUtil.isIntType(key) || Containers.isArray(key));
  }

  /** Of arrays, or an array and an element, an array; of JSON with JSON JSON; else text. */
  private static RelDataType concatenationType(SqlOperatorBinding binding) {
    boolean leftArray = Containers.isArray(binding.getOperandType(0));
    boolean rightArray = Containers.isArray(binding.getOperandType(1));
    if (leftArray || rightArray) {
      String shape = (leftArray ? "a" : "e") + (rightArray ? "a" : "e");
      return new ArrayParameters(shape).arrayType().inferReturnType(binding);
    }
    boolean json =
        JsonOperators.isJson(binding.getOperandType(0))
            && JsonOperators.isJson(binding.getOperandType(1));
    return ResultTypes.withNullability(
        binding,
        (json ? ColumnType.JSON : ColumnType.TEXT).toCalcite(binding.getTypeFactory(), false));
  }

  /** date + days is a date, date + interval a timestamp. */
  private static RelDataType sumType(SqlOperatorBinding binding) {
    boolean days =
        SqlTypeUtil.isIntType(binding.getOperandType(0))
            || SqlTypeUtil.isIntType(binding.getOperandType(1));
    return ResultTypes.withNullability(
        binding,
        days
            ? binding.getTypeFactory().createSqlType(SqlTypeName.DATE)
            : ColumnType.TIMESTAMP.toCalcite(binding.getTypeFactory(), false));
  }

  /**
   * date - days is a date, date - interval a timestamp, date - date a number of days, any other
   * difference an interval.
   */
  private static RelDataType differenceType(SqlOperatorBinding binding) {
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    if (JsonOperators.isJson(left)) {
      return ResultTypes.withNullability(binding, left);
    }
    if (isDateAndInterval(left, right)) {
      return ResultTypes.withNullability(
          binding, ColumnType.TIMESTAMP.toCalcite(binding.getTypeFactory(), false));
    }
    if (isDateAndDays(left, right)) {
      return ResultTypes.withNullability(
          binding, binding.getTypeFactory().createSqlType(SqlTypeName.DATE));
    }
    boolean dates =
        left.getSqlTypeName() == SqlTypeName.DATE && right.getSqlTypeName() == SqlTypeName.DATE;
    return ResultTypes.withNullability(
        binding,
        dates
            ? binding.getTypeFactory().createSqlType(SqlTypeName.INTEGER)
            : ColumnType.INTERVAL.toCalcite(binding.getTypeFactory(), false));
  }
}
