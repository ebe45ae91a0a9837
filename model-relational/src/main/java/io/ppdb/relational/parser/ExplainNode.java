package io.ppdb.relational.parser;

import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** EXPLAIN with its options. */
public final class ExplainNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("EXPLAIN");

  private final ExplainOptions options;
  private final SqlNode statement;

  /**
   * A statement.
   *
   * @param options by their names in lower case; null for those without a value
   */
  public ExplainNode(
      SqlParserPos position, Map<String, @Nullable SqlNode> options, SqlNode statement) {
    super(position);
    this.options = ExplainOptions.of(options);
    this.statement = statement;
  }

  public ExplainOptions options() {
    return options;
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
    writer.keyword(options.analyze() ? "EXPLAIN ANALYZE" : "EXPLAIN");
    statement.unparse(writer, 0, 0);
  }
}
