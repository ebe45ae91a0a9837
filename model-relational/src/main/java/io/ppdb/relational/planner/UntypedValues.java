package io.ppdb.relational.planner;

import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** Rows of VALUES in which a literal or a parameter stands beside values that have a type. */
final class UntypedValues {
  private UntypedValues() {}

  /** Casts what has no type to that of its column, if the other rows agree on one. */
  static void cast(SqlCall values, SqlValidator validator, SqlValidatorScope scope) {
    List<SqlNode> rows = values.getOperandList();
    if (rows.size() < 2 || rows.stream().anyMatch(row -> row.getKind() != SqlKind.ROW)) {
      return;
    }
    int count = rows.stream().mapToInt(row -> ((SqlCall) row).operandCount()).min().orElse(0);
    for (int column = 0; column < count; column++) {
      castColumn(rows, column, validator, scope);
    }
  }

  private static void castColumn(
      List<SqlNode> rows, int column, SqlValidator validator, SqlValidatorScope scope) {
    List<SqlCall> untyped = new ArrayList<>();
    List<SqlNode> typed = new ArrayList<>();
    for (SqlNode row : rows) {
      SqlNode cell = ((SqlCall) row).operand(column);
      if (AssignmentCasts.isUntyped(cell)) {
        untyped.add((SqlCall) row);
      } else {
        typed.add(cell);
      }
    }
    if (untyped.isEmpty()
        || typed.isEmpty()
        || typed.stream().anyMatch(StatementValidator::hasParameter)) {
      return;
    }
    RelDataType type = commonType(typed, validator, scope);
    if (type == null) {
      return; // the validator says what is wrong
    }
    ColumnType known = ColumnType.fromCalcite(type);
    ColumnType unlimited = known.kind() == TypeKind.VARCHAR ? ColumnType.TEXT : known;
    for (SqlCall row : untyped) {
      row.setOperand(column, ColumnTypeName.cast(row.operand(column), unlimited));
    }
  }

  private static @Nullable RelDataType commonType(
      List<SqlNode> cells, SqlValidator validator, SqlValidatorScope scope) {
    List<RelDataType> types = new ArrayList<>();
    for (SqlNode cell : cells) {
      cell.validate(validator, scope);
      types.add(validator.deriveType(scope, cell));
    }
    return validator.getTypeFactory().leastRestrictive(types);
  }
}
