package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableConstraints.Reference;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * The actions of ALTER TABLE that change the definition alone: whatever rows there are meet the new
 * one too. Used for one statement.
 */
final class AlterTable {
  private final Change change;

  AlterTable(Change change) {
    this.change = change;
  }

  /** {@code table} after {@code action}; stored by the caller. */
  TableDefinition apply(TableDefinition table, AlterAction action) {
    if (action instanceof AlterAction.AddColumn add) {
      return new AddColumn(change).apply(table, add);
    }
    if (action instanceof AlterAction.SetDefault set) {
      return setDefault(table, set.column(), set.expression());
    }
    if (action instanceof AlterAction.DropDefault drop) {
      return setDefault(table, drop.column(), null);
    }
    if (action instanceof AlterAction.DropNotNull drop) {
      return dropNotNull(table, drop.column());
    }
    if (action instanceof AlterAction.DropConstraint drop) {
      return dropConstraint(table, drop);
    }
    if (action instanceof AlterAction.RenameTable rename) {
      return renameTable(table, rename.newName());
    }
    if (action instanceof AlterAction.RenameColumn rename) {
      return renameColumn(table, rename);
    }
    if (action instanceof AlterAction.RenameConstraint rename) {
      return renameConstraint(table, rename);
    }
    throw new IllegalStateException("unknown action " + action);
  }

