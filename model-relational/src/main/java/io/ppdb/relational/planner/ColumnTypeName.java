package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.type.ColumnType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** The type of a column where the grammar has the name of a type. */
final class ColumnTypeName extends SqlTypeNameSpec {
  private final ColumnType type;

  /** The column that a value is assigned to; null in a cast that a statement asks for. */
  private final @Nullable ColumnDefinition target;

  private ColumnTypeName(
      ColumnType type, @Nullable ColumnDefinition target, SqlParserPos position) {
    super(new SqlIdentifier(type.toString(), position), position);
    this.type = type;
    this.target = target;
  }

  /** {@code CAST(node AS type)}, at the position of {@code node}. */
  static SqlNode cast(SqlNode node, ColumnType type) {
    return cast(node, type, null);
  }

  /** {@code CAST(node AS type)} that is valid only where {@code target} may be assigned to so. */
  static SqlNode assignment(SqlNode node, ColumnType type, ColumnDefinition target) {
    return cast(node, type, target);
  }

  private static SqlNode cast(SqlNode node, ColumnType type, @Nullable ColumnDefinition target) {
    SqlParserPos position = node.getParserPosition();
    SqlDataTypeSpec spec =
        new SqlDataTypeSpec(new ColumnTypeName(type, target, position), position);
    return SqlStdOperatorTable.CAST.createCall(position, node, spec);
  }

  /** Fails if {@code call} is an assignment of a value whose type does not allow it. */
  static void requireAssignable(SqlCall call, SqlValidator validator, SqlValidatorScope scope) {
    if (call.getKind() == SqlKind.CAST
        && call.operand(1) instanceof SqlDataTypeSpec spec
        && spec.getTypeNameSpec() instanceof ColumnTypeName name
        && name.target != null
        && !AssignmentCasts.isUntyped(call.operand(0))) {
      SqlNode value = call.operand(0);
      ColumnType type = ColumnType.fromCalcite(validator.deriveType(scope, value));
      AssignmentCasts.require(type, name.target, value.getParserPosition());
    }
  }

  @Override
  public RelDataType deriveType(SqlValidator validator) {
    return type.toCalcite(validator.getTypeFactory(), true);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(type.toString());
  }

  @Override
  public boolean equalsDeep(SqlTypeNameSpec spec, Litmus litmus) {
    boolean same = spec instanceof ColumnTypeName other && other.type.equals(type);
    return same ? litmus.succeed() : litmus.fail("another type");
  }
}
