package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewAccess;
import io.ppdb.relational.constraint.Constraints;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * The table that a statement writes.
 *
 * @param name what the statement calls it
 */
record WriteTarget(TableAccess access, String name) {
  /** What an UPDATE assigns: columns by ordinal, and for each its value in the column's type. */
  record Assignments(List<Integer> ordinals, List<SqlNode> values) {}

  /** The target called {@code node}, which is written through its constraints. */
  static WriteTarget find(
      SqlNode node, @Nullable SqlIdentifier alias, CatalogView catalog, Constraints constraints) {
    List<String> names = ((SqlIdentifier) node).names;
    String name = names.get(names.size() - 1);
    TableAccess table = catalog.table(names);
    if (table == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_TABLE,
          "relation \"" + String.join(".", names) + "\" does not exist" + SqlTrees.at(node));
    }
    if (table instanceof ViewAccess) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "cannot write to view \"" + name + "\": a view has no rows" + SqlTrees.at(node));
    }
    if (MaterializedView.is(table.table())) {
      throw new PpdbException(
          ErrorCode.WRONG_OBJECT_TYPE,
          "cannot change materialized view \"" + name + "\"" + SqlTrees.at(node));
    }
    return new WriteTarget(
        constraints.guard(table, catalog), alias == null ? name : alias.getSimple());
  }

  TableDefinition table() {
    return access.table();
  }

  /** The names of some of its columns. */
  List<String> columnNames(List<Integer> ordinals) {
    return ordinals.stream().map(ordinal -> table().column(ordinal).name()).toList();
  }

  /** The names of columns that a statement has; fails if one is none of the target's. */
  List<String> columnNames(SqlNodeList columns) {
    return columns.stream()
        .map(column -> table().column(ordinal((SqlIdentifier) column)).name())
        .toList();
  }

  /** What a query calls it that has to find its rows again. */
  List<String> names() {
    return List.of(QueryPlanner.TARGET_SCHEMA, table().schema(), table().name());
  }

  /** The ordinal of the column called {@code column}. */
  int ordinal(SqlIdentifier column) {
    String simple = column.names.get(column.names.size() - 1);
    int ordinal = table().columnIndex(simple);
    if (ordinal < 0) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \""
              + simple
              + "\" of relation \""
              + table().name()
              + "\" does not exist"
              + SqlTrees.at(column));
    }
    return ordinal;
  }

  /** What SET says, with defaults in their places. */
  Assignments assignments(SqlNodeList columns, SqlNodeList values, StatementParser parser) {
    List<Integer> ordinals = new ArrayList<>();
    List<SqlNode> cast = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      SqlIdentifier name = (SqlIdentifier) columns.get(i);
      int ordinal = ordinal(name);
      if (ordinals.contains(ordinal)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "multiple assignments to column \"" + name + "\"" + SqlTrees.at(name));
      }
      ordinals.add(ordinal);
      ColumnDefinition column = table().column(ordinal);
      SqlNode value = values.get(i);
      if (!column.isAssignable() && column.generation() != ColumnDefinition.Generation.NONE) {
        GeneratedColumns.requireDefault(value, column, "can only be updated to DEFAULT");
      }
      if (value.getKind() == SqlKind.DEFAULT) {
        value = defaultExpression(column, parser);
      }
      cast.add(QueryPlanner.assignment(value, RowChecks.writeType(column.type()), column));
    }
    GeneratedColumns.addAssignments(this, ordinals, cast, parser);
    return new Assignments(ordinals, cast);
  }

  static SqlNode defaultExpression(ColumnDefinition column, StatementParser parser) {
    return column.defaultExpression() == null || column.isStored()
        ? SqlLiteral.createNull(SqlParserPos.ZERO)
        : parser.parseExpression(column.defaultExpression());
  }
}
