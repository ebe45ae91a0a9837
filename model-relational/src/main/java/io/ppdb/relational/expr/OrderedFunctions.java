package io.ppdb.relational.expr;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's aggregates that take no ORDER BY, as ones that do. Apart from those that they stand
 * for, which the planner knows many things about.
 */
public final class OrderedFunctions {
  private static final Map<String, SqlAggFunction> BY_NAME =
      Stream.of(
              SqlStdOperatorTable.COUNT,
              SqlStdOperatorTable.MIN,
              SqlStdOperatorTable.MAX,
              SqlStdOperatorTable.EVERY,
              SqlLibraryOperators.BOOL_AND,
              SqlLibraryOperators.BOOL_OR)
          .map(Ordered::new)
          .collect(Collectors.toMap(SqlAggFunction::getName, Function.identity()));

  private OrderedFunctions() {}

  /** The aggregate called {@code name}, in capitals, with an order; null if there is none here. */
  public static @Nullable SqlAggFunction of(String name) {
    return BY_NAME.get(name);
  }

  private static final class Ordered extends SqlAggFunction {
    Ordered(SqlAggFunction base) {
      super(
          base.getName(),
          null,
          base.getKind(),
          Objects.requireNonNull(base.getReturnTypeInference()),
          base.getOperandTypeInference(),
          base.getOperandTypeChecker(),
          base.getFunctionType(),
          false,
          false,
          Optionality.OPTIONAL);
    }

    /** Its type, without a look for an aggregate of its name, which would find another one. */
    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      for (SqlNode operand : call.getOperandList()) {
        validator.setValidatedNodeType(operand, validator.deriveType(scope, operand));
      }
      return validateOperands(validator, scope, call);
    }

    @Override
    public boolean allowsFilter() {
      return true;
    }
  }
}
