package io.ppdb.relational.expr;

import java.util.function.BiPredicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * A binary operator for operand types that Calcite's operator of that name does not take.
 *
 * <p>Calcite resolves operators by name only, so this one is found first and hands calls whose
 * operands it does not take back to Calcite's, with all the rules that know that operator.
 */
final class PpdbBinaryOperator extends SqlBinaryOperator {
  private final SqlBinaryOperator standard;
  private final BiPredicate<RelDataType, RelDataType> operands;

  PpdbBinaryOperator(
      SqlBinaryOperator standard,
      BiPredicate<RelDataType, RelDataType> operands,
      SqlReturnTypeInference returnType) {
    super(
        standard.getName(),
        standard.getKind(),
        standard.getLeftPrec(),
        true,
        returnType,
        null,
        OperandTypes.ANY_ANY);
    this.standard = standard;
    this.operands = operands;
  }

  /** Literals of text have been given another type where the other operand asks for it. */
  private boolean takes(SqlOperatorBinding binding) {
    return operands.test(binding.getOperandType(0), binding.getOperandType(1));
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    if (getName().equals(SqlStdOperatorTable.CONCAT.getName())) {
      Containers.castText(binding);
    }
    if (takes(binding)) {
      return true;
    }
    ((SqlBasicCall) binding.getCall()).setOperator(standard);
    return standard.checkOperandTypes(binding, throwOnFailure);
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return takes(binding) ? super.inferReturnType(binding) : standard.inferReturnType(binding);
  }
}
