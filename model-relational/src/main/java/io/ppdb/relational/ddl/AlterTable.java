package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.TextSpan;
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
  private final TableRewrite rewrite;

  AlterTable(Change change, TableRewrite rewrite) {
    this.change = change;
    this.rewrite = rewrite;
  }

  /** {@code table} after {@code action}; stored by the caller. */
  TableDefinition apply(TableDefinition table, AlterAction action) {
    if (action instanceof AlterAction.AddColumn add) {
      return new AddColumn(change, rewrite).apply(table, add);
    }
    if (action instanceof AlterAction.DropColumn drop) {
      return new DropColumn(change, rewrite).apply(table, drop);
    }
    if (action instanceof AlterAction.SetType set) {
      return new AlterType(change, rewrite).apply(table, set);
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
      return new AlterConstraints(change, rewrite).drop(table, drop);
    }
    if (action instanceof AlterAction.RenameTable rename) {
      change.permissions().requireCreate(table.schema());
      return renameTable(table, rename.newName());
    }
    if (action instanceof AlterAction.RenameColumn rename) {
      return renameColumn(table, rename);
    }
    if (action instanceof AlterAction.RenameConstraint rename) {
      return new AlterConstraints(change, rewrite).rename(table, rename);
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
    return table.withColumn(ordinal, column.withDefault(qualified));
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
    return table.withColumn(ordinal, column.withNullable(true));
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
    return changed.withColumn(ordinal, column.withName(newName));
  }

  /** {@code table} with other texts of its checks, computed columns and indexes. */
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
    return table
        .withColumns(columns)
        .withConstraints(table.constraints().withChecks(checks))
        .withIndexes(index -> mapExpressions(index, mapping));
  }

  private static IndexDefinition mapExpressions(
      IndexDefinition index, UnaryOperator<String> mapping) {
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (IndexDefinition.Column column : index.columns()) {
      IndexExpression expression = column.expression();
      columns.add(
          expression == null
              ? column
              : new IndexDefinition.Column(
                  new IndexExpression(mapping.apply(expression.text()), expression.type()),
                  column.descending()));
    }
    String predicate = index.predicate();
    return index.with(columns, predicate == null ? null : mapping.apply(predicate));
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
}
