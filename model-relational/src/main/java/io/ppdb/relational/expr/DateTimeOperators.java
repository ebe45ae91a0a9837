package io.ppdb.relational.expr;

import io.ppdb.relational.parser.InfixOperators;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/** The functions on dates and times as the validator sees them. */
final class DateTimeOperators {
  private DateTimeOperators() {}

  /** Adds them to {@code definitions}. */
  static void define(OperatorDefinitions definitions) {
    defineCommon(definitions);
    defineRarer(definitions);
  }

  private static void defineCommon(OperatorDefinitions definitions) {
    SqlReturnTypeInference instant = binding -> ResultTypes.instantType(binding, false);
    definitions.clock("NOW", instant, SqlSyntax.FUNCTION);
    definitions.clock("STATEMENT_TIMESTAMP", instant, SqlSyntax.FUNCTION);
    definitions.clock("TRANSACTION_TIMESTAMP", instant, SqlSyntax.FUNCTION);
    definitions.clock("CURRENT_TIMESTAMP", instant, SqlSyntax.FUNCTION_ID);
    definitions.clock(
        "LOCALTIMESTAMP", ResultTypes.micros(SqlTypeName.TIMESTAMP), SqlSyntax.FUNCTION_ID);
    definitions.clock("LOCALTIME", ResultTypes.micros(SqlTypeName.TIME), SqlSyntax.FUNCTION_ID);
    definitions.clock("CURRENT_TIME", ResultTypes.micros(SqlTypeName.TIME), SqlSyntax.FUNCTION_ID);
    definitions.clock("CURRENT_DATE", ReturnTypes.DATE, SqlSyntax.FUNCTION_ID);
    SqlOperandTypeChecker unitAndTime =
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME),
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME_INTERVAL));
    definitions.define("DATE_PART", ResultTypes.nullable(SqlTypeName.DOUBLE), unitAndTime);
    definitions.define(
        "DATE_TRUNC",
        ResultTypes::truncatedType,
        OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME));
    SqlOperandTypeChecker widthTimeAndOrigin =
        OperandTypes.family(
            SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME);
    definitions.define(
        "TIME_BUCKET",
        ResultTypes::truncatedType,
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME),
            widthTimeAndOrigin));
    definitions.define("DATE_BIN", ResultTypes::truncatedType, widthTimeAndOrigin);
    definitions.define(
        "MAKE_DATE",
        ResultTypes.nullable(SqlTypeName.DATE),
        OperandTypes.family(SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER));
    definitions.add(new PpdbExtractFunction());
    definitions.define(
        "TIMEZONE",
        binding -> ResultTypes.otherZoneType(binding, 1),
        OperandTypes.or(
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME),
            OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL, SqlTypeFamily.DATETIME)));
  }

  private static void defineRarer(OperatorDefinitions definitions) {
    SqlReturnTypeInference text = ResultTypes.nullable(SqlTypeName.VARCHAR);
    SqlReturnTypeInference interval =
        binding ->
            ResultTypes.withNullability(
                binding, ColumnType.INTERVAL.toCalcite(binding.getTypeFactory(), false));
    SqlTypeFamily string = SqlTypeFamily.CHARACTER;
    SqlTypeFamily whole = SqlTypeFamily.INTEGER;
    SqlTypeFamily number = SqlTypeFamily.NUMERIC;
    SqlTypeFamily time = SqlTypeFamily.DATETIME;
    definitions.define(
        "TO_CHAR",
        text,
        OperandTypes.or(OperandTypes.family(time, string), OperandTypes.family(number, string)));
    definitions.define(
        "TO_DATE", ResultTypes.nullable(SqlTypeName.DATE), OperandTypes.family(string, string));
    definitions.define(
        "TO_TIMESTAMP",
        binding ->
            ResultTypes.instantType(
                binding,
                ResultTypes.withNullability(binding, binding.getOperandType(0)).isNullable()),
        OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.family(string, string)));
    definitions.define(
        "MAKE_TIME",
        ResultTypes.micros(SqlTypeName.TIME).andThen(SqlTypeTransforms.TO_NULLABLE),
        OperandTypes.family(whole, whole, number));
    definitions.define(
        "MAKE_TIMESTAMP",
        ResultTypes.micros(SqlTypeName.TIMESTAMP).andThen(SqlTypeTransforms.TO_NULLABLE),
        OperandTypes.family(whole, whole, whole, whole, whole, number));
    definitions.define(
        "AGE",
        interval,
        OperandTypes.or(OperandTypes.family(time), OperandTypes.family(time, time)));
    for (String name : List.of("JUSTIFY_HOURS", "JUSTIFY_DAYS", "JUSTIFY_INTERVAL")) {
      definitions.define(name, interval, OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL));
    }
    SqlBinaryOperator zone = InfixOperators.AT_TIME_ZONE;
    definitions.addOperator(
        new SqlBinaryOperator(
            zone.getName(),
            zone.getKind(),
            zone.getLeftPrec(),
            true,
            binding -> ResultTypes.otherZoneType(binding, 0),
            null,
            OperandTypes.or(
                OperandTypes.family(SqlTypeFamily.DATETIME, SqlTypeFamily.CHARACTER),
                OperandTypes.family(SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME_INTERVAL))));
  }
}
