package io.ppdb.relational.parser;

import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** A column as a statement defines it; the parser completes it constraint by constraint. */
public final class ColumnClause {
  private final SqlIdentifier name;
  private final SqlDataTypeSpec type;
  private boolean notNull;
  private @Nullable TextSpan defaultValue;

  public ColumnClause(SqlIdentifier name, SqlDataTypeSpec type) {
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

  /** Where the expression of DEFAULT is, or null. */
  public @Nullable TextSpan defaultValue() {
    return defaultValue;
  }

  public void setDefault(TextSpan expression) {
    defaultValue = expression;
  }
}
