package io.ppdb.relational;

import io.ppdb.relational.parser.StatementParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
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

  /** {@code node} with all that is below it, anew: planning changes trees in place. */
  static SqlNode copy(SqlNode node) {
    return Objects.requireNonNull(
        node.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlIdentifier name) {
                return name.clone(name.getParserPosition());
              }

              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                CallCopyingArgHandler handler = new CallCopyingArgHandler(call, true);
                call.getOperator().acceptCall(this, call, false, handler);
                return handler.result();
              }
            }));
  }

  /** Where a node stands, for messages. */
  static String at(SqlNode node) {
    SqlParserPos position = node.getParserPosition();
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }

  /** The numbers of the parameters below {@code node}, in the order the planner tells types in. */
  static List<Integer> parameters(SqlNode node) {
    List<Integer> indexes = new ArrayList<>();
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            indexes.add(parameter.getIndex());
            return null;
          }
        });
    return indexes;
  }
}
