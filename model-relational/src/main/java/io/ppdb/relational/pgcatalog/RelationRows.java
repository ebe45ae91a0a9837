package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CatalogStatistics;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ColumnDefinition.Generation;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableConstraints;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PostgresTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows about tables, views, indexes and their columns. */
final class RelationRows {
  private static final int PAGE_BYTES = 8192;

  private RelationRows() {}

  static void register(Map<String, Rows.Writer> writers) {
    writers.put("pg_class", RelationRows::classes);
    writers.put("pg_attribute", RelationRows::attributes);
    writers.put("pg_attrdef", RelationRows::defaults);
    writers.put("pg_index", RelationRows::indexes);
    writers.put("pg_rewrite", RelationRows::rules);
  }

  private static void classes(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      Row row =
          rows.add()
              .set("oid", relation.oid())
              .set("relname", relation.name())
              .set("relnamespace", catalog.schemaOid(relation.schema()))
              .set("relowner", Oids.role(catalog.owner(relation)))
              .set("relfilenode", hasRows(relation) ? relation.oid() : 0L)
              .set("relam", accessMethod(relation))
              .set("relpersistence", "p")
              .set("relkind", relation.kind())
              .set("relnatts", columnCount(relation))
              .set("relhasrules", relation.kind().equals("v"))
              .set("relispopulated", isPopulated(relation))
              .set(
                  "relreplident",
                  relation.kind().equals("r") || relation.kind().equals("m") ? "d" : "n")
              .set("relacl", acl(catalog, relation));
      if (relation.object() instanceof TableDefinition table && !relation.isIndex()) {
        ofTable(catalog, table, row);
      } else {
        row.set("reltuples", relation.isIndex() ? rowCount(catalog, relation.table()) : -1f);
      }
    }
  }

  private static void ofTable(CatalogSnapshot catalog, TableDefinition table, Row row) {
    TableConstraints constraints = table.constraints();
    row.set("relhasindex", table.hasPrimaryKey() || !table.indexes().isEmpty())
        .set("relchecks", constraints.checks().size())
        .set(
            "relhastriggers",
            !constraints.foreignKeys().isEmpty() || !constraints.references().isEmpty())
        .set("reltuples", rowCount(catalog, table))
        .set("relpages", (int) (Sizes.ofRows(catalog, table) / PAGE_BYTES));
    if (!MaterializedView.is(table) && !table.options().isEmpty()) {
      List<String> options = new ArrayList<>();
      table.options().forEach((name, value) -> options.add(name + "=" + value));
      row.set("reloptions", options);
    }
  }

  /** As it was when statistics were last taken; -1 before. */
  private static float rowCount(CatalogSnapshot catalog, TableDefinition table) {
    CatalogStatistics.Versioned known =
        catalog.catalog().statistics().find(catalog.view(), table.id());
    return known.version() == CatalogStatistics.NO_VERSION
        ? -1f
        : (float) known.statistics().rowCount();
  }

  private static boolean hasRows(Relation relation) {
    return !relation.kind().equals("v");
  }

  private static long accessMethod(Relation relation) {
    return switch (relation.kind()) {
      case "r", "m" -> Oids.HEAP;
      case "i" -> Oids.BTREE;
      default -> 0;
    };
  }

  private static int columnCount(Relation relation) {
    return relation.isIndex() ? relation.elements().size() : relation.columns().size();
  }

  private static boolean isPopulated(Relation relation) {
    return !(relation.object() instanceof TableDefinition table)
        || !MaterializedView.is(table)
        || MaterializedView.of(table).populated();
  }

  private static @Nullable List<String> acl(CatalogSnapshot catalog, Relation relation) {
    CatalogObject object = relation.object();
    return object == null || relation.isIndex()
        ? null
        : Acl.items(catalog.rights().of(object.id()).granted(), catalog.rights());
  }

  private static void attributes(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.isIndex()) {
        int number = 1;
        for (IndexElement element : relation.elements()) {
          attribute(rows, relation, number++, element.attribute(), element.type());
        }
      } else if (relation.system() != null) {
        systemAttributes(relation, relation.system(), rows);
      } else {
        tableAttributes(catalog, relation, rows);
      }
    }
  }

  private static void systemAttributes(Relation relation, SystemRelation system, Rows rows) {
    for (int i = 0; i < system.types().size(); i++) {
      String name = system.table().column(i).name();
      attribute(rows, relation, i + 1, name, system.types().get(i), PostgresTypes.NO_MODIFIER)
          .set("attnotnull", system.notNull().get(i));
    }
  }

  private static void tableAttributes(CatalogSnapshot catalog, Relation relation, Rows rows) {
    CatalogObject object = relation.object();
    ObjectRights rights = object == null ? ObjectRights.USUAL : catalog.rights().of(object.id());
    boolean isTable = object instanceof TableDefinition;
    int number = 1;
    for (ColumnDefinition column : relation.columns()) {
      AccessList granted = rights.columns().get(column.name());
      attribute(rows, relation, number++, column.name(), column.type())
          .set("attnotnull", isTable && !column.nullable())
          .set("atthasdef", hasDefault(column))
          .set("attidentity", identity(column))
          .set("attgenerated", column.isStored() ? "s" : "")
          .set("attacl", Acl.items(granted, catalog.rights()));
    }
  }

  private static Row attribute(
      Rows rows, Relation relation, int number, String name, ColumnType type) {
    return attribute(
        rows, relation, number, name, SystemType.of(type), PostgresTypes.modifier(type));
  }

  private static Row attribute(
      Rows rows, Relation relation, int number, String name, SystemType type, int modifier) {
    return rows.add()
        .set("attrelid", relation.oid())
        .set("attname", name)
        .set("atttypid", type.oid())
        .set("attstattarget", -1)
        .set("attlen", type.length())
        .set("attnum", number)
        .set("attndims", type.isArray() ? 1 : 0)
        .set("attcacheoff", -1)
        .set("atttypmod", modifier)
        .set("attbyval", type.isByValue())
        .set("attalign", type.alignment())
        .set("attstorage", type.storage())
        .set("attcollation", type.collation())
        .set("attislocal", true);
  }

  private static boolean hasDefault(ColumnDefinition column) {
    return column.defaultExpression() != null && identity(column).isEmpty();
  }

  private static String identity(ColumnDefinition column) {
    return switch (column.generation()) {
      case ALWAYS_IDENTITY -> "a";
      case DEFAULT_IDENTITY -> "d";
      default -> "";
    };
  }

  private static void defaults(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (TableDefinition table : catalog.tables()) {
      for (int i = 0; i < table.columns().size(); i++) {
        ColumnDefinition column = table.column(i);
        if (hasDefault(column)) {
          boolean computes = column.generation() == Generation.STORED;
          rows.add()
              .set("oid", Oids.part(table.id(), i))
              .set("adrelid", Oids.object(table.id()))
              .set("adnum", i + 1)
              .set(
                  "adbin",
                  computes ? "(" + column.defaultExpression() + ")" : column.defaultExpression());
        }
      }
    }
  }

  private static void indexes(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (!relation.isIndex()) {
        continue;
      }
      IndexDefinition index = relation.index();
      List<IndexElement> elements = relation.elements();
      List<IndexElement> key = elements.subList(0, relation.keyLength());
      boolean isReady = index == null || index.ready();
      List<String> expressions =
          key.stream()
              .filter(element -> element.number() == 0)
              .map(IndexElement::definition)
              .toList();
      rows.add()
          .set("indexrelid", relation.oid())
          .set("indrelid", Oids.object(relation.table().id()))
          .set("indnatts", elements.size())
          .set("indnkeyatts", key.size())
          .set("indisunique", index == null || index.unique())
          .set("indnullsnotdistinct", index != null && !index.nullsDistinct())
          .set("indisprimary", index == null)
          .set("indimmediate", true)
          .set("indisvalid", isReady)
          .set("indisready", true)
          .set("indislive", true)
          .set("indkey", elements.stream().map(IndexElement::number).toList())
          .set(
              "indcollation",
              key.stream().map(element -> SystemType.of(element.type()).collation()).toList())
          .set("indclass", Collections.nCopies(key.size(), 0L))
          .set("indoption", key.stream().map(element -> element.descending() ? 3 : 0).toList())
          .set("indexprs", expressions.isEmpty() ? null : String.join(", ", expressions))
          .set("indpred", index == null ? null : index.predicate());
    }
  }

  /** Each view has one rule: what reading it means. */
  private static void rules(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.object() instanceof ViewDefinition || relation.kind().equals("m")) {
        rows.add()
            .set("oid", relation.oid())
            .set("rulename", "_RETURN")
            .set("ev_class", relation.oid())
            .set("ev_type", "1")
            .set("ev_enabled", "O")
            .set("is_instead", true);
      }
    }
  }
}
