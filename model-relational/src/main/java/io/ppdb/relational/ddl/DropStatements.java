package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.parser.Definition.Kind;
import io.ppdb.relational.spi.TableAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;

/**
 * DROP: of all that is named at once, so that what is dropped together may depend on each other.
 * Used for one statement.
 */
final class DropStatements {
  private final Change change;

  DropStatements(Change change) {
    this.change = change;
  }

  void drop(Definition.Drop node) {
    if (node.kind() == Kind.INDEX) {
      node.names().forEach(name -> dropIndex(name, node.ifExists()));
      return;
    }
    Map<Long, CatalogObject> named = new LinkedHashMap<>();
    for (SqlIdentifier name : node.names()) {
      CatalogObject object = change.find(name);
      if (object == null && !change.exists(name)) {
        if (!node.ifExists()) {
          throw change.missing(node.kind().word(), name);
        }
      } else if (object == null || !object.kindName().equals(node.kind().word())) {
        throw Names.wrongKind(name, node.kind().word());
      } else {
        change.permissions().requireMayDrop(object);
        named.put(object.id(), object);
      }
    }
    drop(named, node.cascade());
  }

  /** Drops objects, by id, with the views that read them if {@code cascade}. */
  void drop(Map<Long, CatalogObject> named, boolean cascade) {
    Map<Long, CatalogObject> all = new LinkedHashMap<>(named);
    for (CatalogObject view : viewsOn(all)) {
      if (!cascade && !named.containsKey(view.id())) {
        CatalogObject used = named.values().iterator().next();
        for (CatalogObject object : named.values()) {
          used = view.dependencies().contains(object.id()) ? object : used;
        }
        throw dependent(used, view.kindName() + " " + view.name());
      }
      all.put(view.id(), view);
    }
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (object instanceof SequenceDefinition sequence && all.containsKey(sequence.ownerId())) {
        all.put(sequence.id(), sequence);
      }
    }
    requireUnused(named, all, cascade);
    dropForeignKeys(all, cascade);
    all.values().forEach(object -> change.catalog().drop(change.transaction(), object));
  }

  /** Drops the foreign keys of other tables that refer to one of {@code objects}. */
  private void dropForeignKeys(Map<Long, CatalogObject> objects, boolean cascade) {
    for (CatalogObject object : objects.values()) {
      if (!(object instanceof TableDefinition table)) {
        continue;
      }
      for (TableConstraints.Reference reference : table.constraints().references()) {
        if (!objects.containsKey(reference.tableId())
            && change.catalog().findObject(change.transaction(), reference.tableId())
                instanceof TableDefinition child) {
          dropForeignKeys(child, table, cascade);
        }
      }
      new ForeignKeyStatements(change).forget(table, table.constraints().foreignKeys());
    }
  }

  private void dropForeignKeys(TableDefinition child, TableDefinition parent, boolean cascade) {
    List<ForeignKeyDefinition> left = new ArrayList<>();
    for (ForeignKeyDefinition key : child.constraints().foreignKeys()) {
      if (key.parentId() != parent.id()) {
        left.add(key);
      } else if (!cascade) {
        throw dependent(parent, "constraint " + key.name() + " of table " + child.name());
      }
    }
    change
        .catalog()
        .replace(
            change.transaction(), child.withConstraints(child.constraints().withForeignKeys(left)));
  }

  /** Refuses to drop the sequence of a column that stays; with CASCADE its default goes. */
  private void requireUnused(
      Map<Long, CatalogObject> named, Map<Long, CatalogObject> all, boolean cascade) {
    for (CatalogObject object : named.values()) {
      if (!(object instanceof SequenceDefinition sequence)
          || all.containsKey(sequence.ownerId())
          || !(change.catalog().findObject(change.transaction(), sequence.ownerId())
              instanceof TableDefinition table)) {
        continue;
      }
      if (!cascade) {
        throw dependent(sequence, "a column of table " + table.name());
      }
      List<ColumnDefinition> columns = new ArrayList<>(table.columns());
      columns.replaceAll(column -> isDefault(sequence, column) ? column.withDefault(null) : column);
      change.catalog().replace(change.transaction(), table.withColumns(columns));
    }
  }

  /** Whether {@code column} draws from {@code sequence}. */
  static boolean isDefault(SequenceDefinition sequence, ColumnDefinition column) {
    String text = column.defaultExpression();
    return text != null
        && (text.equals(SequenceNames.nextValue(sequence.schema(), sequence.name()))
            // As it was written when there were no schemas.
            || text.equals("nextval('" + sequence.name() + "')")
            || text.equals("nextval('\"" + sequence.name() + "\"')"));
  }

  static PpdbException dependent(CatalogObject used, String user) {
    return new PpdbException(
        ErrorCode.DEPENDENT_OBJECTS,
        "cannot drop "
            + used.kindName()
            + " "
            + used.name()
            + " because other objects depend on it: "
            + user
            + " depends on it; use DROP ... CASCADE to drop the dependent objects too");
  }

  /** The views that read {@code objects}, and those that read such views, in this order. */
  private List<CatalogObject> viewsOn(Map<Long, CatalogObject> objects) {
    List<CatalogObject> found = new ArrayList<>();
    if (objects.isEmpty()) {
      return found;
    }
    List<Long> ids = new ArrayList<>(objects.keySet());
    List<CatalogObject> views = new ArrayList<>();
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (!object.dependencies().isEmpty()) {
        views.add(object);
      }
    }
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i);
      for (CatalogObject view : views) {
        if (view.dependencies().contains(id) && !found.contains(view)) {
          found.add(view);
          ids.add(view.id());
        }
      }
    }
    return found;
  }

  private void dropIndex(SqlIdentifier name, boolean ifExists) {
    TableAccess access = change.findTableOfIndex(name);
    IndexDefinition index = access == null ? null : access.table().index(Names.simple(name));
    if (access == null || index == null) {
      if (ifExists) {
        return;
      }
      throw change.missing("index", name);
    }
    TableDefinition table = access.table();
    change.permissions().requireMayDrop(table);
    requireUnreferenced(table, index);
    if (index.constraint()) {
      throw new PpdbException(
          ErrorCode.DEPENDENT_OBJECTS,
          "cannot drop index "
              + index.name()
              + ": a constraint of table "
              + table.name()
              + " requires it");
    }
    change.catalog().dropIndex(change.transaction(), table, index);
  }

  private static void requireUnreferenced(TableDefinition table, IndexDefinition index) {
    for (TableConstraints.Reference reference : table.constraints().references()) {
      if (reference.keyNumber() == index.number()) {
        throw new PpdbException(
            ErrorCode.DEPENDENT_OBJECTS,
            "cannot drop index "
                + index.name()
                + " of table "
                + table.name()
                + ": a foreign key refers to its columns");
      }
    }
  }
}
