package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.ColumnClause;
import io.ppdb.relational.parser.TextSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ADD COLUMN. No row is touched: those that are there lack the column, and get the value of its
 * default now when they are read. Used for one statement.
 */
final class AddColumn {
  private final Change change;

  AddColumn(Change change) {
    this.change = change;
  }

  TableDefinition apply(TableDefinition table, AlterAction.AddColumn add) {
    ColumnClause clause = add.column();
    String name = clause.name().getSimple();
    if (table.columnIndex(name) >= 0) {
      if (add.ifNotExists()) {
        return table;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_COLUMN,
          "column \""
              + name
              + "\" of relation \""
              + table.name()
              + "\" already exists"
              + Change.at(clause.name()));
    }
    if (!table.kind().equals(TableDefinition.ROW_KIND)) {
      throw notSupported("a column of a table of kind " + table.kind(), clause);
    }
    if (!add.constraints().isEmpty()) {
      throw notSupported("a column with a constraint; add it by a statement of its own", clause);
    }
    ColumnStatements columns =
        new ColumnStatements(change, table.schema(), table.name(), table.id());
    ColumnDefinition column = columns.column(clause);
    TextSpan text = clause.defaultValue();
    if (column.generation() != Generation.NONE
        || (text == null && column.defaultExpression() != null)) {
      throw notSupported("a column whose values are generated", clause);
    }
    String missing = text == null ? null : value(text, column, clause);
    if (missing == null && !column.nullable()) {
      throw notSupported("a column that is NOT NULL and has no default", clause);
    }
    return table.withAddedColumn(column.withMissing(missing));
  }

  /** The value of the default as text, which is the same for all rows. */
  private @Nullable String value(TextSpan text, ColumnDefinition column, ColumnClause clause) {
    if (!change.planner().isTheSameForAllRows(change.view(), change.expression(text))) {
      throw notSupported("a column whose default differs from row to row", clause);
    }
    String query =
        "SELECT CAST(CAST((" + text.in(change.sql()) + ") AS " + column.type() + ") AS TEXT)";
    List<@Nullable Object> row = change.planner().firstRow(change.view(), query);
    Object value = row == null ? null : row.get(0);
    return value == null ? null : value.toString();
  }

  private static PpdbException notSupported(String what, ColumnClause clause) {
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED, "ADD COLUMN of " + what + Change.at(clause.name()));
  }
}
