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

/** ON CONFLICT: what an INSERT does with a row whose unique key is taken. */
public final class OnConflictNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("ON CONFLICT");

  private final @Nullable SqlNodeList target;
  private final @Nullable SqlNode targetCondition;
  private final @Nullable SqlIdentifier constraint;
  private final @Nullable SqlNodeList columns;
  private final @Nullable SqlNodeList values;
  private final @Nullable SqlNode condition;

  /**
   * ON CONFLICT.
   *
   * @param target columns and expressions of the unique key that is meant; null if not said
   * @param targetCondition on the rows that the key covers; null if not said
   * @param constraint the name of the constraint that is meant; null if not said
   * @param columns what DO UPDATE assigns to; null for DO NOTHING
   * @param values what it assigns, one for each column
   * @param condition which rows it updates; null for all
   */
  public OnConflictNode(
      SqlParserPos position,
      @Nullable SqlNodeList target,
      @Nullable SqlNode targetCondition,
      @Nullable SqlIdentifier constraint,
      @Nullable SqlNodeList columns,
      @Nullable SqlNodeList values,
      @Nullable SqlNode condition) {
    super(position);
    this.target = target;
    this.targetCondition = targetCondition;
    this.constraint = constraint;
    this.columns = columns;
    this.values = values;
    this.condition = condition;
  }

  public @Nullable SqlNodeList target() {
    return target;
  }

  public @Nullable SqlNode targetCondition() {
    return targetCondition;
  }

  public @Nullable SqlIdentifier constraint() {
    return constraint;
  }

  /** The columns that DO UPDATE assigns to; null for DO NOTHING. */
  public @Nullable SqlNodeList columns() {
    return columns;
  }

  public @Nullable SqlNodeList values() {
    return values;
  }

  public @Nullable SqlNode condition() {
    return condition;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode node :
        new SqlNode[] {target, targetCondition, constraint, columns, values, condition}) {
      if (node != null) {
        operands.add(node);
      }
    }
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword("ON CONFLICT");
    if (target != null) {
      WriteNode.unparseList(writer, target);
      if (targetCondition != null) {
        writer.keyword("WHERE");
        targetCondition.unparse(writer, 0, 0);
      }
    } else if (constraint != null) {
      writer.keyword("ON CONSTRAINT");
      constraint.unparse(writer, 0, 0);
    }
    if (columns == null || values == null) {
      writer.keyword("DO NOTHING");
      return;
    }
    writer.keyword("DO UPDATE SET");
    for (int i = 0; i < columns.size(); i++) {
      writer.sep(",", i > 0);
      columns.get(i).unparse(writer, 0, 0);
      writer.keyword("=");
      values.get(i).unparse(writer, 0, 0);
    }
    if (condition != null) {
      writer.keyword("WHERE");
      condition.unparse(writer, 0, 0);
    }
  }
}
