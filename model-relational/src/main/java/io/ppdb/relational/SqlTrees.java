package io.ppdb.relational;

import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Small trees of which statements are rewritten into queries, and what such trees have. */
final class SqlTrees {
  private SqlTrees() {}

  static SqlIdentifier identifier(String... names) {
    return new SqlIdentifier(Arrays.asList(names), SqlParserPos.ZERO);
  }

  static SqlNode alias(SqlNode node, SqlIdentifier name) {
    return SqlStdOperatorTable.AS.createCall(node.getParserPosition(), node, name);
  }

  static SqlSelect select(
      SqlParserPos position, SqlNodeList list, SqlNode from, @Nullable SqlNode where) {
    return new SqlSelect(
        position, null, list, from, where, null, null, null, null, null, null, null, null);
  }

  /** {@code query} after WITH, or as it is if there are no {@code tables}. */
  static SqlNode with(@Nullable SqlNodeList tables, SqlNode query) {
    if (tables == null) {
      return query;
    }
    SqlNodeList copy = (SqlNodeList) SyntaxTrees.copy(tables);
    if (query instanceof SqlOrderBy orderBy) {
      return new SqlOrderBy(
          orderBy.getParserPosition(),
          new SqlWith(tables.getParserPosition(), copy, orderBy.query),
          orderBy.orderList,
          orderBy.offset,
          orderBy.fetch);
    }
    return new SqlWith(tables.getParserPosition(), copy, query);
  }

  /** Where a node stands, for messages. */
  static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  /** The numbers of the parameters below {@code node}, ascending, as the planner tells types. */
  static List<Integer> parameters(SqlNode node) {
    Set<Integer> indexes = new TreeSet<>();
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            indexes.add(parameter.getIndex());
            return null;
          }
        });
    return List.copyOf(indexes);
  }
}
