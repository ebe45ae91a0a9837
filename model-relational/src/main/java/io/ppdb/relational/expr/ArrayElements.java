package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** The elements of {@code ARRAY[…]}: of one type, which a literal text has if the others do. */
final class ArrayElements implements SqlOperandTypeChecker {
  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    RelDataType other = null;
    for (int i = 0; i < binding.getOperandCount(); i++) {
      RelDataType seen = binding.getOperandType(i);
      if (!isLiteralText(binding, i) && seen.getSqlTypeName() != SqlTypeName.NULL) {
        other = seen;
      }
    }
    if (other != null && !SqlTypeUtil.inCharFamily(other)) {
      ColumnType type = ColumnType.fromCalcite(other);
      for (int i = 0; i < binding.getOperandCount(); i++) {
        if (isLiteralText(binding, i)) {
          Parameters.cast(binding, i, type);
        } else if (SqlTypeUtil.inCharFamily(binding.getOperandType(i))) {
          throw UndefinedCalls.of(binding);
        }
      }
    }
    List<RelDataType> types = binding.collectOperandTypes();
    boolean valid = types.isEmpty() || binding.getTypeFactory().leastRestrictive(types) != null;
    if (!valid && throwOnFailure) {
      throw UndefinedCalls.of(binding);
    }
    return valid;
  }

  private static boolean isLiteralText(SqlCallBinding binding, int operand) {
    return binding.operand(operand) instanceof SqlLiteral
        && SqlTypeUtil.inCharFamily(binding.getOperandType(operand));
  }

  @Override
  public @Nullable SqlOperandTypeInference typeInference() {
    return InferTypes.FIRST_KNOWN;
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return SqlOperandCountRanges.any();
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return "ARRAY[element, …]";
  }
}
