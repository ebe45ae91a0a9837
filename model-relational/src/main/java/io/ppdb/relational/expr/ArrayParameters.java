package io.ppdb.relational.expr;

import io.ppdb.relational.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a function on arrays takes, a letter for each parameter: {@code a} an array, {@code e} an
 * element of such an array, {@code i} an integer, {@code t} a text. Arrays and elements meet in one
 * type; a literal text is of the type that the others are of, and so is a parameter. Immutable.
 */
final class ArrayParameters implements SqlOperandTypeChecker {
  private final String shape;
  private final int requiredCount;

  ArrayParameters(String shape, int requiredCount) {
    this.shape = shape;
    this.requiredCount = requiredCount;
  }

  ArrayParameters(String shape) {
    this(shape, shape.length());
  }

  private char shapeOf(int operand) {
    return shape.charAt(operand);
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    boolean valid = accepts(binding);
    if (!valid && throwOnFailure) {
      throw UndefinedCalls.of(binding);
    }
    return valid;
  }

  private boolean accepts(SqlCallBinding binding) {
    RelDataType element = elementType(binding);
    for (int i = 0; i < binding.getOperandCount(); i++) {
      RelDataType seen = binding.getOperandType(i);
      boolean isText = binding.operand(i) instanceof SqlLiteral && SqlTypeUtil.inCharFamily(seen);
      boolean valid =
          switch (shapeOf(i)) {
            case 'i' -> isNull(seen) || SqlTypeUtil.isIntType(seen);
            case 't' -> isNull(seen) || SqlTypeUtil.inCharFamily(seen);
            case 'a' -> {
              if (isText && element != null) {
                Parameters.cast(binding, i, ColumnType.array(ColumnType.fromCalcite(element)));
                yield true;
              }
              yield isNull(seen) || Containers.isArray(seen);
            }
            default -> {
              if (isText && element != null && !SqlTypeUtil.inCharFamily(element)) {
                Parameters.cast(binding, i, ColumnType.fromCalcite(element));
              }
              yield !Containers.isArray(seen);
            }
          };
      if (!valid) {
        return false;
      }
    }
    return element != null && commonType(binding) != null;
  }

  private static boolean isNull(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.NULL
        || type.getSqlTypeName() == SqlTypeName.UNKNOWN;
  }

  /** The type of the elements of the first array, or null if there is none. */
  private @Nullable RelDataType elementType(SqlOperatorBinding binding) {
    RelDataType ofElement = null;
    for (int i = 0; i < binding.getOperandCount(); i++) {
      RelDataType seen = binding.getOperandType(i);
      if (shapeOf(i) == 'a' && Containers.isArray(seen)) {
        return seen.getComponentType();
      }
      if (shapeOf(i) == 'e' && !isNull(seen)) {
        ofElement = seen;
      }
    }
    return ofElement;
  }

  /** The type that the elements of all arrays, and all elements, meet in; null if they do not. */
  private @Nullable RelDataType commonType(SqlOperatorBinding binding) {
    List<RelDataType> types = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      RelDataType seen = binding.getOperandType(i);
      RelDataType component = seen.getComponentType();
      if (shapeOf(i) == 'a' && component != null) {
        types.add(component);
      } else if (shapeOf(i) == 'e' && !isNull(seen)) {
        types.add(seen);
      }
    }
    if (types.isEmpty()) {
      return null;
    }
    RelDataType first = types.get(0);
    boolean texts = SqlTypeUtil.inCharFamily(first);
    for (RelDataType type : types) {
      if (SqlTypeUtil.inCharFamily(type) != texts && !isNull(type) && !isNull(first)) {
        return null; // Calcite sees what number and text have in common; PostgreSQL does not
      }
    }
    return binding.getTypeFactory().leastRestrictive(types);
  }

  /** Arrays of the common type. */
  SqlReturnTypeInference arrayType() {
    return binding -> {
      RelDataType common = commonType(binding);
      return (common == null ? ColumnType.array(ColumnType.TEXT) : arrayOf(common))
          .toCalcite(binding.getTypeFactory(), true);
    };
  }

  /** The type of arrays of Calcite's type {@code element}, whatever its precision. */
  static ColumnType arrayOf(RelDataType element) {
    ColumnType type = ColumnType.fromCalcite(element);
    return ColumnType.array(
        switch (type.kind()) {
          case DECIMAL -> ColumnType.NUMERIC;
          case VARCHAR -> ColumnType.TEXT;
          default -> type;
        });
  }

  @Override
  public @Nullable SqlOperandTypeInference typeInference() {
    return (binding, returnType, operandTypes) -> {
      RelDataType element = elementType(binding);
      ColumnType type = element == null ? ColumnType.TEXT : ColumnType.fromCalcite(element);
      for (int i = 0; i < operandTypes.length; i++) {
        ColumnType taken =
            switch (shapeOf(i)) {
              case 'i' -> ColumnType.INTEGER;
              case 't' -> ColumnType.TEXT;
              case 'a' -> ColumnType.array(type);
              default -> type;
            };
        operandTypes[i] = taken.toCalcite(binding.getTypeFactory(), true);
      }
    };
  }

  @Override
  public boolean isOptional(int operand) {
    return operand >= requiredCount;
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return SqlOperandCountRanges.between(requiredCount, shape.length());
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return name + "(" + shape + ")";
  }
}
