package io.ppdb.relational.parser;

import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A role as a statement names it.
 *
 * @param name of a role that is {@link Kind#NAMED}
 */
public record RoleName(Kind kind, String name, SqlParserPos position) {
  /** What it is named by. */
  public enum Kind {
    NAMED,
    /** CURRENT_USER or CURRENT_ROLE. */
    CURRENT,
    SESSION,
    PUBLIC
  }

  private static final String PUBLIC = "public";

  /** What a statement calls {@code name}: {@code public} is everybody. */
  public static RoleName of(String name, SqlParserPos position) {
    return new RoleName(name.equals(PUBLIC) ? Kind.PUBLIC : Kind.NAMED, name, position);
  }
}
