package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** ANALYZE: a look at the rows of tables, for the planner. */
public final class AnalyzeNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("ANALYZE");

  private final List<Target> targets;

  /**
   * A table to look at.
   *
   * @param columns the columns to look at; null for all
   */
  public record Target(SqlIdentifier table, @Nullable SqlNodeList columns) {}

  public AnalyzeNode(SqlParserPos position, List<Target> targets) {
    super(position);
    this.targets = List.copyOf(targets);
  }

  /** The tables to look at; empty for all. */
  public List<Target> targets() {
    return targets;
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
    writer.keyword("ANALYZE");
    for (Target target : targets) {
      writer.sep(",", false);
      target.table.unparse(writer, 0, 0);
      if (target.columns != null) {
        target.columns.unparse(writer, 0, 0);
      }
    }
  }
}
