package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** EXPLAIN [ANALYZE]. */
public final class ExplainNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("EXPLAIN");

  private final boolean analyze;
  private final SqlNode statement;

  public ExplainNode(SqlParserPos position, boolean analyze, SqlNode statement) {
    super(position);
    this.analyze = analyze;
    this.statement = statement;
  }

  /** Whether the statement is run and measured. */
  public boolean isAnalyze() {
    return analyze;
  }

  public SqlNode statement() {
    return statement;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(statement);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(analyze ? "EXPLAIN ANALYZE" : "EXPLAIN");
    statement.unparse(writer, 0, 0);
  }
}
