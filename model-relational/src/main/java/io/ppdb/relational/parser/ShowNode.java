package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SHOW of a setting. */
public final class ShowNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("SHOW");

  private final SqlIdentifier name;

  public ShowNode(SqlParserPos position, SqlIdentifier name) {
    super(position);
    this.name = name;
  }

  /** The setting, parts joined by dots. */
  public String name() {
    return String.join(".", name.names);
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("SHOW");
    name.unparse(writer, 0, 0);
  }
}
