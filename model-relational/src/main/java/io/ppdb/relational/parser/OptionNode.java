package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** One {@code name = literal} of CREATE TABLE … WITH. */
public final class OptionNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("OPTION");

  private final SqlIdentifier name;
  private final SqlNode value;

  public OptionNode(SqlParserPos position, SqlIdentifier name, SqlNode value) {
    super(position);
    this.name = name;
    this.value = value;
  }

  public String name() {
    return name.getSimple();
  }

  /** The value as text, without quotes. */
  public String value() {
    String text = value instanceof SqlLiteral literal ? literal.toValue() : null;
    return text == null ? value.toString() : text;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, value);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    name.unparse(writer, 0, 0);
    writer.keyword("=");
    value.unparse(writer, 0, 0);
  }
}
