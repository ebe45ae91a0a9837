package io.ppdb.relational.constraint;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition.Action;
import io.ppdb.relational.catalog.TableConstraints.Reference;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of rows that refer to rows which a statement deletes or gives another key: they are
 * deleted or changed by statements of their own, or their being there is an error.
 *
 * <p>All of it happens at the end of the statement, after which the referring tables are looked up:
 * a foreign key that is created meanwhile changes this table too, so the statement conflicts with
 * it. Used by one thread.
 */
final class ReferentialActions {
  private final TableDefinition parent;
  private final Catalog catalog;
  private final ActionRunner runner;
  private final ExecutionContext context;

  ReferentialActions(
      TableDefinition parent, Catalog catalog, ActionRunner runner, ExecutionContext context) {
    this.parent = parent;
    this.catalog = catalog;
    this.runner = runner;
    this.context = context;
  }

  /** Adds what is to be done about {@code changes} at the end of the statement. */
  void add(KeyChanges changes) {
    List<KeyChanges.Change> taken = changes.take();
    if (taken.isEmpty()) {
      return;
    }
    for (Reference reference : parent.constraints().references()) {
      if (reference.keyNumber() != changes.keyNumber()) {
        continue;
      }
      TableDefinition child = catalog.table(context.view(), reference.tableId()).table();
      for (ForeignKeyDefinition key : child.constraints().foreignKeys()) {
        if (key.parentId() == parent.id() && key.keyNumber() == changes.keyNumber()) {
          taken.forEach(change -> add(child, key, change));
        }
      }
    }
  }

  /** Does what was added, unless the statement that this one is part of will. */
  void run() {
    context.end().run();
  }

  private void add(TableDefinition child, ForeignKeyDefinition key, KeyChanges.Change change) {
    Action action = change.newValues() == null ? key.onDelete() : key.onUpdate();
    if (action == Action.NO_ACTION || action == Action.RESTRICT) {
      context.end().addCheck(() -> requireNone(child, key, change, action));
    } else {
      context.end().addAction(() -> act(child, key, change, action));
    }
  }

  private void act(
      TableDefinition child, ForeignKeyDefinition key, KeyChanges.Change change, Action action) {
    context.checkCancelled();
    List<String> columns = names(child, key.columns());
    @Nullable Object[] newValues = change.newValues();
    if (action == Action.CASCADE && newValues == null) {
      String delete = "DELETE FROM " + name(child) + where(columns);
      runner.write(delete, context, change.oldValues());
      return;
    }
    String value =
        switch (action) {
          case SET_NULL -> " = NULL";
          case SET_DEFAULT -> " = DEFAULT";
          default -> " = ?";
        };
    List<String> assignments = columns.stream().map(column -> column + value).toList();
    String update =
        "UPDATE " + name(child) + " SET " + String.join(", ", assignments) + where(columns);
    @Nullable Object[] parameters = change.oldValues();
    if (action == Action.CASCADE && newValues != null) {
      parameters = Stream.of(newValues, change.oldValues()).flatMap(Stream::of).toArray();
    }
    runner.write(update, context, parameters);
  }

  private void requireNone(
      TableDefinition child, ForeignKeyDefinition key, KeyChanges.Change change, Action action) {
    context.checkCancelled();
    if (action == Action.NO_ACTION
        && exists(parent, parent.keyColumns(key.keyNumber()), change.oldValues())) {
      return; // another row has the key now
    }
    if (exists(child, key.columns(), change.oldValues())) {
      throw new PpdbException(
          ErrorCode.FOREIGN_KEY_VIOLATION,
          "update or delete on table \""
              + parent.name()
              + "\" violates foreign key constraint \""
              + key.name()
              + "\" on table \""
              + child.name()
              + "\": key "
              + RowText.of(parent, parent.keyColumns(key.keyNumber()), change.oldValues())
              + " is still referenced from table \""
              + child.name()
              + "\"");
    }
  }

  private boolean exists(TableDefinition table, List<Integer> columns, Object[] values) {
    String query = "SELECT 1 FROM " + name(table) + where(names(table, columns)) + " LIMIT 1";
    return runner.hasRows(query, context, values);
  }

  private static List<String> names(TableDefinition table, List<Integer> columns) {
    List<String> names = new ArrayList<>();
    columns.forEach(column -> names.add(quoted(table.column(column).name())));
    return names;
  }

  private static String where(List<String> columns) {
    return " WHERE "
        + String.join(" AND ", columns.stream().map(column -> column + " = ?").toList());
  }

  private static String name(TableDefinition table) {
    return quoted(table.schema()) + "." + quoted(table.name());
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
