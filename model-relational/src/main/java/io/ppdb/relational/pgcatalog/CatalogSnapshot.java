package io.ppdb.relational.pgcatalog;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.Comments;
import io.ppdb.relational.catalog.Comments.Part;
import io.ppdb.relational.catalog.Comments.Subject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.TableDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that {@code pg_catalog} shows at one view, by its oids: read once for a statement, whatever
 * its tables and functions ask. Immutable after construction.
 */
public final class CatalogSnapshot {
  private final Catalog catalog;
  private final ReadView view;
  private final Instant opened;
  private final AccessRights rights;
  private final List<SchemaDefinition> schemas;
  private final Map<Long, Relation> relations = new LinkedHashMap<>();
  private final Map<String, Map<String, Relation>> byName = new HashMap<>();
  private final Map<Long, Constraint> constraints = new LinkedHashMap<>();
  private final Map<Described, String> descriptions = new LinkedHashMap<>();

  /**
   * What a comment is about, as {@code pg_description} tells it.
   *
   * @param part the number of a column; 0 for the whole
   */
  record Described(long oid, long classOid, int part) {}

  /**
   * @param system relations that are there in any database
   * @param opened when the database was opened
   */
  CatalogSnapshot(
      Catalog catalog, ReadView view, Collection<SystemRelation> system, Instant opened) {
    this.opened = opened;
    this.catalog = catalog;
    this.view = view;
    this.rights = catalog.access().at(view);
    this.schemas = Schemas.all(view);
    system.forEach(relation -> add(Relation.of(relation)));
    Map<Long, CatalogObject> objects = new LinkedHashMap<>();
    for (CatalogObject object : catalog.objects(view)) {
      objects.put(object.id(), object);
      add(Relation.of(object));
      if (object instanceof TableDefinition table) {
        Relation.indexesOf(table).forEach(this::add);
      }
    }
    for (CatalogObject object : objects.values()) {
      if (object instanceof TableDefinition table) {
        Constraint.of(table, objects).forEach(each -> constraints.put(each.oid(), each));
      }
    }
    Comments.all(view).forEach((subject, text) -> describe(subject, text, objects));
  }

  private void add(Relation relation) {
    relations.put(relation.oid(), relation);
    byName
        .computeIfAbsent(relation.schema(), schema -> new HashMap<>())
        .put(relation.name(), relation);
  }

  private void describe(Subject subject, String text, Map<Long, CatalogObject> objects) {
    CatalogObject object = objects.get(subject.id());
    if (object == null) {
      boolean isSchema = schemas.stream().anyMatch(schema -> schema.id() == subject.id());
      if (isSchema) {
        descriptions.put(new Described(Oids.schema(subject.id()), Oids.PG_NAMESPACE, 0), text);
      }
      return;
    }
    Relation relation = relations.get(Oids.object(object.id()));
    if (relation == null) {
      return;
    }
    if (subject.part() == Part.COLUMN) {
      List<ColumnDefinition> columns = relation.columns();
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(subject.name())) {
          descriptions.put(new Described(relation.oid(), Oids.PG_CLASS, i + 1), text);
        }
      }
    } else if (subject.part() == Part.CONSTRAINT) {
      for (Constraint constraint : constraints.values()) {
        if (constraint.table().id() == object.id() && constraint.name().equals(subject.name())) {
          descriptions.put(new Described(constraint.oid(), Oids.PG_CONSTRAINT, 0), text);
        }
      }
    } else {
      String name = subject.part() == Part.INDEX ? subject.name() : object.name();
      Relation described = find(object.schema(), name);
      if (described != null) {
        descriptions.put(new Described(described.oid(), Oids.PG_CLASS, 0), text);
      }
    }
  }

  /** When the database was opened. */
  Instant opened() {
    return opened;
  }

  Catalog catalog() {
    return catalog;
  }

  ReadView view() {
    return view;
  }

  AccessRights rights() {
    return rights;
  }

  /** Schemas that were created, by name. */
  List<SchemaDefinition> schemas() {
    return schemas;
  }

  /** All relations, those of the system first. */
  Collection<Relation> relations() {
    return relations.values();
  }

  @Nullable Relation find(long oid) {
    return relations.get(oid);
  }

  @Nullable Relation find(String schema, String name) {
    return byName.getOrDefault(schema, Map.of()).get(name);
  }

  Collection<Constraint> constraints() {
    return constraints.values();
  }

  @Nullable Constraint constraint(long oid) {
    return constraints.get(oid);
  }

  Map<Described, String> descriptions() {
    return descriptions;
  }

  /** The tables among the relations. */
  List<TableDefinition> tables() {
    List<TableDefinition> tables = new ArrayList<>();
    for (Relation relation : relations.values()) {
      if (relation.object() instanceof TableDefinition table && !relation.isIndex()) {
        tables.add(table);
      }
    }
    return tables;
  }

  /** The name of the schema with this oid, or null. */
  @Nullable String schemaName(long oid) {
    if (oid == Oids.PG_CATALOG) {
      return PgCatalog.NAME;
    }
    if (oid == Oids.INFORMATION_SCHEMA) {
      return PgCatalog.INFORMATION_SCHEMA;
    }
    for (SchemaDefinition schema : schemas) {
      if (Oids.schema(schema.id()) == oid) {
        return schema.name();
      }
    }
    return null;
  }

  /** The oid of a schema, or 0. */
  long schemaOid(String name) {
    if (name.equals(PgCatalog.NAME)) {
      return Oids.PG_CATALOG;
    }
    if (name.equals(PgCatalog.INFORMATION_SCHEMA)) {
      return Oids.INFORMATION_SCHEMA;
    }
    for (SchemaDefinition schema : schemas) {
      if (schema.name().equals(name)) {
        return Oids.schema(schema.id());
      }
    }
    return 0;
  }

  /** The id of the owner of a relation. */
  long owner(Relation relation) {
    CatalogObject object = relation.object();
    return object == null ? Role.BOOTSTRAP : rights.of(object.id()).owner();
  }
}
