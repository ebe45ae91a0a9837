package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * One statement's change of the catalog: what it works with, and how it finds what it names.
 *
 * @param sql the text of the statement
 */
record Change(Catalog catalog, QueryPlanner planner, Transaction transaction, String sql) {
  /** The catalog with the changes so far. */
  CatalogView view() {
    return new CatalogView(catalog, transaction);
  }

  /** The table called {@code name}, which must be one. */
  TableDefinition requireTable(SqlIdentifier name) {
    return Names.requireTable(
        catalog.findObject(transaction, Names.schema(name), Names.simple(name)), name);
  }

  /** Fails if the name of a new object is taken. */
  void requireFree(SqlIdentifier name, ErrorCode code) {
    if (catalog.exists(transaction, Names.schema(name), Names.simple(name))) {
      throw new PpdbException(
          code, "relation \"" + Names.simple(name) + "\" already exists" + at(name));
    }
  }

  /** An expression of the statement, parsed anew. */
  SqlNode expression(TextSpan text) {
    return QueryPlanner.parser().parseExpression(text.inPlace(sql));
  }

  /** A query of the statement, parsed anew. */
  SqlNode query(TextSpan text) {
    return QueryPlanner.parser().parse(text.inPlace(sql));
  }

  static String at(SqlNode node) {
    return at(node.getParserPosition());
  }

  static String at(SqlParserPos position) {
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}
