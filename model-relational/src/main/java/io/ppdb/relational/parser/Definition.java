package io.ppdb.relational.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A statement that changes the catalog. Planning changes trees in place, and a statement may run
 * several times, so that expressions and queries are kept as their places in its text.
 */
public sealed interface Definition {
  /** What can be dropped. */
  enum Kind {
    TABLE("table"),
    INDEX("index"),
    VIEW("view"),
    SEQUENCE("sequence");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** What messages call it. */
    public String word() {
      return word;
    }
  }

  /**
   * CREATE TABLE.
   *
   * @param options what WITH says, in its order; of an option given twice the last value
   */
  record CreateTable(
      SqlIdentifier name,
      boolean ifNotExists,
      List<ColumnClause> columns,
      List<ConstraintClause> constraints,
      Map<String, String> options)
      implements Definition {}

  /**
   * CREATE TABLE … AS.
   *
   * @param columnList names of the columns; null if they are those of the query
   * @param query where the text of the query is
   * @param withData whether the table gets the rows of the query
   */
  record CreateTableAs(
      SqlIdentifier name,
      boolean ifNotExists,
      @Nullable SqlNodeList columnList,
      TextSpan query,
      boolean withData)
      implements Definition {
    public List<SqlIdentifier> columns() {
      return columnList == null ? List.of() : identifiers(columnList);
    }
  }

  /** A column of an index and its direction. */
  record IndexColumn(SqlIdentifier name, boolean descending) {}

  /**
   * CREATE INDEX.
   *
   * @param constraint whether it is what ADD CONSTRAINT … UNIQUE makes
   * @param name null if the statement leaves it to be made from table and columns
   */
  record CreateIndex(
      SqlParserPos position,
      boolean unique,
      boolean constraint,
      boolean ifNotExists,
      @Nullable SqlIdentifier name,
      SqlIdentifier table,
      List<IndexColumn> columns)
      implements Definition {}

  /**
   * CREATE VIEW.
   *
   * @param columnList names of the columns; null if they are those of the query
   * @param query where the text of the query is
   */
  record CreateView(
      SqlIdentifier name,
      boolean replace,
      boolean ifNotExists,
      @Nullable SqlNodeList columnList,
      TextSpan query)
      implements Definition {
    public List<SqlIdentifier> columns() {
      return columnList == null ? List.of() : identifiers(columnList);
    }
  }

  /** CREATE SEQUENCE. */
  record CreateSequence(SqlIdentifier name, boolean ifNotExists, SequenceClause options)
      implements Definition {}

  /** ALTER SEQUENCE. */
  record AlterSequence(SqlIdentifier name, boolean ifExists, SequenceClause options)
      implements Definition {}

  /** ALTER TABLE. */
  record AlterTable(SqlIdentifier name, boolean ifExists, List<AlterAction> actions)
      implements Definition {}

  /** ALTER INDEX … RENAME TO. */
  record RenameIndex(SqlIdentifier name, boolean ifExists, SqlIdentifier newName)
      implements Definition {}

  /** TRUNCATE. */
  record Truncate(List<SqlIdentifier> tables, boolean restartIdentity, boolean cascade)
      implements Definition {}

  /** DROP. */
  record Drop(Kind kind, boolean ifExists, List<SqlIdentifier> names, boolean cascade)
      implements Definition {}

  /** A list of names as such. */
  static List<SqlIdentifier> identifiers(SqlNodeList list) {
    List<SqlIdentifier> identifiers = new ArrayList<>();
    for (SqlNode node : list) {
      identifiers.add((SqlIdentifier) node);
    }
    return identifiers;
  }
}
