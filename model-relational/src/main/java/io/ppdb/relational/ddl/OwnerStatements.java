package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.parser.AccessStatement;
import io.ppdb.relational.parser.Definition.Kind;
import io.ppdb.relational.parser.RoleName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** ALTER … OWNER TO, REASSIGN OWNED, DROP OWNED. Used for one statement. */
final class OwnerStatements {
  private final AccessChange change;

  OwnerStatements(AccessChange change) {
    this.change = change;
  }

  private Transaction transaction() {
    return change.change().transaction();
  }

  void changeOwner(AccessStatement.ChangeOwner node) {
    SqlIdentifier name = node.name();
    long owner = change.role(node.owner()).id();
    if (node.kind() == Kind.SCHEMA) {
      SchemaDefinition schema = Schemas.guard(transaction(), name.getSimple());
      if (schema == null) {
        throw Change.undefinedSchema(name.getSimple(), name);
      }
      change.change().permissions().requireOwner(schema);
      change.change().permissions().requireCreateSchema();
      requireMember(owner);
      setOwner(schema.id(), owner);
      return;
    }
    CatalogObject object = change.change().find(name);
    if (object == null) {
      if (node.ifExists()) {
        return;
      }
      throw change.change().missing("relation", name);
    }
    if (!fits(node.kind(), object)) {
      throw Names.wrongKind(name, node.kind() == null ? "table" : node.kind().word());
    }
    change.change().permissions().requireOwner(object);
    requireMember(owner);
    requireMayCreate(object, owner);
    setOwner(object, owner);
  }

  private static boolean fits(@Nullable Kind kind, CatalogObject object) {
    // ALTER TABLE is about whatever has rows or a query, as in PostgreSQL.
    return kind == Kind.TABLE || (kind != null && object.kindName().equals(kind.word()));
  }

  /** Asks to be a member of the role that something is given to. */
  private void requireMember(long owner) {
    AccessRights rights = change.rights();
    if (!rights.isMember(change.current(), owner)) {
      throw new PpdbException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "must be member of role \"" + rights.name(owner) + "\"");
    }
  }

  /** Asks that the new owner could have created the object, unless a superuser gives it. */
  private void requireMayCreate(CatalogObject object, long owner) {
    SchemaDefinition schema = Schemas.find(transaction(), object.schema());
    if (!change.isSuperuser()
        && schema != null
        && !change.rights().has(owner, ObjectClass.SCHEMA, schema.id(), Privilege.CREATE)) {
      throw AccessRights.denied("schema " + schema.name());
    }
  }

  private void setOwner(long id, long owner) {
    ObjectRights rights = change.rights().of(id);
    if (rights.owner() != owner) {
      change.access().put(transaction(), id, rights.withOwner(owner));
    }
  }

  /** Gives an object away, with the sequences of its columns; plans that read it are made anew. */
  private void setOwner(CatalogObject object, long owner) {
    setOwner(object.id(), owner);
    if (object instanceof TableDefinition table) {
      change.change().catalog().replace(transaction(), table);
      for (CatalogObject other : change.change().catalog().objects(transaction())) {
        if (other instanceof SequenceDefinition sequence && sequence.ownerId() == table.id()) {
          setOwner(sequence.id(), owner);
        }
      }
    } else if (object instanceof ViewDefinition view) {
      change.change().catalog().store(transaction(), view);
    }
  }

  void reassign(AccessStatement.ReassignOwned node) {
    long owner = change.role(node.owner()).id();
    for (RoleName name : node.roles()) {
      Role role = droppable(name, "reassign objects");
      requireMember(owner);
      change
          .rights()
          .dependingOn(role.id())
          .forEach(
              (id, rights) -> {
                if (rights.owner() == role.id()) {
                  CatalogObject object = change.change().catalog().findObject(transaction(), id);
                  if (object == null) {
                    setOwner(id, owner);
                  } else {
                    setOwner(object, owner);
                  }
                }
              });
    }
  }

  /** The role whose belongings are dropped or given away, by one who has its rights. */
  private Role droppable(RoleName name, String toDo) {
    Role role = change.role(name);
    if (role.isPredefined()) {
      throw new PpdbException(
          ErrorCode.DEPENDENT_OBJECTS,
          "cannot "
              + toDo
              + " owned by role \""
              + role.name()
              + "\" because they are required by the database system"
              + Change.at(name.position()));
    }
    if (!change.rights().hasRightsOf(change.current(), role.id())) {
      throw new PpdbException(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to " + toDo);
    }
    return role;
  }

  void dropOwned(AccessStatement.DropOwned node) {
    List<Role> roles = node.roles().stream().map(name -> droppable(name, "drop objects")).toList();
    Map<Long, CatalogObject> objects = new LinkedHashMap<>();
    Map<String, SchemaDefinition> schemas = new LinkedHashMap<>();
    for (Role role : roles) {
      for (SchemaDefinition schema : Schemas.all(transaction())) {
        if (change.rights().of(schema.id()).owner() == role.id()) {
          schemas.put(schema.name(), schema);
        }
      }
      for (CatalogObject object : change.change().catalog().objects(transaction())) {
        if (change.rights().of(object.id()).owner() == role.id()) {
          objects.put(object.id(), object);
        }
      }
    }
    new SchemaStatements(change.change()).drop(schemas, objects, node.cascade());
    for (Role role : roles) {
      change
          .rights()
          .dependingOn(role.id())
          .forEach(
              (id, rights) -> change.access().put(transaction(), id, rights.without(role.id())));
    }
  }
}
