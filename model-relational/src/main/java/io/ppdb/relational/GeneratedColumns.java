package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.InsertNode;
import io.ppdb.relational.parser.InsertNode.Overriding;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.SyntaxTrees;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * Columns that statements do not give values to: those computed from others become expressions of
 * the query that gives the rows, identities take their default.
 */
final class GeneratedColumns {
  /** The column of values that are not used. */
  static final int IGNORED = -1;

  private static final String SOURCE = "$row";

  private GeneratedColumns() {}

  static boolean anyStored(TableDefinition table) {
    return table.columns().stream().anyMatch(ColumnDefinition::isStored);
  }

  /**
   * The columns that the values of an INSERT are for: {@link #IGNORED} where OVERRIDING USER VALUE
   * makes nothing of them. Fails if a value is given to a column that takes none.
   */
  static int[] givenColumns(SqlInsert insert, int[] columns, TableDefinition table) {
    Overriding overriding = InsertNode.overriding(insert);
    int[] given = columns.clone();
    for (int i = 0; i < columns.length; i++) {
      ColumnDefinition column = table.column(columns[i]);
      boolean isIdentity = !column.isStored() && column.generation() != Generation.NONE;
      if (isIdentity && overriding == Overriding.USER_VALUE) {
        given[i] = IGNORED;
      } else if (!column.isAssignable() && !(isIdentity && overriding == Overriding.SYSTEM_VALUE)) {
        requireDefaults(insert.getSource(), i, column);
      }
    }
    return given;
  }

  private static void requireDefaults(SqlNode source, int place, ColumnDefinition column) {
    String rule = "takes no value but DEFAULT";
    if (source.getKind() != SqlKind.VALUES) {
      requireDefault(source, column, rule);
      return;
    }
    for (SqlNode row : ((SqlCall) source).getOperandList()) {
      List<SqlNode> cells = ((SqlCall) row).getOperandList();
      if (place < cells.size()) {
        requireDefault(cells.get(place), column, rule);
      }
    }
  }

  /** Fails unless {@code value} is DEFAULT. */
  static void requireDefault(SqlNode value, ColumnDefinition column, String rule) {
    if (value.getKind() == SqlKind.DEFAULT) {
      return;
    }
    throw new PpdbException(
        ErrorCode.GENERATED_ALWAYS,
        "column \""
            + column.name()
            + "\" "
            + rule
            + ": it is "
            + (column.isStored() ? "a generated column" : "an identity column, generated always")
            + SqlTrees.at(value));
  }

  /** A query of {@code rows}, which have all columns of the table, with its computed columns. */
  static SqlNode compute(SqlNode rows, TableDefinition table, StatementParser parser) {
    List<SqlNode> alias = new ArrayList<>();
    alias.add(rows);
    alias.add(SqlTrees.identifier(SOURCE));
    SqlNodeList list = new SqlNodeList(SqlParserPos.ZERO);
    for (ColumnDefinition column : table.columns()) {
      alias.add(SqlTrees.identifier(column.name()));
      list.add(
          column.isStored()
              ? cast(rename(expression(column, parser), table), column)
              : SqlTrees.identifier(SOURCE, column.name()));
    }
    SqlNode from = SqlStdOperatorTable.AS.createCall(SqlParserPos.ZERO, alias);
    return SqlTrees.select(rows.getParserPosition(), list, from, null);
  }

  private static SqlNode expression(ColumnDefinition column, StatementParser parser) {
    String text = column.defaultExpression();
    if (text == null) {
      throw new PpdbException(
          ErrorCode.CORRUPTION, "generated column " + column.name() + " has no expression");
    }
    return parser.parseExpression(text);
  }

  private static SqlNode cast(SqlNode node, ColumnDefinition column) {
    return QueryPlanner.assignment(node, RowChecks.writeType(column.type()), column);
  }

  /** Names that are qualified by the table become names of the source. */
  private static SqlNode rename(SqlNode expression, TableDefinition table) {
    return replace(
        expression,
        name -> table.columnIndex(last(name)) < 0 ? name : SqlTrees.identifier(SOURCE, last(name)));
  }

  /**
   * Adds assignments of the computed columns to those of {@code target} that a statement makes:
   * their expressions, over the new values where there are some.
   */
  static void addAssignments(
      WriteTarget target, List<Integer> ordinals, List<SqlNode> values, StatementParser parser) {
    TableDefinition table = target.table();
    for (int ordinal = 0; ordinal < table.columns().size(); ordinal++) {
      ColumnDefinition column = table.column(ordinal);
      if (!column.isStored()) {
        continue;
      }
      SqlNode computed =
          replace(
              expression(column, parser),
              name -> {
                int read = table.columnIndex(last(name));
                int assigned = ordinals.indexOf(read);
                if (assigned >= 0) {
                  return SyntaxTrees.copy(values.get(assigned));
                }
                return read < 0 ? name : SqlTrees.identifier(target.name(), last(name));
              });
      int assigned = ordinals.indexOf(ordinal);
      if (assigned >= 0) {
        values.set(assigned, cast(computed, column));
      } else {
        ordinals.add(ordinal);
        values.add(cast(computed, column));
      }
    }
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  private interface Replacement {
    SqlNode of(SqlIdentifier name);
  }

  private static SqlNode replace(SqlNode expression, Replacement replacement) {
    SqlNode replaced =
        expression.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlIdentifier name) {
                return replacement.of(name);
              }
            });
    return replaced == null ? expression : replaced;
  }
}
