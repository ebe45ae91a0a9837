package io.ppdb.relational.planner;

import io.ppdb.relational.expr.Parameters;
import io.ppdb.relational.spi.TableFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlTableFunction;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** A table function of the SPI as an operator of Calcite. */
final class TableFunctionOperator extends SqlFunction implements SqlTableFunction {
  private final TableFunction function;
  private final boolean restricted;

  /**
   * @param restricted whether only superusers may call it, for it reads what has no grants
   */
  TableFunctionOperator(TableFunction function, boolean restricted) {
    super(
        function.name().toLowerCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        null,
        Parameters.of(function.parameterTypes()),
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.function = function;
    this.restricted = restricted;
  }

  /** Whether only superusers may call it. */
  boolean isRestricted() {
    return restricted;
  }

  TableFunction function() {
    return function;
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return this::rowType;
  }

  private RelDataType rowType(SqlOperatorBinding binding) {
    List<@Nullable Object> constants = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      constants.add(constant(binding, i));
    }
    RelDataTypeFactory factory = binding.getTypeFactory();
    RelDataTypeFactory.Builder builder = factory.builder();
    for (TableFunction.OutputColumn column : function.outputColumns(constants)) {
      builder.add(column.name(), column.type().toCalcite(factory, true));
    }
    return builder.build();
  }

  private @Nullable Object constant(SqlOperatorBinding binding, int operand) {
    if (!binding.isOperandLiteral(operand, true) || binding.isOperandNull(operand, true)) {
      return null;
    }
    return switch (function.parameterTypes().get(operand).kind()) {
      case VARCHAR -> binding.getOperandLiteralValue(operand, String.class);
      case SMALLINT, INTEGER -> binding.getOperandLiteralValue(operand, Integer.class);
      case BIGINT -> binding.getOperandLiteralValue(operand, Long.class);
      case BOOLEAN -> binding.getOperandLiteralValue(operand, Boolean.class);
      default -> null;
    };
  }
}
