package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.constraint.ActionRunner;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.storage.IndexBackfill;
import io.ppdb.relational.storage.RowTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * CREATE INDEX. Outside a transaction an index is built beside other users: first it is written but
 * not read, then it is filled in small transactions, then it is ready. Inside one all rows of a
 * table that others know are written anew. Used for one statement.
 */
final class IndexStatements {
  private final Catalog catalog;
  private final QueryPlanner planner;
  private final ActionRunner runner;

  IndexStatements(Catalog catalog, QueryPlanner planner, ActionRunner runner) {
    this.catalog = catalog;
    this.planner = planner;
    this.runner = runner;
  }

  void create(Definition.CreateIndex node, String sql, DefinitionSession session) {
    if (session.current() != null) {
      session.run(transaction -> createAtOnce(node, change(transaction, sql, session), session));
      return;
    }
    TableDefinition table =
        session.run(
            transaction -> add(node, change(transaction, sql, session), /* ready= */ false));
    if (table == null) {
      return;
    }
    IndexDefinition index = last(table);
    try {
      IndexBackfill.run(
          index.number(),
          catalog.store(),
          transaction -> access(transaction, current(transaction, table)),
          session::checkCancelled);
      session.run(
          transaction -> {
            TableDefinition current = current(transaction, table);
            String name = current.indexNumbered(index.number()).name();
            return catalog.replace(transaction, current.withReadyIndex(name));
          });
    } catch (RuntimeException e) {
      takeBack(table, index, session);
      throw e;
    }
  }

  private void takeBack(TableDefinition table, IndexDefinition index, DefinitionSession session) {
    session.run(
        transaction -> {
          if (catalog.findObject(transaction, table.id()) instanceof TableDefinition current) {
            for (IndexDefinition each : current.indexes()) {
              if (each.number() == index.number()) {
                catalog.dropIndex(transaction, current, each);
              }
            }
          }
          return true;
        });
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

  /** The table to be written. */
  private RowTable access(Transaction transaction, TableDefinition table) {
    RowTable access = (RowTable) catalog.access(table);
    return access.needsExpressions()
        ? access.withExpressions(
            planner.indexExpressions(new CatalogView(catalog, transaction), table))
        : access;
  }

  private Change change(Transaction transaction, String sql, DefinitionSession session) {
    return new Change(catalog, planner, transaction, sql, session.viewpoint());
  }

  private boolean createAtOnce(
      Definition.CreateIndex node, Change change, DefinitionSession session) {
    TableDefinition table = change.requireRelation(node.table());
    TableDefinition changed = add(node, change, /* ready= */ true);
    if (changed == null) {
      return false;
    }
    if (isKnownToOthers(table)) {
      new TableRewrite(change, table).run(changed, runner, session.context(change.transaction()));
    } else {
      RowTable access = access(change.transaction(), changed);
      IndexBackfill.fill(
          access, last(changed).number(), change.transaction(), session::checkCancelled);
    }
    return true;
  }

  private boolean isKnownToOthers(TableDefinition table) {
    try (Snapshot committed = catalog.store().snapshot()) {
      return catalog.findObject(committed, table.id()) != null;
    }
  }

  private static IndexDefinition last(TableDefinition table) {
    return table.indexes().get(table.indexes().size() - 1);
  }

  /** The table with the new index; null if the index exists and that is fine. */
  private @Nullable TableDefinition add(Definition.CreateIndex node, Change change, boolean ready) {
    TableDefinition table = change.requireRelation(node.table());
    change.permissions().requireOwner(table);
    change.permissions().requireCreate(table.schema());
    IndexElements elements = new IndexElements(change, table);
    List<IndexDefinition.Column> columns = elements.columns(node.columns());
    SqlIdentifier given = node.name();
    String name =
        given == null
            ? Names.free(
                ConstraintStatements.names(table),
                elements.baseName(columns) + (node.constraint() ? "_key" : "_idx"))
            : given.getSimple();
    if (catalog.exists(change.transaction(), table.schema(), name)) {
      if (node.ifNotExists()) {
        return null;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT,
          "relation \"" + name + "\" already exists" + Change.at(node.position()));
    }
    List<Integer> ordinals = columns.stream().map(IndexDefinition.Column::ordinal).toList();
    IndexDefinition index =
        new IndexDefinition(
            table.nextIndexNumber(),
            name,
            node.unique(),
            node.constraint(),
            ready,
            columns,
            elements.predicate(node.predicate()),
            included(table, node.included(), ordinals),
            node.nullsDistinct());
    TableDefinition changed = catalog.kind(table.kind()).define(table.withIndex(index));
    return catalog.replace(change.transaction(), changed);
  }

  /** The columns that INCLUDE names; those that are in the key already need not be held twice. */
  static List<Integer> included(
      TableDefinition table, List<SqlIdentifier> names, List<Integer> key) {
    List<Integer> included = new ArrayList<>();
    for (SqlIdentifier name : names) {
      int ordinal = Names.ordinal(table, name);
      if (!key.contains(ordinal) && !included.contains(ordinal)) {
        included.add(ordinal);
      }
    }
    return included;
  }
}
