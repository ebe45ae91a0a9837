package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** What ALTER TABLE does. */
public sealed interface AlterAction {
  /** ADD COLUMN; {@code constraints} are those that stood at the column. */
  record AddColumn(ColumnClause column, List<ConstraintClause> constraints, boolean ifNotExists)
      implements AlterAction {}

  /** DROP COLUMN. */
  record DropColumn(SqlIdentifier column, boolean ifExists, boolean cascade)
      implements AlterAction {}

  /**
   * ALTER COLUMN … TYPE.
   *
   * @param using where the expression after USING is; null if there is none
   */
  record SetType(SqlIdentifier column, SqlDataTypeSpec type, @Nullable TextSpan using)
      implements AlterAction {}

  /** ALTER COLUMN … SET DEFAULT. */
  record SetDefault(SqlIdentifier column, TextSpan expression) implements AlterAction {}

  /** ALTER COLUMN … DROP DEFAULT. */
  record DropDefault(SqlIdentifier column) implements AlterAction {}

  /** ALTER COLUMN … SET NOT NULL. */
  record SetNotNull(SqlIdentifier column) implements AlterAction {}

  /** ALTER COLUMN … DROP NOT NULL. */
  record DropNotNull(SqlIdentifier column) implements AlterAction {}

  /** ADD CONSTRAINT. */
  record AddConstraint(ConstraintClause constraint) implements AlterAction {}

  /** DROP CONSTRAINT. */
  record DropConstraint(SqlIdentifier name, boolean ifExists, boolean cascade)
      implements AlterAction {}

  /** RENAME TO. */
  record RenameTable(SqlIdentifier newName) implements AlterAction {}

  /** RENAME COLUMN. */
  record RenameColumn(SqlIdentifier name, SqlIdentifier newName) implements AlterAction {}

  /** RENAME CONSTRAINT. */
  record RenameConstraint(SqlIdentifier name, SqlIdentifier newName) implements AlterAction {}
}
