package io.ppdb.relational.parser;

import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** INSERT, with what OVERRIDING says of identity columns. */
public final class InsertNode extends SqlInsert {
  private final Overriding overriding;

  /** Whose values identity columns get. */
  public enum Overriding {
    /** What the columns say. */
    NONE,
    /** The statement's, also where they are generated always. */
    SYSTEM_VALUE,
    /** The sequence's, whatever the statement gives. */
    USER_VALUE
  }

  public InsertNode(
      SqlParserPos position,
      SqlNode table,
      SqlNode source,
      @Nullable SqlNodeList columns,
      Overriding overriding) {
    super(position, SqlNodeList.EMPTY, table, source, columns);
    this.overriding = overriding;
  }

  public Overriding overriding() {
    return overriding;
  }

  /** What an INSERT says. */
  public static Overriding overriding(SqlInsert insert) {
    return insert instanceof InsertNode node ? node.overriding : Overriding.NONE;
  }
}
