package io.ppdb.relational.parser;

import io.ppdb.relational.catalog.ForeignKeyDefinition.Action;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A constraint as a statement defines it, whether it stood at a column or at the table. */
public sealed interface ConstraintClause {
  /** The name that CONSTRAINT gives, or null. */
  @Nullable SqlIdentifier name();

  SqlParserPos position();

  /**
   * PRIMARY KEY or UNIQUE.
   *
   * @param includedList what INCLUDE says; null for nothing
   */
  record Key(
      @Nullable SqlIdentifier name,
      SqlParserPos position,
      boolean primary,
      boolean nullsDistinct,
      SqlNodeList columnList,
      @Nullable SqlNodeList includedList)
      implements ConstraintClause {
    public List<SqlIdentifier> columns() {
      return Definition.identifiers(columnList);
    }

    public List<SqlIdentifier> included() {
      return includedList == null ? List.of() : Definition.identifiers(includedList);
    }
  }

  /** CHECK; {@code text} is where its condition is. */
  record Check(@Nullable SqlIdentifier name, SqlParserPos position, TextSpan text)
      implements ConstraintClause {}

  /**
   * FOREIGN KEY or REFERENCES.
   *
   * @param parentColumnList null if the statement leaves it to be the primary key
   */
  record ForeignKey(
      @Nullable SqlIdentifier name,
      SqlParserPos position,
      SqlNodeList columnList,
      SqlIdentifier parent,
      @Nullable SqlNodeList parentColumnList,
      Action onDelete,
      Action onUpdate)
      implements ConstraintClause {
    public List<SqlIdentifier> columns() {
      return Definition.identifiers(columnList);
    }

    public List<SqlIdentifier> parentColumns() {
      return parentColumnList == null ? List.of() : Definition.identifiers(parentColumnList);
    }
  }
}
