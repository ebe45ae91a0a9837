package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import io.ppdb.relational.catalog.AccessCatalog;
import io.ppdb.relational.parser.RoleName;

/**
 * One statement's change of roles or rights: what it works with, and how it finds the roles that it
 * names.
 *
 * @param change what it is a change of
 * @param sessionRole the id of the role that the session stands for
 */
record AccessChange(Change change, long sessionRole) {
  AccessCatalog access() {
    return change.catalog().access();
  }

  /** All roles and rights with the changes so far. */
  AccessRights rights() {
    return change.rights();
  }

  /** The id of the role whose rights the statement has. */
  long current() {
    return change.viewpoint().role();
  }

  boolean isSuperuser() {
    return rights().isSuperuser(current());
  }

  /** The role that {@code name} stands for; UNDEFINED_OBJECT if there is none. */
  Role role(RoleName name) {
    AccessRights rights = rights();
    Role role =
        switch (name.kind()) {
          case CURRENT -> rights.find(current());
          case SESSION -> rights.find(sessionRole);
          case PUBLIC -> null;
          case NAMED -> rights.find(name.name());
        };
    if (role == null) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_OBJECT,
          "role \"" + name.name() + "\" does not exist" + Change.at(name.position()));
    }
    return role;
  }

  /** The id of whom something is granted to: a role, or everybody. */
  long grantee(RoleName name) {
    return name.kind() == RoleName.Kind.PUBLIC ? Role.PUBLIC : role(name).id();
  }

  /** Asks for the right to create and drop roles. */
  void requireCreateRole(String toDo) {
    if (!rights().has(current(), Attribute.CREATEROLE)) {
      throw new PpdbException(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to " + toDo);
    }
  }

  /** Asks to be a superuser. */
  void requireSuperuser(String toDo) {
    if (!isSuperuser()) {
      throw new PpdbException(ErrorCode.INSUFFICIENT_PRIVILEGE, "must be superuser to " + toDo);
    }
  }
}
