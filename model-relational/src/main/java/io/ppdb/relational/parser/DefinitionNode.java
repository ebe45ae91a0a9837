package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A {@link Definition} where Calcite wants a node. It never looks into it. */
public final class DefinitionNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("DEFINITION");

  private final Definition definition;

  public DefinitionNode(SqlParserPos position, Definition definition) {
    super(position);
    this.definition = definition;
  }

  public Definition definition() {
    return definition;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(definition.getClass().getSimpleName());
  }
}
