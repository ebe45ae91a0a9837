package io.ppdb.relational.ddl;

import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.parser.AccessStatement;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.ConstraintClause;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs statements that change the catalog: the door of this package. Thread-safe. */
public final class DefinitionStatements {
  private final Catalog catalog;
  private final QueryPlanner planner;
  private final ActionRunner runner;

  /**
   * Statements on {@code catalog}.
   *
   * @param runner runs the statements that fill new tables
   */
  public DefinitionStatements(Catalog catalog, QueryPlanner planner, ActionRunner runner) {
    this.catalog = catalog;
    this.planner = planner;
    this.runner = runner;
  }

  /**
   * Runs a schema change in the transaction of {@code session}, or in its own.
   *
   * @param sql the text of the statement
   */
  public void run(Definition definition, String sql, DefinitionSession session) {
    if (definition instanceof Definition.CreateIndex create) {
      new IndexStatements(catalog, planner, runner).create(create, sql, session);
      return;
    }
    if (definition instanceof Definition.AlterTable alter) {
      Definition.CreateIndex unique = session.current() == null ? addedUnique(alter) : null;
      if (unique == null) {
        new AlterTableStatements(catalog, planner, runner, sql, session).alter(alter);
      } else {
        new IndexStatements(catalog, planner, runner).create(unique, sql, session);
      }
      return;
    }
    if (definition instanceof Definition.CreateTableAs create) {
      session.run(
          transaction ->
              new TableStatements(change(transaction, sql, session))
                  .createAs(create, runner, session.context(transaction)));
      return;
    }
    if (definition instanceof Definition.CreateMaterializedView create) {
      session.run(transaction -> materializedViews(transaction, sql, session).create(create));
      return;
    }
    if (definition instanceof Definition.RefreshMaterializedView refresh) {
      session.run(transaction -> materializedViews(transaction, sql, session).refresh(refresh));
      return;
    }
    if (definition instanceof Definition.Access access) {
      session.run(
          transaction -> {
            run(
                access.statement(),
                new AccessChange(change(transaction, sql, session), session.sessionRole()));
            return true;
          });
      return;
    }
    Consumer<Change> work = work(definition);
    session.run(
        transaction -> {
          work.accept(change(transaction, sql, session));
          return true;
        });
    if (definition instanceof Definition.Drop && session.current() == null) {
      catalog.removeDropped();
    }
  }

  /** Takes back what a process had begun that ended amid it; no other may be at it. */
  public void takeBackUnfinished() {
    new UnfinishedChanges(catalog, planner).takeBack();
  }

  private static void run(AccessStatement statement, AccessChange change) {
    if (statement instanceof AccessStatement.CreateRole create) {
      new RoleStatements(change).create(create);
    } else if (statement instanceof AccessStatement.AlterRole alter) {
      new RoleStatements(change).alter(alter);
    } else if (statement instanceof AccessStatement.RenameRole rename) {
      new RoleStatements(change).rename(rename);
    } else if (statement instanceof AccessStatement.DropRoles drop) {
      new RoleStatements(change).drop(drop);
    } else if (statement instanceof AccessStatement.Memberships memberships) {
      new MembershipStatements(change).run(memberships);
    } else if (statement instanceof AccessStatement.Privileges privileges) {
      new GrantStatements(change).run(privileges);
    } else if (statement instanceof AccessStatement.ChangeOwner owner) {
      new OwnerStatements(change).changeOwner(owner);
    } else if (statement instanceof AccessStatement.ReassignOwned reassign) {
      new OwnerStatements(change).reassign(reassign);
    } else {
      new OwnerStatements(change).dropOwned((AccessStatement.DropOwned) statement);
    }
  }

  private MaterializedViewStatements materializedViews(
      Transaction transaction, String sql, DefinitionSession session) {
    return new MaterializedViewStatements(
        change(transaction, sql, session), runner, session.context(transaction));
  }

  private Change change(Transaction transaction, String sql, DefinitionSession session) {
    return new Change(catalog, planner, transaction, sql, session.viewpoint());
  }

  /**
   * The index that ADD CONSTRAINT … UNIQUE alone is, or null if {@code alter} is something else.
   */
  private static Definition.@Nullable CreateIndex addedUnique(Definition.AlterTable alter) {
    if (alter.actions().size() > 1
        || !(alter.actions().get(0) instanceof AlterAction.AddConstraint add)
        || !(add.constraint() instanceof ConstraintClause.Key key)
        || key.primary()) {
      return null;
    }
    List<Definition.IndexColumn> columns =
        key.columns().stream().map(Definition.IndexColumn::of).toList();
    return new Definition.CreateIndex(
        key.position(),
        true,
        true,
        false,
        key.name(),
        alter.name(),
        columns,
        key.includedList(),
        key.nullsDistinct(),
        null);
  }

  private static Consumer<Change> work(Definition definition) {
    if (definition instanceof Definition.CreateTable create) {
      return change -> new TableStatements(change).create(create);
    }
    if (definition instanceof Definition.CreateView create) {
      return change -> new ViewStatements(change).create(create);
    }
    if (definition instanceof Definition.CreateSchema create) {
      return change -> new SchemaStatements(change).create(create);
    }
    if (definition instanceof Definition.Drop drop) {
      return drop.kind() == Definition.Kind.SCHEMA
          ? change -> new SchemaStatements(change).drop(drop)
          : change -> new DropStatements(change).drop(drop);
    }
    if (definition instanceof Definition.CreateSequence create) {
      return change -> new SequenceStatements(change).create(create);
    }
    if (definition instanceof Definition.AlterSequence alter) {
      return change -> new SequenceStatements(change).alter(alter);
    }
    if (definition instanceof Definition.RenameIndex rename) {
      return change -> new RenameStatements(change).rename(rename);
    }
    if (definition instanceof Definition.Rename rename) {
      return change -> new RenameStatements(change).rename(rename);
    }
    if (definition instanceof Definition.Comment comment) {
      return change -> new CommentStatements(change).comment(comment);
    }
    if (definition instanceof Definition.Truncate truncate) {
      return change -> new TruncateStatements(change).truncate(truncate);
    }
    throw new IllegalStateException("unknown definition " + definition);
  }
}
