package io.ppdb.relational.parser;

import io.ppdb.relational.type.ColumnType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** The type name {@code interval}: every qualifier means the same type, as in PostgreSQL. */
public final class IntervalTypeName extends SqlTypeNameSpec {
  public IntervalTypeName(SqlParserPos position) {
    super(new SqlIdentifier("INTERVAL", position), position);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator) {
    return ColumnType.INTERVAL.toCalcite(validator.getTypeFactory(), true);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("INTERVAL");
  }

  @Override
  public boolean equalsDeep(SqlTypeNameSpec spec, Litmus litmus) {
    return spec instanceof IntervalTypeName ? litmus.succeed() : litmus.fail("not an interval");
  }
}
