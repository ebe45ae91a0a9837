package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.parser.Definition;
import io.ppdb.relational.planner.InformationSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** CREATE SCHEMA, DROP SCHEMA. Used for one statement. */
final class SchemaStatements {
  private final Change change;

  SchemaStatements(Change change) {
    this.change = change;
  }

  void create(Definition.CreateSchema node) {
    change.permissions().requireCreateSchema();
    String name = node.name().getSimple();
    if (isReserved(name)) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "unacceptable schema name \""
              + name
              + "\": names that begin with \"pg_\" or \"$\" are the system's"
              + Change.at(node.name()));
    }
    if (name.equals(InformationSchema.NAME) || Schemas.find(change.transaction(), name) != null) {
      if (node.ifNotExists()) {
        return;
      }
      throw new PpdbException(
          ErrorCode.DUPLICATE_SCHEMA,
          "schema \"" + name + "\" already exists" + Change.at(node.name()));
    }
    long id = change.allocateId();
    Schemas.create(change.transaction(), new SchemaDefinition(id, name));
  }

  private static boolean isReserved(String name) {
    return name.startsWith("pg_") || name.startsWith("$");
  }

  void drop(Definition.Drop node) {
    Map<String, SchemaDefinition> schemas = new LinkedHashMap<>();
    for (SqlIdentifier name : node.names()) {
      SchemaDefinition schema = find(name);
      if (schema != null) {
        change.permissions().requireOwner(schema);
        schemas.put(schema.name(), schema);
      } else if (!node.ifExists()) {
        throw Change.undefinedSchema(Names.simple(name), name);
      }
    }
    drop(schemas, Map.of(), node.cascade());
  }

  /** Drops schemas, by name, and objects besides, by id. */
  void drop(
      Map<String, SchemaDefinition> schemas, Map<Long, CatalogObject> others, boolean cascade) {
    Map<Long, CatalogObject> contents = new LinkedHashMap<>(others);
    for (CatalogObject object : change.catalog().objects(change.transaction())) {
      if (schemas.containsKey(object.schema())) {
        if (!cascade && !others.containsKey(object.id())) {
          throw notEmpty(object);
        }
        contents.put(object.id(), object);
      }
    }
    new DropStatements(change).drop(contents, cascade);
    schemas.values().forEach(schema -> change.catalog().drop(change.transaction(), schema));
  }

  private @Nullable SchemaDefinition find(SqlIdentifier name) {
    if (name.names.size() > 1) {
      throw new PpdbException(
          ErrorCode.SYNTAX_ERROR,
          "the name of a schema is not qualified: \"" + name + "\"" + Change.at(name));
    }
    if (name.getSimple().equals(InformationSchema.NAME)) {
      throw new PpdbException(
          ErrorCode.DEPENDENT_OBJECTS,
          "cannot drop schema "
              + InformationSchema.NAME
              + " because it is required by the database system"
              + Change.at(name));
    }
    return Schemas.find(change.transaction(), name.getSimple());
  }

  private static PpdbException notEmpty(CatalogObject object) {
    return new PpdbException(
        ErrorCode.DEPENDENT_OBJECTS,
        "cannot drop schema "
            + object.schema()
            + " because other objects depend on it: "
            + object.kindName()
            + " "
            + object.schema()
            + "."
            + object.name()
            + " is in it; use DROP ... CASCADE to drop what is in it too");
  }
}
