package io.ppdb.relational.parser;

import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;

/** Operators of nodes that are no expressions: Calcite asks every call for one. */
final class StatementOperators {
  private StatementOperators() {}

  static SqlOperator special(String name) {
    return new SqlSpecialOperator(name, SqlKind.OTHER_DDL);
  }

  static SqlOperator special(String name, SqlKind kind) {
    return new SqlSpecialOperator(name, kind);
  }
}
