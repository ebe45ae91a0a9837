package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** The actions of ALTER TABLE on constraints that are there. Used for one statement. */
final class AlterConstraints {
  private final Change change;
  private final TableRewrite rewrite;

  AlterConstraints(Change change, TableRewrite rewrite) {
    this.change = change;
    this.rewrite = rewrite;
  }

  TableDefinition drop(TableDefinition table, AlterAction.DropConstraint drop) {
    String name = drop.name().getSimple();
    if (table.constraints().pending().contains(name)) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "constraint \"" + name + "\" is just being added" + Change.at(drop.name()));
    }
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
      return dropPrimaryKey(table, drop.cascade());
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
    TableDefinition current =
        new ForeignKeyStatements(change).dropReferring(table, index.number(), cascade);
    return change.catalog().dropIndex(change.transaction(), current, index);
  }

  /** {@code table} without its primary key; its columns stay NOT NULL. */
  TableDefinition dropPrimaryKey(TableDefinition table, boolean cascade) {
    TableDefinition current =
        new ForeignKeyStatements(change)
            .dropReferring(table, ForeignKeyDefinition.PRIMARY_KEY, cascade);
    rewrite.require();
    return current
        .withPrimaryKey(List.of())
        .withConstraints(current.constraints().withPrimaryKeyName(null));
  }

  TableDefinition rename(TableDefinition table, AlterAction.RenameConstraint rename) {
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
    if (table.constraints().pending().contains(old)) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "constraint \"" + old + "\" is just being added" + Change.at(rename.name()));
    }
    IndexDefinition index = table.index(old);
    if (index != null && index.constraint()) {
      return RenameStatements.rename(change, table, index, rename.newName());
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
