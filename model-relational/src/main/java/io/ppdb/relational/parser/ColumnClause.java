package io.ppdb.relational.parser;

import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** A column as a statement defines it; the parser completes it constraint by constraint. */
public final class ColumnClause {
  private final SqlIdentifier name;
  private final SqlDataTypeSpec type;
  private boolean notNull;
  private @Nullable TextSpan defaultValue;
  private Generation generation = Generation.NONE;
  private SequenceClause sequence = new SequenceClause();

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

  /** Where the expression of DEFAULT, or of a computed column, is; null if there is none. */
  public @Nullable TextSpan defaultValue() {
    return defaultValue;
  }

  public Generation generation() {
    return generation;
  }

  /** The options of the sequence of an identity column. */
  public SequenceClause sequence() {
    return sequence;
  }

  /** Makes it an identity column. */
  public void setIdentity(boolean always, SequenceClause options) {
    generation = always ? Generation.ALWAYS_IDENTITY : Generation.DEFAULT_IDENTITY;
    sequence = options;
  }

  /** Makes it a column that is computed from others. */
  public void setStored(TextSpan expression) {
    generation = Generation.STORED;
    defaultValue = expression;
  }

  public void setDefault(TextSpan expression) {
    defaultValue = expression;
  }
}
