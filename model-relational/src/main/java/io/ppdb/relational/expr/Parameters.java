package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * What a function or operator takes, by types: of each parameter one or several. As in PostgreSQL a
 * literal text that stands for another type is read as that type, the first that is possible, and a
 * parameter of the statement has it. Immutable.
 */
public final class Parameters implements SqlOperandTypeChecker {
  /** Any type: what stands where anything is taken. */
  static final List<ColumnType> ANY = List.of();

  private final List<List<ColumnType>> types;
  private final int requiredCount;
  private final boolean isVariadic;

  private Parameters(List<List<ColumnType>> types, int requiredCount, boolean isVariadic) {
    this.types = List.copyOf(types);
    this.requiredCount = requiredCount;
    this.isVariadic = isVariadic;
  }

  /** One parameter of each type. */
  public static Parameters of(ColumnType... types) {
    return of(List.of(types));
  }

  /** One parameter of each type. */
  public static Parameters of(List<ColumnType> types) {
    List<List<ColumnType>> each = new ArrayList<>();
    types.forEach(type -> each.add(List.of(type)));
    return new Parameters(each, types.size(), false);
  }

  /** One parameter for each list of alternatives. */
  static Parameters oneOf(List<List<ColumnType>> types) {
    return new Parameters(types, types.size(), false);
  }

  /** The same, the last ones being optional. */
  Parameters requiring(int count) {
    return new Parameters(types, count, isVariadic);
  }

  /** The same, the last one repeated as often as there are operands, or not there at all. */
  Parameters variadic() {
    return new Parameters(types, requiredCount - 1, true);
  }

  private List<ColumnType> alternatives(int operand) {
    return types.get(Math.min(operand, types.size() - 1));
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    for (int i = 0; i < binding.getOperandCount(); i++) {
      if (!accepts(binding, i)) {
        if (throwOnFailure) {
          throw UndefinedCalls.of(binding);
        }
        return false;
      }
    }
    return true;
  }

  private boolean accepts(SqlCallBinding binding, int operand) {
    List<ColumnType> alternatives = alternatives(operand);
    RelDataType seen = binding.getOperandType(operand);
    SqlNode node = binding.operand(operand);
    boolean isLiteral = node instanceof SqlLiteral && SqlTypeUtil.inCharFamily(seen);
    if (alternatives.isEmpty() || seen.getSqlTypeName() == SqlTypeName.NULL) {
      return true;
    }
    for (ColumnType type : alternatives) {
      if (matches(type, seen)) {
        return true;
      }
    }
    boolean isUnknown =
        node instanceof SqlDynamicParam && seen.getSqlTypeName() == SqlTypeName.UNKNOWN;
    if (!isLiteral && !isUnknown) {
      return false;
    }
    cast(binding, operand, alternatives.get(0));
    return true;
  }

  /** Replaces an operand by a cast of it. */
  static void cast(SqlCallBinding binding, int operand, ColumnType type) {
    SqlNode node = binding.operand(operand);
    RelDataType target = type.toCalcite(binding.getTypeFactory(), true);
    SqlNode cast =
        SqlStdOperatorTable.CAST.createCall(
            node.getParserPosition(), node, SqlTypeUtil.convertTypeToSpec(target));
    binding.getCall().setOperand(operand, cast);
    if (binding.getScope() != null) {
      binding.getValidator().deriveType(binding.getScope(), cast);
    }
  }

  private static boolean matches(ColumnType type, RelDataType seen) {
    return switch (type.kind()) {
      case VARCHAR -> SqlTypeUtil.inCharFamily(seen);
      case SMALLINT, INTEGER -> SqlTypeUtil.isIntType(seen);
      case BIGINT, DECIMAL, REAL, DOUBLE -> SqlTypeUtil.isNumeric(seen);
      case TIMESTAMP -> isDate(seen) || seen.getSqlTypeName() == SqlTypeName.TIMESTAMP;
      case TIMESTAMPTZ -> SqlTypeUtil.isDatetime(seen);
      case ARRAY -> matchesArray(type, seen);
      default -> isKnown(seen) && ColumnType.fromCalcite(seen).kind() == type.kind();
    };
  }

  private static boolean isDate(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DATE;
  }

  private static boolean matchesArray(ColumnType type, RelDataType seen) {
    RelDataType element = seen.getComponentType();
    return seen.getSqlTypeName() == SqlTypeName.ARRAY
        && element != null
        && (element.getSqlTypeName() == SqlTypeName.NULL || matches(type.elementType(), element));
  }

  /** Whether {@code type} is one that vectors have, and not the text that NULL counts as. */
  static boolean isKnown(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case NULL, ANY, UNKNOWN, SYMBOL, ROW, MULTISET, MAP, CURSOR, COLUMN_LIST -> false;
      default -> true;
    };
  }

  /** Parameters of the statement have the first type that is taken in their place. */
  @Override
  public SqlOperandTypeInference typeInference() {
    return (binding, returnType, operandTypes) -> {
      for (int i = 0; i < operandTypes.length; i++) {
        List<ColumnType> alternatives = alternatives(i);
        operandTypes[i] =
            (alternatives.isEmpty() ? ColumnType.TEXT : alternatives.get(0))
                .toCalcite(binding.getTypeFactory(), true);
      }
    };
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return isVariadic
        ? SqlOperandCountRanges.from(requiredCount)
        : SqlOperandCountRanges.between(requiredCount, types.size());
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return name + types;
  }

  @Override
  public boolean isOptional(int operand) {
    return operand >= requiredCount;
  }

  @Override
  public String toString() {
    return Collections.unmodifiableList(types).toString();
  }
}
