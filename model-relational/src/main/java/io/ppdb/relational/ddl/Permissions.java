package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.planner.Viewpoint;
import java.util.List;

/**
 * What the role of a statement that changes the catalog may do; each question throws
 * INSUFFICIENT_PRIVILEGE if it may not. Those of the first role ask for nothing. Used for one
 * statement.
 */
record Permissions(Change change) {
  private boolean isUnlimited() {
    return role() == Role.BOOTSTRAP;
  }

  private long role() {
    return change.viewpoint().role();
  }

  private AccessRights rights() {
    return change.rights();
  }

  /** The schemas of the path that the role may look into. */
  List<String> usable(Viewpoint viewpoint) {
    return isUnlimited()
        ? viewpoint.path()
        : viewpoint.path().stream().filter(schema -> may(schema, Privilege.USAGE)).toList();
  }

  private boolean may(String schemaName, Privilege privilege) {
    SchemaDefinition schema = Schemas.find(change.transaction(), schemaName);
    return isUnlimited()
        || schema == null
        || rights().has(role(), ObjectClass.SCHEMA, schema.id(), privilege);
  }

  void requireUsage(String schema) {
    if (!may(schema, Privilege.USAGE)) {
      throw AccessRights.denied("schema " + schema);
    }
  }

  /** Asks for the right to create objects in a schema. */
  void requireCreate(String schema) {
    if (!may(schema, Privilege.CREATE)) {
      throw AccessRights.denied("schema " + schema);
    }
  }

  /** Asks for the right to create schemas. */
  void requireCreateSchema() {
    if (!isUnlimited()
        && !rights().has(role(), ObjectClass.DATABASE, ObjectClass.DATABASE_ID, Privilege.CREATE)) {
      throw AccessRights.denied("database ppdb");
    }
  }

  /** Asks to be the owner of {@code object}. */
  void requireOwner(CatalogObject object) {
    requireOwner(object.id(), object.kindName(), object.name());
  }

  void requireOwner(SchemaDefinition schema) {
    requireOwner(schema.id(), "schema", schema.name());
  }

  void requireOwner(long id, String kind, String name) {
    if (!owns(id)) {
      throw notOwner(kind, name);
    }
  }

  private boolean owns(long id) {
    return isUnlimited() || rights().owns(role(), id);
  }

  private static PpdbException notOwner(String kind, String name) {
    return new PpdbException(
        ErrorCode.INSUFFICIENT_PRIVILEGE, "must be owner of " + kind + " " + name);
  }

  /** Asks to be the owner of {@code object} or of its schema, which may drop it. */
  void requireMayDrop(CatalogObject object) {
    if (owns(object.id())) {
      return;
    }
    SchemaDefinition schema = Schemas.find(change.transaction(), object.schema());
    if (schema == null || !owns(schema.id())) {
      throw notOwner(object.kindName(), object.name());
    }
  }

  /** Asks for a privilege on a whole table. */
  void require(TableDefinition table, Privilege privilege) {
    if (!isUnlimited() && !rights().has(role(), ObjectClass.TABLE, table.id(), privilege)) {
      throw AccessRights.denied(table.kindName() + " " + table.name());
    }
  }

  /** Asks for a privilege on columns of a table. */
  void require(TableDefinition table, Privilege privilege, List<Integer> ordinals) {
    List<String> columns = ordinals.stream().map(i -> table.column(i).name()).toList();
    if (!isUnlimited() && !rights().hasOnColumns(role(), table.id(), columns, privilege)) {
      throw AccessRights.denied(table.kindName() + " " + table.name());
    }
  }
}
