package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.ColumnClause;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.type.TypeKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ADD COLUMN. A column whose default is the same for all rows touches none of them: those that are
 * there lack it, and get the value of its default now when they are read. Otherwise, and if a
 * constraint comes with it, all rows are written anew. Used for one statement.
 */
final class AddColumn {
  private final Change change;
  private final TableRewrite rewrite;

  AddColumn(Change change, TableRewrite rewrite) {
    this.change = change;
    this.rewrite = rewrite;
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
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "ADD COLUMN of a column of a table of kind " + table.kind() + Change.at(clause.name()));
    }
    ColumnStatements columns =
        new ColumnStatements(change, table.schema(), table.name(), table.id());
    ColumnDefinition column = columns.column(clause);
    String source = column.defaultExpression();
    rewrite.add(source == null ? "NULL" : source);
    String missing = isSame(column, clause) ? value(clause.defaultValue(), column) : null;
    if (!isSame(column, clause) || (missing == null && !column.nullable())) {
      rewrite.require();
    }
    TableDefinition changed = table.withAddedColumn(column.withMissing(missing));
    columns.checkStored(changed, clause);
    if (add.constraints().isEmpty()) {
      return changed;
    }
    rewrite.require();
    changed = change.catalog().replace(change.transaction(), changed);
    return new ConstraintStatements(change).add(changed, add.constraints());
  }

  /**
   * Whether the rows that are there get the same value, NULL if there is no default, which can be
   * kept as text.
   */
  private boolean isSame(ColumnDefinition column, ColumnClause clause) {
    TextSpan text = clause.defaultValue();
    return column.generation() == Generation.NONE
        && (text == null
            ? column.defaultExpression() == null
            : column.type().kind() != TypeKind.ARRAY
                && change.planner().isTheSameForAllRows(change.view(), change.expression(text)));
  }

  /** The value of the default as text. */
  private @Nullable String value(@Nullable TextSpan text, ColumnDefinition column) {
    if (text == null) {
      return null;
    }
    String query =
        "SELECT CAST(CAST((" + text.in(change.sql()) + ") AS " + column.type() + ") AS TEXT)";
    List<@Nullable Object> row = change.planner().firstRow(change.view(), query);
    Object value = row == null ? null : row.get(0);
    return value == null ? null : value.toString();
  }
}
