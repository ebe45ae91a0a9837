package io.ppdb.relational.ddl;

import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.Viewpoint;
import java.util.List;

/**
 * Takes back what a process had begun that is no more: indexes that it built, and constraints for
 * which it looked at rows. For whoever knows that no other process is still at it.
 */
final class UnfinishedChanges {
  private final Catalog catalog;
  private final QueryPlanner planner;

  UnfinishedChanges(Catalog catalog, QueryPlanner planner) {
    this.catalog = catalog;
    this.planner = planner;
  }

  void takeBack() {
    List<Long> tables;
    try (Snapshot snapshot = catalog.store().snapshot()) {
      tables = catalog.unfinished(snapshot);
    }
    for (long table : tables) {
      catalog.store().transact(transaction -> takeBack(table, transaction));
    }
  }

  private boolean takeBack(long id, Transaction transaction) {
    if (!(catalog.findObject(transaction, id) instanceof TableDefinition found)) {
      return false;
    }
    Change change = new Change(catalog, planner, transaction, "", Viewpoint.DEFAULT);
    TableDefinition table = found;
    for (IndexDefinition index : found.indexes()) {
      if (!index.ready()) {
        table = catalog.dropIndex(transaction, table, index);
      }
    }
    for (String constraint : found.constraints().pending()) {
      table = new ValidatedChange(constraint, null).withdrawn(change, table);
    }
    catalog.replace(transaction, table);
    return true;
  }
}
