package io.ppdb.relational.ddl;

import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner;
import java.util.function.Consumer;

/** Runs statements that change the catalog: the door of this package. Thread-safe. */
public final class DefinitionStatements {
  private final Catalog catalog;
  private final QueryPlanner planner;

  public DefinitionStatements(Catalog catalog, QueryPlanner planner) {
    this.catalog = catalog;
    this.planner = planner;
  }

  /**
   * Runs a schema change in the transaction of {@code session}, or in its own.
   *
   * @param sql the text of the statement
   */
  public void run(Definition definition, String sql, DefinitionSession session) {
    if (definition instanceof Definition.CreateIndex create) {
      new IndexStatements(catalog, planner).create(create, sql, session);
      return;
    }
    Consumer<Change> work = work(definition);
    session.run(
        transaction -> {
          work.accept(change(transaction, sql));
          return true;
        });
    if (definition instanceof Definition.Drop && session.current() == null) {
      catalog.removeDropped();
    }
  }

  private Change change(Transaction transaction, String sql) {
    return new Change(catalog, planner, transaction, sql);
  }

  private static Consumer<Change> work(Definition definition) {
    if (definition instanceof Definition.CreateTable create) {
      return change -> new TableStatements(change).create(create);
    }
    if (definition instanceof Definition.CreateView create) {
      return change -> new ViewStatements(change).create(create);
    }
    if (definition instanceof Definition.Drop drop) {
      return change -> new DropStatements(change).drop(drop);
    }
    throw new IllegalStateException("unknown definition " + definition);
  }
}
