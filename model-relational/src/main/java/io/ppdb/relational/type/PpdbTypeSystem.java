package io.ppdb.relational.type;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * PostgreSQL's limits and result types, for Calcite.
 *
 * <p>Calcite has no numeric without parameters. Here a DECIMAL of at least {@link
 * #UNCONSTRAINED_PRECISION} digits stands for it: no declared type reaches that precision, and all
 * of Calcite's derivations cap at it, so the property survives arithmetic and set operations. Its
 * formal scale of {@link #UNCONSTRAINED_SCALE} matters only where Calcite rounds literals to the
 * scale of their type: it must be large enough to lose nothing. Types are to be made by {@link
 * PpdbTypeFactory}, which sees to that.
 */
public final class PpdbTypeSystem extends RelDataTypeSystemImpl {
  public static final PpdbTypeSystem INSTANCE = new PpdbTypeSystem();

  /** The precision that marks numeric without parameters. */
  public static final int UNCONSTRAINED_PRECISION = 1100;

  /** The formal scale of numeric without parameters. */
  public static final int UNCONSTRAINED_SCALE = 100;

  /** Largest precision that a declared decimal may have. */
  public static final int MAX_DECLARED_PRECISION = 1000;

  /** Longest declarable varchar, in characters; text has no limit. */
  public static final int MAX_TEXT_LENGTH = 10_485_760;

  /** Digits of the fraction of a second: microseconds. */
  public static final int TIME_PRECISION = 6;

  static final int INTERVAL_PRECISION = 10;

  private PpdbTypeSystem() {}

  /** Numeric without parameters. */
  public static RelDataType unconstrainedNumeric(RelDataTypeFactory factory) {
    return factory.createSqlType(SqlTypeName.DECIMAL, UNCONSTRAINED_PRECISION, UNCONSTRAINED_SCALE);
  }

  /** Whether {@code type} is numeric without parameters. */
  public static boolean isUnconstrained(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL
        && type.getPrecision() >= UNCONSTRAINED_PRECISION;
  }

  @Override
  public int getMaxPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> UNCONSTRAINED_PRECISION;
      case CHAR, VARCHAR, BINARY, VARBINARY -> MAX_TEXT_LENGTH;
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> TIME_PRECISION;
      default -> super.getMaxPrecision(typeName);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName typeName) {
    return typeName == SqlTypeName.DECIMAL ? MAX_DECLARED_PRECISION : super.getMaxScale(typeName);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> UNCONSTRAINED_PRECISION;
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> TIME_PRECISION;
      default ->
          SqlTypeName.INTERVAL_TYPES.contains(typeName)
              ? INTERVAL_PRECISION
              : super.getDefaultPrecision(typeName);
    };
  }

  /** Numerics round half away from zero. */
  @Override
  public RoundingMode roundingMode() {
    return RoundingMode.HALF_UP;
  }

  /** CASE and UNION over strings of different lengths give text, never padded strings. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  /** sum of smallint and integer is bigint, of bigint numeric, of the rest its own kind. */
  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argumentType) {
    RelDataType type =
        switch (argumentType.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
          case BIGINT, DECIMAL -> unconstrainedNumeric(factory);
          default -> argumentType;
        };
    return factory.createTypeWithNullability(type, argumentType.isNullable());
  }

  /** avg of exact numbers is numeric, of floats double precision, of intervals interval. */
  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argumentType) {
    RelDataType type =
        SqlTypeUtil.isExactNumeric(argumentType)
            ? unconstrainedNumeric(factory)
            : SqlTypeUtil.isApproximateNumeric(argumentType)
                ? factory.createSqlType(SqlTypeName.DOUBLE)
                : argumentType;
    return factory.createTypeWithNullability(type, argumentType.isNullable());
  }

  /** Division of decimals has a scale that depends on the values: numeric without parameters. */
  @Override
  public @Nullable RelDataType deriveDecimalDivideType(
      RelDataTypeFactory factory, RelDataType type1, RelDataType type2) {
    if (SqlTypeUtil.isExactNumeric(type1)
        && SqlTypeUtil.isExactNumeric(type2)
        && (SqlTypeUtil.isDecimal(type1) || SqlTypeUtil.isDecimal(type2))) {
      return unconstrainedNumeric(factory);
    }
    return null;
  }
}
