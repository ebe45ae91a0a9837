package io.ppdb.relational.ddl;

import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.ConstraintClause;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.List;
import java.util.function.BiFunction;

/**
 * ALTER TABLE: one transaction, in which the rows are written anew if some action needs that. A
 * constraint that is added alone does not stop writers: it is first enforced on those who write, in
 * a transaction of its own, and then looked for at a later snapshot, so that no row slips in
 * between. Used for one statement.
 */
final class AlterTableStatements {
  private static final int PASSES = 4;

  private final Catalog catalog;
  private final QueryPlanner planner;
  private final ActionRunner runner;
  private final String sql;
  private final DefinitionSession session;

  AlterTableStatements(
      Catalog catalog,
      QueryPlanner planner,
      ActionRunner runner,
      String sql,
      DefinitionSession session) {
    this.catalog = catalog;
    this.planner = planner;
    this.runner = runner;
    this.sql = sql;
    this.session = session;
  }

  void alter(Definition.AlterTable node) {
    AlterAction first = node.actions().get(0);
    if (session.current() == null && node.actions().size() == 1 && isValidated(first)) {
      alterAndValidate(node, first);
    } else {
      session.run(transaction -> alterAtOnce(node, transaction));
    }
  }

  /** Whether rows that are there may not meet what the action asks for, which is no key. */
  private static boolean isValidated(AlterAction action) {
    return action instanceof AlterAction.SetNotNull
        || (action instanceof AlterAction.AddConstraint add
            && !(add.constraint() instanceof ConstraintClause.Key));
  }

  private boolean alterAtOnce(Definition.AlterTable node, Transaction transaction) {
    Change change = change(transaction);
    if (node.ifExists() && !change.exists(node.name())) {
      return false;
    }
    TableDefinition table = change.requireTable(node.name());
    change.permissions().requireOwner(table);
    boolean isKnown = isKnownToOthers(table);
    TableRewrite rewrite = new TableRewrite(change, table);
    for (int pass = 0; pass < PASSES; pass++) {
      for (AlterAction action : node.actions()) {
        if (passOf(action) == pass) {
          table = apply(change, rewrite, table, action, isKnown);
        }
      }
    }
    if (rewrite.isNeeded()) {
      rewrite.run(table, runner, session.context(transaction));
    }
    return true;
  }

  /** In which order actions of one statement come, whatever order they are written in. */
  private static int passOf(AlterAction action) {
    if (action instanceof AlterAction.DropColumn || action instanceof AlterAction.DropConstraint) {
      return 0;
    }
    if (action instanceof AlterAction.SetType) {
      return 1;
    }
    return action instanceof AlterAction.AddConstraint ? PASSES - 1 : 2;
  }

  private TableDefinition apply(
      Change change,
      TableRewrite rewrite,
      TableDefinition table,
      AlterAction action,
      boolean isKnown) {
    if (isValidated(action)) {
      ValidatedChange.Enforced added = ValidatedChange.begin(change, table, action);
      TableDefinition enforced = catalog.replace(change.transaction(), added.table());
      if (isKnown || rewrite.isNeeded()) {
        rewrite.require(); // looks at all rows, and claims that there are no others
      } else {
        added.change().validate(change, enforced, session.context(change.transaction()));
      }
      return catalog.replace(change.transaction(), added.change().validated(change, enforced));
    }
    if (action instanceof AlterAction.AddConstraint add) {
      rewrite.require();
      TableDefinition changed =
          new ConstraintStatements(change).add(table, List.of(add.constraint()));
      return catalog.replace(change.transaction(), changed);
    }
    return catalog.replace(
        change.transaction(), new AlterTable(change, rewrite).apply(table, action));
  }

  private Change change(Transaction transaction) {
    return new Change(catalog, planner, transaction, sql, session.viewpoint());
  }

  private boolean isKnownToOthers(TableDefinition table) {
    try (Snapshot committed = catalog.store().snapshot()) {
      return catalog.findObject(committed, table.id()) != null;
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
              change.permissions().requireOwner(table);
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
            added.change().validate(change, table, session.context(change.transaction()));
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
