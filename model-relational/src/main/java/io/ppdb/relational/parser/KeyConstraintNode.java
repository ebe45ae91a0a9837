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

/** PRIMARY KEY or UNIQUE of CREATE TABLE, whether it stood at a column or at the table. */
public final class KeyConstraintNode extends SqlCall {
  private static final SqlOperator OPERATOR = StatementOperators.special("KEY");

  private final @Nullable SqlIdentifier name;
  private final boolean primary;
  private final SqlNodeList columns;

  public KeyConstraintNode(
      SqlParserPos position, @Nullable SqlIdentifier name, boolean primary, SqlNodeList columns) {
    super(position);
    this.name = name;
    this.primary = primary;
    this.columns = columns;
  }

  /** The name that CONSTRAINT gives, or null. */
  public @Nullable SqlIdentifier name() {
    return name;
  }

  /** Whether this is the primary key rather than a unique constraint. */
  public boolean isPrimary() {
    return primary;
  }

  public List<SqlIdentifier> columns() {
    List<SqlIdentifier> identifiers = new ArrayList<>();
    for (SqlNode column : columns) {
      identifiers.add((SqlIdentifier) column);
    }
    return identifiers;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(columns);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.keyword(primary ? "PRIMARY KEY" : "UNIQUE");
    columns.unparse(writer, 1, 1);
  }
}
