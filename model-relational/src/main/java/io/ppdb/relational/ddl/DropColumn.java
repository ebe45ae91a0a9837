package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;

/**
 * DROP COLUMN: with it go indexes and constraints that are about it, and, if CASCADE says so, what
 * else depends on it. Rows keep its values unseen, unless it is in the primary key. Used for one
 * statement.
 */
final class DropColumn {
  private final Change change;
  private final TableRewrite rewrite;

  DropColumn(Change change, TableRewrite rewrite) {
    this.change = change;
    this.rewrite = rewrite;
  }

  TableDefinition apply(TableDefinition table, AlterAction.DropColumn drop) {
    SqlIdentifier name = drop.column();
    if (table.columnIndex(name.getSimple()) < 0 && drop.ifExists()) {
      return table;
    }
    int ordinal = Names.ordinal(table, name);
    if (!table.kind().equals(TableDefinition.ROW_KIND)) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "DROP COLUMN of a table of kind " + table.kind() + Change.at(name));
    }
    if (table.columns().size() == 1) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "a table needs at least one column" + Change.at(name));
    }
    TableDefinition current = withoutComputed(table, ordinal, drop);
    ordinal = Names.ordinal(current, name);
    dropViews(current, ordinal, drop);
    current = withoutConstraints(current, ordinal);
    current = withoutKeys(current, ordinal, drop.cascade());
    dropSequence(current, current.column(ordinal));
    rewrite.drop(ordinal);
    return current.withoutColumn(ordinal);
  }

  /** Columns that are computed from it. */
  private TableDefinition withoutComputed(
      TableDefinition table, int ordinal, AlterAction.DropColumn drop) {
    TableDefinition current = table;
    for (ColumnDefinition column : table.columns()) {
      String text = column.defaultExpression();
      if (!column.isStored() || text == null || !reads(table, text, ordinal)) {
        continue;
      }
      if (!drop.cascade()) {
        throw dependent(
            table, drop.column(), "column " + column.name() + " of table " + table.name());
      }
      SqlIdentifier name = new SqlIdentifier(column.name(), drop.column().getParserPosition());
      current = apply(current, new AlterAction.DropColumn(name, false, true));
    }
    return current;
  }

  private void dropViews(TableDefinition table, int ordinal, AlterAction.DropColumn drop) {
    Map<Long, CatalogObject> views = new LinkedHashMap<>();
    for (CatalogObject view : new ViewColumns(change).readers(table, ordinal)) {
      if (!drop.cascade()) {
        throw dependent(table, drop.column(), view.kindName() + " " + view.name());
      }
      views.put(view.id(), view);
    }
    new DropStatements(change).drop(views, true);
  }

  private TableDefinition withoutKeys(TableDefinition table, int ordinal, boolean cascade) {
    TableDefinition current = table;
    if (table.primaryKey().contains(ordinal)) {
      current = new AlterConstraints(change, rewrite).dropPrimaryKey(current, cascade);
    }
    for (IndexDefinition index : table.indexes()) {
      if (concerns(table, index, ordinal)) {
        current = new ForeignKeyStatements(change).dropReferring(current, index.number(), cascade);
        current = change.catalog().dropIndex(change.transaction(), current, index);
      }
    }
    return current;
  }

  private boolean concerns(TableDefinition table, IndexDefinition index, int ordinal) {
    return index.ordinals().contains(ordinal)
        || index.included().contains(ordinal)
        || (index.predicate() != null && reads(table, index.predicate(), ordinal))
        || index.columns().stream()
            .anyMatch(
                column ->
                    column.expression() != null
                        && reads(table, column.expression().text(), ordinal));
  }

  private boolean reads(TableDefinition table, String text, int ordinal) {
    return change.names(table).reads(text, table.column(ordinal).name());
  }

  private TableDefinition withoutConstraints(TableDefinition table, int ordinal) {
    List<CheckDefinition> checks = new ArrayList<>(table.constraints().checks());
    checks.removeIf(check -> reads(table, check.expression(), ordinal));
    TableDefinition current = table.withConstraints(table.constraints().withChecks(checks));
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      if (key.columns().contains(ordinal)) {
        current = new ForeignKeyStatements(change).drop(current, key);
      }
    }
    return current;
  }

  /** The sequence that a column draws from goes with it. */
  private void dropSequence(TableDefinition table, ColumnDefinition column) {
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object instanceof SequenceDefinition sequence
          && sequence.ownerId() == table.id()
          && DropStatements.isDefault(sequence, column)) {
        change.catalog().drop(change.transaction(), sequence);
      }
    }
  }

  private static PpdbException dependent(TableDefinition table, SqlIdentifier column, String user) {
    return new PpdbException(
        ErrorCode.DEPENDENT_OBJECTS,
        "cannot drop column "
            + column.getSimple()
            + " of table "
            + table.name()
            + " because other objects depend on it: "
            + user
            + " depends on it; use DROP ... CASCADE to drop the dependent objects too"
            + Change.at(column));
  }
}
