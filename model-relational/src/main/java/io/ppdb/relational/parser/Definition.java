package io.ppdb.relational.parser;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
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
  /** What statements name. */
  enum Kind {
    TABLE("table"),
    INDEX("index"),
    VIEW("view"),
    MATERIALIZED_VIEW("materialized view"),
    SEQUENCE("sequence"),
    SCHEMA("schema"),
    COLUMN("column"),
    CONSTRAINT("constraint");

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

  /**
   * An element of an index's key.
   *
   * @param name the column; null for an expression
   * @param expression where the text of the expression is; null for a column
   */
  record IndexColumn(
      @Nullable SqlIdentifier name,
      @Nullable TextSpan expression,
      SqlParserPos position,
      boolean descending) {
    /** A column, ascending. */
    public static IndexColumn of(SqlIdentifier name) {
      return new IndexColumn(name, null, name.getParserPosition(), false);
    }
  }

  /**
   * CREATE INDEX.
   *
   * @param constraint whether it is what ADD CONSTRAINT … UNIQUE makes
   * @param name null if the statement leaves it to be made from table and columns
   * @param includedList what INCLUDE says; null for nothing
   * @param nullsDistinct whether NULLs are no equals in a unique index
   * @param predicate where the text of the condition after WHERE is; null if there is none
   */
  record CreateIndex(
      SqlParserPos position,
      boolean unique,
      boolean constraint,
      boolean ifNotExists,
      @Nullable SqlIdentifier name,
      SqlIdentifier table,
      List<IndexColumn> columns,
      @Nullable SqlNodeList includedList,
      boolean nullsDistinct,
      @Nullable TextSpan predicate)
      implements Definition {
    public List<SqlIdentifier> included() {
      return includedList == null ? List.of() : identifiers(includedList);
    }
  }

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

  /**
   * CREATE MATERIALIZED VIEW.
   *
   * @param columnList names of the columns; null if they are those of the query
   * @param query where the text of the query is
   * @param withData whether it gets the rows of the query
   */
  record CreateMaterializedView(
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

  /** REFRESH MATERIALIZED VIEW. */
  record RefreshMaterializedView(SqlIdentifier name, boolean concurrently, boolean withData)
      implements Definition {}

  /** CREATE SCHEMA. */
  record CreateSchema(SqlIdentifier name, boolean ifNotExists) implements Definition {}

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

  /**
   * COMMENT ON.
   *
   * @param relation the table that a constraint belongs to; null for what is no constraint
   * @param text null if there is to be no comment
   */
  record Comment(
      Kind kind, SqlIdentifier name, @Nullable SqlIdentifier relation, @Nullable String text)
      implements Definition {}

  /** ALTER VIEW or SEQUENCE … RENAME TO. */
  record Rename(Kind kind, SqlIdentifier name, boolean ifExists, SqlIdentifier newName)
      implements Definition {}

  /** TRUNCATE. */
  record Truncate(List<SqlIdentifier> tables, boolean restartIdentity, boolean cascade)
      implements Definition {}

  /** DROP. */
  record Drop(Kind kind, boolean ifExists, List<SqlIdentifier> names, boolean cascade)
      implements Definition {}

  /** Of roles, owners or grants. */
  record Access(AccessStatement statement) implements Definition {}

  /** Fails if an index cannot be stored by {@code method}. */
  static void requireIndexMethod(SqlIdentifier method) {
    if (!method.getSimple().equals("btree")) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "access method \""
              + method.getSimple()
              + "\" is not supported: indexes are ordered, as btree is"
              + at(method.getParserPosition()));
    }
  }

  /** Fails if an element of an index has NULLs in an order that it cannot have. */
  static void requireNullsOrder(boolean descending, boolean first, SqlParserPos position) {
    if (descending != first) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "an index has NULLs last in ascending and first in descending order" + at(position));
    }
  }

  private static String at(SqlParserPos position) {
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  /** A list of names as such. */
  static List<SqlIdentifier> identifiers(SqlNodeList list) {
    List<SqlIdentifier> identifiers = new ArrayList<>();
    for (SqlNode node : list) {
      identifiers.add((SqlIdentifier) node);
    }
    return identifiers;
  }
}
