package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.List;

/**
 * What of the catalog a role may see in INFORMATION_SCHEMA: whatever it owns or has some privilege
 * on.
 *
 * @param role the id of the role
 * @param rights all rights at {@code view}
 */
record Visible(Catalog catalog, ReadView view, long role, AccessRights rights) {
  static Visible of(Catalog catalog, ReadView view, long role) {
    return new Visible(catalog, view, role, catalog.access().at(view));
  }

  /** Whether the role may do everything, so that nothing has to be asked. */
  boolean isAll() {
    return rights.isSuperuser(role);
  }

  /** Tables, views and sequences, by id. */
  List<CatalogObject> objects() {
    List<CatalogObject> objects = catalog.objects(view);
    return isAll() ? objects : objects.stream().filter(this::sees).toList();
  }

  boolean sees(CatalogObject object) {
    return rights.hasAny(role, classOf(object), object.id());
  }

  static ObjectClass classOf(CatalogObject object) {
    return object instanceof SequenceDefinition ? ObjectClass.SEQUENCE : ObjectClass.TABLE;
  }

  /** Tables, by id. */
  List<TableDefinition> tables() {
    return objects().stream()
        .filter(TableDefinition.class::isInstance)
        .map(TableDefinition.class::cast)
        .toList();
  }

  /** Tables all of whose columns the role may read, by id. */
  List<TableDefinition> readable() {
    return tables().stream()
        .filter(table -> rights.has(role, ObjectClass.TABLE, table.id(), Privilege.SELECT))
        .toList();
  }

  /** Schemas, by name. */
  List<SchemaDefinition> schemas() {
    List<SchemaDefinition> schemas = Schemas.all(view);
    return isAll()
        ? schemas
        : schemas.stream()
            .filter(schema -> rights.hasAny(role, ObjectClass.SCHEMA, schema.id()))
            .toList();
  }

  /** Whether the role may see what an object is made of. */
  boolean owns(CatalogObject object) {
    return rights.owns(role, object.id());
  }
}
