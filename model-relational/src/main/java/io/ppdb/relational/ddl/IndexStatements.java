package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.storage.IndexBackfill;
import io.ppdb.relational.storage.RowTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX. Outside a transaction an index is built beside other users: first it is written but
 * not read, then it is filled in small transactions, then it is ready. Inside one it can only be
 * built for a table that nobody else knows yet. Used for one statement.
 */
final class IndexStatements {
  private final Catalog catalog;
  private final QueryPlanner planner;

  IndexStatements(Catalog catalog, QueryPlanner planner) {
    this.catalog = catalog;
    this.planner = planner;
  }

  void create(Definition.CreateIndex node, String sql, DefinitionSession session) {
    if (session.current() != null) {
      session.run(transaction -> createAtOnce(node, change(transaction, sql)));
      return;
    }
    TableDefinition table =
        session.run(transaction -> add(node, change(transaction, sql), /* ready= */ false));
    if (table == null) {
      return;
    }
    IndexDefinition index = last(table);
    try {
      RowTable access = (RowTable) catalog.access(table);
      IndexBackfill.run(access, index, catalog.store(), Catalog.epochKey(table.id()));
      session.run(
          transaction -> {
            TableDefinition current = current(transaction, table);
            return catalog.replace(transaction, current.withReadyIndex(index.name()));
          });
    } catch (RuntimeException e) {
      session.run(
          transaction -> {
            TableDefinition current = current(transaction, table);
            return catalog.dropIndex(transaction, current, index);
          });
      throw e;
    }
  }

  /** The table as it is now, whatever it is called. */
  private TableDefinition current(Transaction transaction, TableDefinition table) {
    if (catalog.findObject(transaction, table.id()) instanceof TableDefinition current) {
      return current;
    }
    throw new PpdbException(
        ErrorCode.UNDEFINED_TABLE,
        "table \"" + table.name() + "\" was dropped while its index was built");
  }

  private Change change(Transaction transaction, String sql) {
    return new Change(catalog, planner, transaction, sql);
  }

  private boolean createAtOnce(Definition.CreateIndex node, Change change) {
    TableDefinition table = change.requireTable(node.table());
    try (Snapshot committed = catalog.store().snapshot()) {
      if (catalog.findVersion(committed, table.schema(), table.name()) != null) {
        throw new PpdbException(
            ErrorCode.NOT_SUPPORTED,
            "CREATE INDEX inside a transaction block on a table created outside of it");
      }
    }
    TableDefinition changed = add(node, change, /* ready= */ true);
    if (changed != null) {
      RowTable access = (RowTable) catalog.access(changed);
      IndexBackfill.fill(access, last(changed), change.transaction());
    }
    return changed != null;
  }

  private static IndexDefinition last(TableDefinition table) {
    return table.indexes().get(table.indexes().size() - 1);
  }

  /** The table with the new index; null if the index exists and that is fine. */
  private @Nullable TableDefinition add(Definition.CreateIndex node, Change change, boolean ready) {
    TableDefinition table = change.requireTable(node.table());
    List<IndexDefinition.Column> columns = new ArrayList<>();
    for (Definition.IndexColumn column : node.columns()) {
      columns.add(
          new IndexDefinition.Column(Names.ordinal(table, column.name()), column.descending()));
    }
    List<Integer> ordinals = columns.stream().map(IndexDefinition.Column::ordinal).toList();
    SqlIdentifier given = node.name();
    String name =
        given == null
            ? Names.free(
                ConstraintStatements.names(table),
                Names.base(table, ordinals) + (node.constraint() ? "_key" : "_idx"))
            : given.getSimple();
    if (catalog.exists(change.transaction(), table.schema(), name)) {
      if (node.ifNotExists()) {
        return null;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT,
          "relation \"" + name + "\" already exists" + Change.at(node.position()));
    }
    IndexDefinition index =
        new IndexDefinition(
            table.nextIndexNumber(), name, node.unique(), node.constraint(), ready, columns);
    TableDefinition changed = catalog.kind(table.kind()).define(table.withIndex(index));
    return catalog.replace(change.transaction(), changed);
  }
}
