package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.AccessRights.Membership;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import io.ppdb.relational.parser.AccessStatement;
import io.ppdb.relational.parser.RoleName;
import org.jspecify.annotations.Nullable;

/** GRANT and REVOKE of roles. Used for one statement. */
final class MembershipStatements {
  private final AccessChange change;

  MembershipStatements(AccessChange change) {
    this.change = change;
  }

  void run(AccessStatement.Memberships node) {
    RoleName grantor = node.grantor();
    if (grantor != null && change.role(grantor).id() != change.current()) {
      change.requireSuperuser("set grantor");
    }
    for (RoleName name : node.roles()) {
      Role role = change.role(name);
      requireAdmin(role);
      for (RoleName memberName : node.members()) {
        Role member = change.role(memberName);
        if (node.revokes()) {
          remove(role, member, node.admin());
        } else {
          add(name, role, member, node.admin());
        }
      }
    }
  }

  /** Asks for the right to say who is a member of {@code role}. */
  private void requireAdmin(Role role) {
    AccessRights rights = change.rights();
    long current = change.current();
    if (role.isSuperuser()) {
      change.requireSuperuser("alter superusers");
    }
    boolean may = rights.has(current, Attribute.CREATEROLE) || rights.isAdmin(current, role.id());
    if (!may) {
      throw new PpdbException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "must have admin option on role \"" + role.name() + "\"");
    }
  }

  /** Makes {@code member} a member of {@code role}, which {@code name} names. */
  void add(RoleName name, Role role, Role member, boolean admin) {
    AccessRights rights = change.rights();
    if (rights.isDeclaredMember(role.id(), member.id())) {
      throw new PpdbException(
          ErrorCode.INVALID_GRANT,
          "role \""
              + role.name()
              + "\" is a member of role \""
              + member.name()
              + "\""
              + Change.at(name.position()));
    }
    Membership old = find(role, member);
    boolean isAdmin = admin || (old != null && old.admin());
    change
        .access()
        .put(
            change.change().transaction(),
            new Membership(role.id(), member.id(), change.current(), isAdmin));
  }

  private void remove(Role role, Role member, boolean adminOnly) {
    Membership old = find(role, member);
    if (old == null) {
      return; // as in PostgreSQL, which warns
    }
    if (adminOnly) {
      change
          .access()
          .put(
              change.change().transaction(),
              new Membership(old.role(), old.member(), old.grantor(), false));
    } else {
      change.access().remove(change.change().transaction(), old);
    }
  }

  private @Nullable Membership find(Role role, Role member) {
    for (Membership membership : change.rights().memberships()) {
      if (membership.role() == role.id() && membership.member() == member.id()) {
        return membership;
      }
    }
    return null;
  }
}
