package io.ppdb.relational.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A MERGE: what to do with rows of a target beside those of a source. */
public final class MergeNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("MERGE");
  private static final SqlOperator CLAUSE = StatementOperators.special("WHEN");

  private final SqlIdentifier target;
  private final @Nullable SqlIdentifier alias;
  private final SqlNode source;
  private final SqlNode condition;
  private final SqlNodeList clauses;

  /** What a clause does with a row. */
  public enum Action {
    INSERT,
    UPDATE,
    DELETE,
    NOTHING
  }

  public MergeNode(
      SqlParserPos position,
      SqlIdentifier target,
      @Nullable SqlIdentifier alias,
      SqlNode source,
      SqlNode condition,
      SqlNodeList clauses) {
    super(position);
    this.target = target;
    this.alias = alias;
    this.source = source;
    this.condition = condition;
    this.clauses = clauses;
  }

  /** One {@code WHEN [NOT] MATCHED [AND condition] THEN action}. */
  public static final class Clause extends SqlCall {
    private final boolean matched;
    private final @Nullable SqlNode condition;
    private final Action action;
    private final SqlNodeList columns;
    private final SqlNodeList values;

    /**
     * A clause.
     *
     * @param columns of an INSERT or UPDATE; none in an INSERT means all
     * @param values of an INSERT or UPDATE; none in an INSERT means defaults
     */
    public Clause(
        SqlParserPos position,
        boolean matched,
        @Nullable SqlNode condition,
        Action action,
        SqlNodeList columns,
        SqlNodeList values) {
      super(position);
      this.matched = matched;
      this.condition = condition;
      this.action = action;
      this.columns = columns;
      this.values = values;
    }

    /** Whether it is about rows of the source beside which there is one of the target. */
    public boolean isMatched() {
      return matched;
    }

    public @Nullable SqlNode condition() {
      return condition;
    }

    public Action action() {
      return action;
    }

    public SqlNodeList columns() {
      return columns;
    }

    public SqlNodeList values() {
      return values;
    }

    @Override
    public SqlOperator getOperator() {
      return CLAUSE;
    }

    @Override
    public List<SqlNode> getOperandList() {
      List<SqlNode> operands = new ArrayList<>();
      if (condition != null) {
        operands.add(condition);
      }
      operands.add(columns);
      operands.add(values);
      return operands;
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
      writer.keyword(matched ? "WHEN MATCHED" : "WHEN NOT MATCHED");
      if (condition != null) {
        writer.keyword("AND");
        condition.unparse(writer, 0, 0);
      }
      writer.keyword("THEN " + action);
      WriteNode.unparseList(writer, columns);
      WriteNode.unparseList(writer, values);
    }
  }

  public SqlIdentifier target() {
    return target;
  }

  public @Nullable SqlIdentifier alias() {
    return alias;
  }

  public SqlNode source() {
    return source;
  }

  public SqlNode condition() {
    return condition;
  }

  public List<Clause> clauses() {
    return clauses.stream().map(Clause.class::cast).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(target, source, condition, clauses);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("MERGE INTO");
    target.unparse(writer, 0, 0);
    writer.keyword("USING");
    source.unparse(writer, 0, 0);
    writer.keyword("ON");
    condition.unparse(writer, 0, 0);
    clauses.forEach(clause -> clause.unparse(writer, 0, 0));
  }
}
