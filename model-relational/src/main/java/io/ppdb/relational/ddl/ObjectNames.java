package io.ppdb.relational.ddl;

import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;

/** What messages call objects of which only the id is known. */
record ObjectNames(Change change) {
  /** Kind and name of object {@code id}. */
  String describe(long id) {
    if (id == ObjectClass.DATABASE_ID) {
      return "database ppdb";
    }
    CatalogObject object = change.catalog().findObject(change.transaction(), id);
    if (object != null) {
      return object.kindName() + " " + object.name();
    }
    for (SchemaDefinition schema : Schemas.all(change.transaction())) {
      if (schema.id() == id) {
        return "schema " + schema.name();
      }
    }
    return "object " + id;
  }
}
