package io.ppdb.relational.expr;

import io.ppdb.relational.type.PpdbTypeSystem;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** The types that functions and operators give, from those of their arguments. */
final class ResultTypes {
  private ResultTypes() {}

  /** A timestamp without zone becomes one with it, and the other way round. */
  static RelDataType otherZoneType(SqlOperatorBinding binding, int time) {
    boolean zoned =
        binding.getOperandType(time).getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                zoned ? SqlTypeName.TIMESTAMP : SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
                PpdbTypeSystem.TIME_PRECISION));
  }

  /** A type that is NULL where an argument is. */
  static SqlReturnTypeInference nullable(SqlTypeName type) {
    return ReturnTypes.explicit(type).andThen(SqlTypeTransforms.TO_NULLABLE);
  }

  /** A type of times, to the microsecond. */
  static SqlReturnTypeInference micros(SqlTypeName type) {
    return ReturnTypes.explicit(type, PpdbTypeSystem.TIME_PRECISION);
  }

  static RelDataType withNullability(SqlOperatorBinding binding, RelDataType type) {
    boolean anyNullable = false;
    for (int i = 0; i < binding.getOperandCount(); i++) {
      anyNullable |= binding.getOperandType(i).isNullable();
    }
    return binding.getTypeFactory().createTypeWithNullability(type, anyNullable);
  }

  static RelDataType numericOrDouble(SqlOperatorBinding binding) {
    return withNullability(
        binding,
        SqlTypeUtil.isDecimal(binding.getOperandType(0))
            ? PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory())
            : binding.getTypeFactory().createSqlType(SqlTypeName.DOUBLE));
  }

  /** round(x) as above; round(x, digits) of whole numbers is numeric too. */
  static RelDataType roundedType(SqlOperatorBinding binding) {
    return binding.getOperandCount() == 2 && SqlTypeUtil.isExactNumeric(binding.getOperandType(0))
        ? withNullability(binding, PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory()))
        : numericOrDouble(binding);
  }

  /** The type that all arguments fit; decimals keep the scale each of them has. */
  static RelDataType extremeType(SqlOperatorBinding binding) {
    RelDataType common = ReturnTypes.LEAST_RESTRICTIVE.inferReturnType(binding);
    if (common == null) {
      common = binding.getOperandType(0);
    }
    return withNullability(
        binding,
        SqlTypeUtil.isDecimal(common)
            ? PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory())
            : common);
  }

  static RelDataType textOrBytes(SqlOperatorBinding binding) {
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                SqlTypeUtil.isBinary(binding.getOperandType(0))
                    ? SqlTypeName.VARBINARY
                    : SqlTypeName.VARCHAR));
  }

  static RelDataType nullableAsFirst(SqlOperatorBinding binding) {
    return binding
        .getTypeFactory()
        .createTypeWithNullability(
            binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR),
            binding.getOperandType(0).isNullable());
  }

  static RelDataType instantType(SqlOperatorBinding binding, boolean nullable) {
    return binding
        .getTypeFactory()
        .createTypeWithNullability(
            binding
                .getTypeFactory()
                .createSqlType(
                    SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, PpdbTypeSystem.TIME_PRECISION),
            nullable);
  }

  static RelDataType truncatedType(SqlOperatorBinding binding) {
    SqlTypeName argument = binding.getOperandType(1).getSqlTypeName();
    return withNullability(
        binding,
        binding
            .getTypeFactory()
            .createSqlType(
                argument == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
                    ? argument
                    : SqlTypeName.TIMESTAMP,
                PpdbTypeSystem.TIME_PRECISION));
  }
}
