package io.ppdb.relational.planner;

import io.ppdb.relational.expr.Containers;
import io.ppdb.relational.expr.UndefinedCalls;
import io.ppdb.relational.parser.InfixOperators;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's implicit casts without those that PostgreSQL lacks: text beside another type is read as
 * that type only if it is a literal or a parameter, whose type the other operand decides; a number
 * is text to no function, nor text a number. Used for one statement.
 */
final class TextCoercion extends TypeCoercionImpl {
  TextCoercion(RelDataTypeFactory typeFactory, SqlValidator validator) {
    super(typeFactory, validator);
  }

  @Override
  public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
    if (binding.getOperandCount() == 2
        && SqlKind.BINARY_ARITHMETIC.contains(binding.getOperator().getKind())
        && (isContainer(binding.getOperandType(0)) || isContainer(binding.getOperandType(1)))) {
      throw UndefinedCalls.of(binding);
    }
    refuseTextBesideOther(binding);
    return super.binaryArithmeticCoercion(binding);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    if (binding.getOperandCount() == 2 && Containers.castText(binding)) {
      return true;
    }
    refuseTextBesideOther(binding);
    return super.binaryComparisonCoercion(binding);
  }

  @Override
  public boolean builtinFunctionCoercion(
      SqlCallBinding binding, List<RelDataType> operandTypes, List<SqlTypeFamily> families) {
    for (int i = 0; i < Math.min(operandTypes.size(), families.size()); i++) {
      SqlTypeFamily family = families.get(i);
      boolean takesText = family == SqlTypeFamily.CHARACTER || family == SqlTypeFamily.STRING;
      boolean refused =
          takesText
              ? SqlTypeUtil.isNumeric(operandTypes.get(i))
              : family == SqlTypeFamily.NUMERIC && isText(binding.operand(i), operandTypes.get(i));
      if (refused) {
        throw UndefinedCalls.function(binding.getCall(), operandTypes);
      }
    }
    return super.builtinFunctionCoercion(binding, operandTypes, families);
  }

  /**
   * The type of values that have to be of one type: untyped literals take that of the others, and
   * nothing becomes text because another one is.
   */
  @Override
  public @Nullable RelDataType getWiderTypeFor(List<RelDataType> types, boolean stringPromotion) {
    boolean isMixed =
        types.stream().anyMatch(SqlTypeUtil::inCharFamily)
            && types.stream().anyMatch(TextCoercion::isNoText);
    return isMixed
        ? factory.leastRestrictive(
            types.stream().filter(type -> type.getSqlTypeName() != SqlTypeName.CHAR).toList())
        : super.getWiderTypeFor(types, stringPromotion);
  }

  @Override
  protected boolean coerceOperandType(
      @Nullable SqlValidatorScope scope, SqlCall call, int index, RelDataType target) {
    SqlNode cast = castLiteral(call.operand(index), target);
    if (cast == null) {
      return super.coerceOperandType(scope, call, index, target);
    }
    call.setOperand(index, cast);
    updateInferredType(cast, target);
    return true;
  }

  @Override
  protected boolean coerceColumnType(
      @Nullable SqlValidatorScope scope, SqlNodeList list, int index, RelDataType target) {
    SqlNode cast = index < list.size() ? castLiteral(list.get(index), target) : null;
    if (cast == null) {
      return super.coerceColumnType(scope, list, index, target);
    }
    list.set(index, cast);
    updateInferredType(cast, target);
    return true;
  }

  /** A literal as a value of a type that Calcite cannot write; null for others. */
  private static @Nullable SqlNode castLiteral(SqlNode node, RelDataType target) {
    boolean isOwn =
        isContainer(target)
            || SqlTypeUtil.isInterval(target)
            || target.getSqlTypeName() == SqlTypeName.UUID;
    return isOwn && node instanceof SqlLiteral literal && literal.getTypeName() == SqlTypeName.CHAR
        ? ColumnTypeName.cast(literal, ColumnType.fromCalcite(target))
        : null;
  }

  private static boolean isNoText(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    return !SqlTypeUtil.inCharFamily(type)
        && name != SqlTypeName.NULL
        && name != SqlTypeName.ANY
        && name != SqlTypeName.UNKNOWN;
  }

  private static void refuseTextBesideOther(SqlCallBinding binding) {
    // Functions of two arguments come here as well: lag(text, integer). A zone is text by nature.
    if (!(binding.getOperator() instanceof SqlBinaryOperator)
        || binding.getOperator().getName().equals(InfixOperators.AT_TIME_ZONE.getName())) {
      return;
    }
    RelDataType left = binding.getOperandType(0);
    RelDataType right = binding.getOperandType(1);
    if ((isText(binding.operand(0), left) && isOther(right))
        || (isText(binding.operand(1), right) && isOther(left))) {
      throw UndefinedCalls.of(binding);
    }
  }

  /** Whether {@code type} is that of JSON or of arrays, with which nothing can be computed. */
  private static boolean isContainer(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.VARIANT
        || type.getSqlTypeName() == SqlTypeName.ARRAY;
  }

  /** Text that has no other type by itself. */
  private static boolean isText(SqlNode node, RelDataType type) {
    return SqlTypeUtil.inCharFamily(type)
        && !(node instanceof SqlLiteral)
        && !(node instanceof SqlDynamicParam);
  }

  private static boolean isOther(RelDataType type) {
    return SqlTypeUtil.isNumeric(type)
        || SqlTypeUtil.isDatetime(type)
        || SqlTypeUtil.isInterval(type)
        || SqlTypeUtil.isBoolean(type)
        || isContainer(type);
  }
}
