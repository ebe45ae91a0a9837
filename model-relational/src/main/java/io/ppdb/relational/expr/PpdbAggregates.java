package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PpdbTypeFactory;
import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlAvgAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlSumAggFunction;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.Optionality;

/** The aggregates that Calcite does not have, or not as PostgreSQL has them. */
final class PpdbAggregates {
  /** array_agg that gives an empty array of no rows: what ARRAY(query) stands for. */
  static final SqlAggFunction ARRAY_OF =
      new Aggregate("$ARRAY_OF", PpdbAggregates::arrayType, OperandTypes.ANY, Optionality.OPTIONAL);

  private PpdbAggregates() {}

  /** An aggregate as the validator sees it. */
  private static final class Aggregate extends SqlAggFunction {
    Aggregate(
        String name,
        SqlReturnTypeInference returnType,
        SqlOperandTypeChecker operands,
        Optionality groupOrder) {
      super(
          name,
          null,
          SqlKind.OTHER_FUNCTION,
          returnType.andThen(SqlTypeTransforms.FORCE_NULLABLE),
          null,
          operands,
          SqlFunctionCategory.USER_DEFINED_FUNCTION,
          false,
          false,
          groupOrder);
    }

    @Override
    public SqlSyntax getSyntax() {
      return SqlSyntax.FUNCTION;
    }

    @Override
    public boolean allowsFilter() {
      return true;
    }
  }

  private static final SqlOperandTypeChecker SUMMABLE =
      OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.family(SqlTypeFamily.DATETIME_INTERVAL));

  /** Calcite's sum, of intervals too. */
  private static final class Sum extends SqlSumAggFunction {
    Sum() {
      super(new PpdbTypeFactory().createSqlType(SqlTypeName.INTEGER));
    }

    @Override
    public SqlOperandTypeChecker getOperandTypeChecker() {
      return SUMMABLE;
    }

    @Override
    public Optionality requiresGroupOrder() {
      return Optionality.OPTIONAL;
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      return SUMMABLE.checkOperandTypes(binding, throwOnFailure);
    }
  }

  /** Calcite's average, of intervals too. */
  private static final class Average extends SqlAvgAggFunction {
    Average() {
      super(SqlKind.AVG);
    }

    @Override
    public SqlOperandTypeChecker getOperandTypeChecker() {
      return SUMMABLE;
    }

    @Override
    public Optionality requiresGroupOrder() {
      return Optionality.OPTIONAL;
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      return SUMMABLE.checkOperandTypes(binding, throwOnFailure);
    }
  }

  static List<SqlAggFunction> all() {
    SqlReturnTypeInference text = ReturnTypes.explicit(SqlTypeName.VARCHAR);
    SqlReturnTypeInference real = ReturnTypes.explicit(SqlTypeName.DOUBLE);
    Stream<SqlAggFunction> texts =
        Stream.of(
            new Aggregate(
                "STRING_AGG",
                text,
                OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER),
                Optionality.OPTIONAL));
    Stream<SqlAggFunction> arrays =
        Stream.of(
            ARRAY_OF,
            new Aggregate(
                "ARRAY_AGG", PpdbAggregates::arrayType, OperandTypes.ANY, Optionality.OPTIONAL));
    Stream<SqlAggFunction> json =
        Stream.of("JSON_AGG", "JSONB_AGG")
            .map(
                name ->
                    new Aggregate(
                        name,
                        JsonOperators.always(ColumnType.JSON),
                        OperandTypes.ANY,
                        Optionality.OPTIONAL));
    Stream<SqlAggFunction> objects =
        Stream.of("JSON_OBJECT_AGG", "JSONB_OBJECT_AGG")
            .map(
                name ->
                    new Aggregate(
                        name,
                        JsonOperators.always(ColumnType.JSON),
                        OperandTypes.ANY_ANY,
                        Optionality.OPTIONAL));
    Stream<SqlAggFunction> bits =
        Stream.of("BIT_AND", "BIT_OR", "BIT_XOR")
            .map(
                name ->
                    new Aggregate(
                        name, ReturnTypes.ARG0, OperandTypes.INTEGER, Optionality.OPTIONAL));
    Stream<SqlAggFunction> deviations =
        Stream.of("STDDEV", "STDDEV_POP", "STDDEV_SAMP", "VARIANCE", "VAR_POP", "VAR_SAMP")
            .map(
                name ->
                    new Aggregate(
                        name,
                        PpdbAggregates::deviationType,
                        OperandTypes.NUMERIC,
                        Optionality.OPTIONAL));
    Stream<SqlAggFunction> regressions =
        Stream.of(
                "CORR",
                "COVAR_POP",
                "COVAR_SAMP",
                "REGR_AVGX",
                "REGR_AVGY",
                "REGR_INTERCEPT",
                "REGR_R2",
                "REGR_SLOPE",
                "REGR_SXX",
                "REGR_SXY",
                "REGR_SYY")
            .map(
                name ->
                    new Aggregate(name, real, OperandTypes.NUMERIC_NUMERIC, Optionality.OPTIONAL));
    Stream<SqlAggFunction> ordered =
        Stream.of(
            new Aggregate(
                "REGR_COUNT",
                ReturnTypes.BIGINT,
                OperandTypes.NUMERIC_NUMERIC,
                Optionality.OPTIONAL),
            new Aggregate(
                "PERCENTILE_CONT",
                PpdbAggregates::continuousType,
                OperandTypes.or(
                    OperandTypes.NUMERIC_NUMERIC,
                    OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.DATETIME_INTERVAL)),
                Optionality.MANDATORY),
            new Aggregate(
                "PERCENTILE_DISC",
                ReturnTypes.ARG1,
                OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.ANY),
                Optionality.MANDATORY),
            new Aggregate("MODE", ReturnTypes.ARG0, OperandTypes.ANY, Optionality.MANDATORY));
    Stream<SqlAggFunction> sums = Stream.of(new Sum(), new Average());
    Stream<SqlAggFunction> truths =
        Stream.of(SqlLibraryOperators.BOOL_AND, SqlLibraryOperators.BOOL_OR);
    return Stream.of(
            texts, arrays, json, objects, bits, deviations, regressions, ordered, sums, truths)
        .flatMap(aggregates -> aggregates)
        .toList();
  }

  private static RelDataType arrayType(SqlOperatorBinding binding) {
    return ArrayParameters.arrayOf(binding.getOperandType(0))
        .toCalcite(binding.getTypeFactory(), true);
  }

  /** Of exact numbers numeric, of floats double precision. */
  private static RelDataType deviationType(SqlOperatorBinding binding) {
    RelDataTypeFactory factory = binding.getTypeFactory();
    return SqlTypeUtil.isExactNumeric(binding.getOperandType(0))
        ? ColumnType.NUMERIC.toCalcite(factory, true)
        : factory.createSqlType(SqlTypeName.DOUBLE);
  }

  /** Between two intervals lies an interval, between two numbers a double. */
  private static RelDataType continuousType(SqlOperatorBinding binding) {
    RelDataType ordered = binding.getOperandType(1);
    return SqlTypeUtil.isInterval(ordered)
        ? ordered
        : binding.getTypeFactory().createSqlType(SqlTypeName.DOUBLE);
  }
}