  private TableDefinition setDefault(
      TableDefinition table, SqlIdentifier name, @Nullable TextSpan text) {
    int ordinal = Names.ordinal(table, name);
    ColumnDefinition column = table.column(ordinal);
    if (column.generation() != Generation.NONE) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "column \""
              + column.name()
              + "\" of relation \""
              + table.name()
              + "\" is generated"
              + Change.at(name));
    }
    String qualified = null;
    if (text != null) {
      change.planner().checkExpression(change.view(), change.expression(text), column.type());
      qualified = SequenceNames.qualified(text.in(change.sql()), change);
    }
    return with(table, ordinal, column.withDefault(qualified));
  }

  private static TableDefinition with(TableDefinition table, int ordinal, ColumnDefinition column) {
    List<ColumnDefinition> columns = new ArrayList<>(table.columns());
    columns.set(ordinal, column);
    return table.withColumns(columns);
  }

  private static TableDefinition dropNotNull(TableDefinition table, SqlIdentifier name) {
    int ordinal = Names.ordinal(table, name);
    if (table.primaryKey().contains(ordinal)) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "column \"" + name.getSimple() + "\" is in a primary key" + Change.at(name));
    }
    ColumnDefinition column = table.column(ordinal);
    if (column.generation() == Generation.ALWAYS_IDENTITY
        || column.generation() == Generation.DEFAULT_IDENTITY) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "column \"" + column.name() + "\" is an identity column" + Change.at(name));
    }
    return with(table, ordinal, column.withNullable(true));
  }

  private TableDefinition dropConstraint(TableDefinition table, AlterAction.DropConstraint drop) {
    String name = drop.name().getSimple();
    List<CheckDefinition> checks = new ArrayList<>(table.constraints().checks());
    if (checks.removeIf(check -> check.name().equals(name))) {
      return table.withConstraints(table.constraints().withChecks(checks));
    }
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      if (key.name().equals(name)) {
        return new ForeignKeyStatements(change).drop(table, key);
      }
    }
    IndexDefinition index = table.index(name);
    if (index != null && index.constraint()) {
      return dropUnique(table, index, drop.cascade());
    }
    if (table.hasPrimaryKey() && table.primaryKeyName().equals(name)) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "the primary key of a table cannot be dropped: its rows lie under it"
              + Change.at(drop.name()));
    }
    if (drop.ifExists()) {
      return table;
    }
    throw undefinedConstraint(table, drop.name());
  }

  private static PpdbException undefinedConstraint(TableDefinition table, SqlIdentifier name) {
    return new PpdbException(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \""
            + name.getSimple()
            + "\" of relation \""
            + table.name()
            + "\" does not exist"
            + Change.at(name));
  }

  private TableDefinition dropUnique(
      TableDefinition table, IndexDefinition index, boolean cascade) {
    TableDefinition current = table;
    for (Reference reference : table.constraints().references()) {
      if (reference.keyNumber() == index.number()) {
        current =
            new ForeignKeyStatements(change).dropReferring(current, reference, index, cascade);
      }
    }
    return change.catalog().dropIndex(change.transaction(), current, index);
  }

  private TableDefinition renameTable(TableDefinition table, SqlIdentifier newName) {
    requireUnread(table, "rename", newName);
    change.requireFree(table.schema(), newName, ErrorCode.DUPLICATE_TABLE);
    change.catalog().freeName(change.transaction(), table);
    String primaryKeyName = table.hasPrimaryKey() ? table.primaryKeyName() : null;
    ExpressionNames names = new ExpressionNames(table.name());
    TableDefinition changed =
        mapExpressions(table, text -> names.renameTable(text, newName.getSimple()));
    return changed
        .withName(newName.getSimple())
        .withConstraints(changed.constraints().withPrimaryKeyName(primaryKeyName));
  }

  private TableDefinition renameColumn(TableDefinition table, AlterAction.RenameColumn rename) {
    int ordinal = Names.ordinal(table, rename.name());
    String newName = rename.newName().getSimple();
    requireUnread(table, "rename a column of", rename.name());
    if (table.columnIndex(newName) >= 0) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_COLUMN,
          "column \""
              + newName
              + "\" of relation \""
              + table.name()
              + "\" already exists"
              + Change.at(rename.newName()));
    }
    String old = rename.name().getSimple();
    ExpressionNames names = new ExpressionNames(table.name());
    TableDefinition changed = mapExpressions(table, text -> names.renameColumn(text, old, newName));
    ColumnDefinition column = changed.column(ordinal);
    change.catalog().renamePart(change.transaction(), table, Part.COLUMN, old, newName);
    return with(changed, ordinal, column.withName(newName));
  }

  /** {@code table} with other texts of its checks and computed columns. */
  private static TableDefinition mapExpressions(
      TableDefinition table, UnaryOperator<String> mapping) {
    List<CheckDefinition> checks = new ArrayList<>();
    for (CheckDefinition check : table.constraints().checks()) {
      checks.add(new CheckDefinition(check.name(), mapping.apply(check.expression())));
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    for (ColumnDefinition column : table.columns()) {
      String text = column.defaultExpression();
      columns.add(
          column.isStored() && text != null ? column.withDefault(mapping.apply(text)) : column);
    }
    return table.withColumns(columns).withConstraints(table.constraints().withChecks(checks));
  }

  /** Fails if a view reads {@code table}: the text of its query has the old names. */
  private void requireUnread(TableDefinition table, String action, SqlIdentifier name) {
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object.dependencies().contains(table.id())) {
        throw new PpdbException(
            ErrorCode.DEPENDENT_OBJECTS,
            "cannot "
                + action
                + " table "
                + table.name()
                + " because "
                + object.kindName()
                + " "
                + object.name()
                + " reads it"
                + Change.at(name));
      }
    }
  }

  private TableDefinition renameIndex(
      TableDefinition table, IndexDefinition index, SqlIdentifier newName) {
    change.requireFree(table.schema(), newName, ErrorCode.DUPLICATE_OBJECT);
    return change.catalog().renameIndex(change.transaction(), table, index, newName.getSimple());
  }

  /** ALTER INDEX … RENAME TO. */
  void renameIndex(Definition.RenameIndex node) {
    SqlIdentifier name = node.name();
    TableAccess access = change.findTableOfIndex(name);
    IndexDefinition index = access == null ? null : access.table().index(Names.simple(name));
    if (access == null || index == null) {
      if (node.ifExists()) {
        return;
      }
      throw change.missing("index", name);
    }
    TableDefinition changed = renameIndex(access.table(), index, node.newName());
    change.catalog().replace(change.transaction(), changed);
  }

  private TableDefinition renameConstraint(
      TableDefinition table, AlterAction.RenameConstraint rename) {
    String old = rename.name().getSimple();
    String newName = rename.newName().getSimple();
    if (ConstraintStatements.names(table).contains(newName)) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT,
          "constraint \""
              + newName
              + "\" for relation \""
              + table.name()
              + "\" already exists"
              + Change.at(rename.newName()));
    }
    IndexDefinition index = table.index(old);
    if (index != null && index.constraint()) {
      return renameIndex(table, index, rename.newName());
    }
    change.catalog().renamePart(change.transaction(), table, Part.CONSTRAINT, old, newName);
    if (table.hasPrimaryKey() && table.primaryKeyName().equals(old)) {
      return table.withConstraints(table.constraints().withPrimaryKeyName(newName));
    }
    List<CheckDefinition> checks = new ArrayList<>(table.constraints().checks());
    checks.replaceAll(
        check ->
            check.name().equals(old) ? new CheckDefinition(newName, check.expression()) : check);
    List<ForeignKeyDefinition> keys = new ArrayList<>(table.constraints().foreignKeys());
    keys.replaceAll(key -> key.name().equals(old) ? key.withName(newName) : key);
    TableDefinition changed =
        table.withConstraints(table.constraints().withChecks(checks).withForeignKeys(keys));
    if (changed.equals(table)) {
      throw undefinedConstraint(table, rename.name());
    }
    return changed;
  }
}
