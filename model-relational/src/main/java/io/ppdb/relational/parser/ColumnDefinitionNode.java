package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A column of CREATE TABLE; the parser completes it constraint by constraint. */
public final class ColumnDefinitionNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("COLUMN");

  private final SqlIdentifier name;
  private final SqlDataTypeSpec type;
  private boolean notNull;
  private @Nullable SqlNode defaultValue;

  public ColumnDefinitionNode(SqlParserPos position, SqlIdentifier name, SqlDataTypeSpec type) {
    super(position);
    this.name = name;
    this.type = type;
  }

  public SqlIdentifier name() {
    return name;
  }

  public SqlDataTypeSpec type() {
    return type;
  }

  public boolean isNotNull() {
    return notNull;
  }

  public void setNotNull() {
    notNull = true;
  }

  /** The expression of DEFAULT, or null if there is none. */
  public @Nullable SqlNode defaultValue() {
    return defaultValue;
  }

  public void setDefault(SqlNode expression) {
    defaultValue = expression;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return defaultValue == null ? List.of(name, type) : List.of(name, type, defaultValue);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    name.unparse(writer, 0, 0);
    type.unparse(writer, 0, 0);
    if (defaultValue != null) {
      writer.keyword("DEFAULT");
      defaultValue.unparse(writer, 0, 0);
    }
    if (notNull) {
      writer.keyword("NOT NULL");
    }
  }
}
