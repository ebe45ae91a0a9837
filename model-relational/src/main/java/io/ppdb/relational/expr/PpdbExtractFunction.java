package io.ppdb.relational.expr;

import io.ppdb.relational.type.PpdbTypeSystem;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlExtractFunction;

/** EXTRACT with PostgreSQL's result: numeric, so that seconds keep their fraction. */
final class PpdbExtractFunction extends SqlExtractFunction {
  PpdbExtractFunction() {
    super("EXTRACT", false);
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return binding
        .getTypeFactory()
        .createTypeWithNullability(
            PpdbTypeSystem.unconstrainedNumeric(binding.getTypeFactory()),
            binding.getOperandType(1).isNullable());
  }
}
