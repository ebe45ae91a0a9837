package io.ppdb.relational.planner;

import io.ppdb.relational.type.ColumnType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** The type of a column where the grammar has the name of a type. */
final class ColumnTypeName extends SqlTypeNameSpec {
  private final ColumnType type;

  private ColumnTypeName(ColumnType type, SqlParserPos position) {
    super(new SqlIdentifier(type.toString(), position), position);
    this.type = type;
  }

  /** {@code CAST(node AS type)}, at the position of {@code node}. */
  static SqlNode cast(SqlNode node, ColumnType type) {
    SqlParserPos position = node.getParserPosition();
    SqlDataTypeSpec spec = new SqlDataTypeSpec(new ColumnTypeName(type, position), position);
    return SqlStdOperatorTable.CAST.createCall(position, node, spec);
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
