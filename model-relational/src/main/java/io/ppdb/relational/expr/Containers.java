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

/** Two arrays of one type, or two JSON values if those are taken; a text is what the other is. */
public final class Containers implements SqlOperandTypeChecker {
  private final boolean takesJson;

  Containers(boolean takesJson) {
    this.takesJson = takesJson;
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    castText(binding);
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    boolean valid =
        isNull(left)
            || isNull(right)
            || (takesJson && JsonOperators.isJson(left) && JsonOperators.isJson(right))
            || (isArray(left)
                && isArray(right)
                && binding.getTypeFactory().leastRestrictive(List.of(left, right)) != null);
    if (!valid && throwOnFailure) {
      throw UndefinedCalls.of(binding);
    }
    return valid;
  }

  static boolean isArray(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.ARRAY;
  }

  private static boolean isNull(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.NULL;
  }

  /** Gives a literal text beside JSON or an array the type of the other operand, if it is one. */
  public static boolean castText(SqlCallBinding binding) {
    return castText(binding, 0, binding.getOperandType(1))
        || castText(binding, 1, binding.getOperandType(0));
  }

  private static boolean castText(SqlCallBinding binding, int operand, RelDataType other) {
    if (binding.operand(operand) instanceof SqlLiteral
        && SqlTypeUtil.inCharFamily(binding.getOperandType(operand))
        && (isArray(other) || JsonOperators.isJson(other))) {
      Parameters.cast(binding, operand, ColumnType.fromCalcite(other));
      return true;
    }
    return false;
  }

  @Override
  public SqlOperandTypeInference typeInference() {
    return InferTypes.FIRST_KNOWN;
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return SqlOperandCountRanges.of(2);
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return "<array> " + name + " <array>";
  }
}
