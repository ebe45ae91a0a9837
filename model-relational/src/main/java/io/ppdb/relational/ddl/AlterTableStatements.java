package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.function.BiFunction;

/**
 * ALTER TABLE. What rows that are there may not meet (a constraint, NOT NULL) is first enforced on
 * those who write, in a transaction of its own, and then looked for at a later snapshot: so no row
 * slips in between. Inside a transaction that is possible only for a table nobody else knows yet.
 * Used for one statement.
 */
final class AlterTableStatements {
  private final Catalog catalog;
  private final QueryPlanner planner;
  private final String sql;
  private final DefinitionSession session;

  AlterTableStatements(
      Catalog catalog, QueryPlanner planner, String sql, DefinitionSession session) {
    this.catalog = catalog;
    this.planner = planner;
    this.sql = sql;
    this.session = session;
  }

  void alter(Definition.AlterTable node) {
    boolean validates = node.actions().stream().anyMatch(AlterTableStatements::validates);
    if (validates && session.current() == null) {
      if (node.actions().size() > 1) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "ADD CONSTRAINT and SET NOT NULL look at rows and stand alone in ALTER TABLE"
                + Change.at(node.name()));
      }
      alterAndValidate(node, node.actions().get(0));
      return;
    }
    session.run(transaction -> alterAtOnce(node, transaction, validates));
  }

  private static boolean validates(AlterAction action) {
    return action instanceof AlterAction.AddConstraint || action instanceof AlterAction.SetNotNull;
  }

  private boolean alterAtOnce(
      Definition.AlterTable node, Transaction transaction, boolean validates) {
    Change change = change(transaction);
    if (node.ifExists() && !change.exists(node.name())) {
      return false;
    }
    TableDefinition table = change.requireTable(node.name());
    if (validates) {
      requireUnknownToOthers(table);
    }
    for (AlterAction action : node.actions()) {
      if (validates(action)) {
        ValidatedChange.Enforced added = ValidatedChange.begin(change, table, action);
        TableDefinition enforced = catalog.replace(transaction, added.table());
        added.change().validate(change, enforced);
        table = catalog.replace(transaction, added.change().validated(change, enforced));
      } else {
        table = catalog.replace(transaction, new AlterTable(change).apply(table, action));
      }
    }
    return true;
  }

  private Change change(Transaction transaction) {
    return new Change(catalog, planner, transaction, sql, session.viewpoint());
  }

  private void requireUnknownToOthers(TableDefinition table) {
    try (Snapshot committed = catalog.store().snapshot()) {
      if (catalog.findObject(committed, table.id()) != null) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "ADD CONSTRAINT and SET NOT NULL inside a transaction block on a table created outside"
                + " of it");
      }
    }
  }

  private void alterAndValidate(Definition.AlterTable node, AlterAction action) {
    ValidatedChange.Enforced added =
        session.run(
            transaction -> {
              Change change = change(transaction);
              if (node.ifExists() && !change.exists(node.name())) {
                return null;
              }
              TableDefinition table = change.requireTable(node.name());
              ValidatedChange.Enforced begun = ValidatedChange.begin(change, table, action);
              catalog.replace(transaction, begun.table());
              return begun;
            });
    if (added == null) {
      return;
    }
    try {
      end(
          added,
          (change, table) -> {
            added.change().validate(change, table);
            return added.change().validated(change, table);
          });
    } catch (RuntimeException e) {
      end(added, added.change()::withdrawn);
      throw e;
    }
  }

  /** Changes the table once more, unless it was dropped meanwhile. */
  private void end(
      ValidatedChange.Enforced added,
      BiFunction<Change, TableDefinition, TableDefinition> definition) {
    session.run(
        transaction -> {
          Change change = change(transaction);
          long id = added.table().id();
          if (catalog.findObject(transaction, id) instanceof TableDefinition table) {
            catalog.replace(transaction, definition.apply(change, table));
          }
          return true;
        });
  }
}
