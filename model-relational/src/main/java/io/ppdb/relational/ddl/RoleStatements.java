package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import io.ppdb.relational.access.ScramVerifier;
import io.ppdb.relational.parser.AccessStatement;
import io.ppdb.relational.parser.RoleName;
import io.ppdb.relational.parser.RoleOptions;
import io.ppdb.relational.type.DateTimeText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE, ALTER and DROP ROLE. Used for one statement. */
final class RoleStatements {
  private static final Set<String> RESERVED =
      Set.of("public", "none", "current_user", "current_role", "session_user");

  private final AccessChange change;

  RoleStatements(AccessChange change) {
    this.change = change;
  }

  void create(AccessStatement.CreateRole node) {
    change.requireCreateRole("create role");
    RoleOptions options = node.options();
    requireMay(options, null);
    String name = newName(node.name());
    if (change.rights().find(name) != null) {
      if (node.ifNotExists()) {
        return;
      }
      throw exists(node.name());
    }
    long id = change.change().catalog().allocateId(change.change().transaction());
    Set<Attribute> attributes = EnumSet.of(Attribute.INHERIT);
    if (node.login()) {
      attributes.add(Attribute.LOGIN);
    }
    Role role = new Role(id, name, attributes, null, null, Role.UNLIMITED);
    change.access().put(change.change().transaction(), with(role, options));
    MembershipStatements memberships = new MembershipStatements(change);
    for (RoleName group : options.groups()) {
      memberships.add(group, change.role(group), change.rights().require(name), false);
    }
    for (RoleName member : options.members()) {
      memberships.add(node.name(), change.rights().require(name), change.role(member), false);
    }
    for (RoleName admin : options.admins()) {
      memberships.add(node.name(), change.rights().require(name), change.role(admin), true);
    }
  }

  void alter(AccessStatement.AlterRole node) {
    Role role = existing(node.name(), node.ifExists());
    if (role == null) {
      return;
    }
    boolean isOwnPassword = role.id() == change.current() && node.options().isPasswordOnly();
    if (role.id() != Role.BOOTSTRAP || !isOwnPassword) { // whose password may be given, no more
      requireChangeable(role, node.name());
    }
    if (!isOwnPassword) {
      change.requireCreateRole("alter role");
      requireMay(node.options(), role);
    }
    change.access().put(change.change().transaction(), with(role, node.options()));
  }

  void rename(AccessStatement.RenameRole node) {
    Role role = existing(node.name(), node.ifExists());
    if (role == null) {
      return;
    }
    requireChangeable(role, node.name());
    change.requireCreateRole("rename role");
    if (role.isSuperuser()) {
      change.requireSuperuser("rename superusers");
    }
    if (role.id() == change.sessionRole() || role.id() == change.current()) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          (role.id() == change.sessionRole() ? "session" : "current")
              + " user cannot be renamed"
              + Change.at(node.name().position()));
    }
    String name = newName(node.newName());
    if (change.rights().find(name) != null) {
      throw exists(node.newName());
    }
    Role renamed =
        new Role(
            role.id(),
            name,
            role.attributes(),
            role.verifier(),
            role.validUntil(),
            role.connectionLimit());
    change.access().put(change.change().transaction(), renamed);
  }

  void drop(AccessStatement.DropRoles node) {
    change.requireCreateRole("drop role");
    for (RoleName name : node.names()) {
      Role role = existing(name, node.ifExists());
      if (role != null) {
        drop(role, name);
      }
    }
  }

  private void drop(Role role, RoleName name) {
    requireChangeable(role, name);
    if (role.isSuperuser()) {
      change.requireSuperuser("drop superusers");
    }
    if (role.id() == change.current() || role.id() == change.sessionRole()) {
      throw new PpdbException(
          ErrorCode.LOCKED,
          (role.id() == change.current() ? "current" : "session")
              + " user cannot be dropped"
              + Change.at(name.position()));
    }
    Map<Long, ObjectRights> depending = change.rights().dependingOn(role.id());
    if (!depending.isEmpty()) {
      Map.Entry<Long, ObjectRights> first = depending.entrySet().iterator().next();
      throw new PpdbException(
          ErrorCode.DEPENDENT_OBJECTS,
          "role \""
              + role.name()
              + "\" cannot be dropped because some objects depend on it: "
              + (first.getValue().owner() == role.id() ? "owner of " : "privileges for ")
              + new ObjectNames(change.change()).describe(first.getKey())
              + (depending.size() == 1 ? "" : ", and " + (depending.size() - 1) + " more")
              + Change.at(name.position()));
    }
    change.access().remove(change.change().transaction(), role);
  }

  private @Nullable Role existing(RoleName name, boolean ifExists) {
    boolean isAbsent =
        name.kind() == RoleName.Kind.NAMED && change.rights().find(name.name()) == null;
    return ifExists && isAbsent ? null : change.role(name);
  }

  private static void requireChangeable(Role role, RoleName name) {
    if (role.isPredefined() && role.id() != Role.BOOTSTRAP) {
      throw predefined(role, name);
    }
    if (role.id() == Role.BOOTSTRAP) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "role \""
              + role.name()
              + "\" is the one that is always there and cannot be changed"
              + Change.at(name.position()));
    }
  }

  private static PpdbException predefined(Role role, RoleName name) {
    return new PpdbException(
        ErrorCode.RESERVED_NAME,
        "role name \"" + role.name() + "\" is reserved" + Change.at(name.position()));
  }

  /** Asks for what options need that not everybody may give who creates roles. */
  private void requireMay(RoleOptions options, @Nullable Role role) {
    if (options.attributes().containsKey(Attribute.SUPERUSER)
        && (role != null || options.attributes().get(Attribute.SUPERUSER))) {
      change.requireSuperuser(
          role == null
              ? "create superusers"
              : "alter superuser roles or change superuser attribute");
    }
    if (role != null && role.isSuperuser()) {
      change.requireSuperuser("alter superuser roles or change superuser attribute");
    }
  }

  private String newName(RoleName name) {
    boolean isReserved =
        name.kind() != RoleName.Kind.NAMED
            || RESERVED.contains(name.name())
            || name.name().startsWith("pg_");
    if (isReserved) {
      throw new PpdbException(
          ErrorCode.RESERVED_NAME,
          "role name \"" + name.name() + "\" is reserved" + Change.at(name.position()));
    }
    return name.name();
  }

  private static PpdbException exists(RoleName name) {
    return new PpdbException(
        ErrorCode.DUPLICATE_OBJECT,
        "role \"" + name.name() + "\" already exists" + Change.at(name.position()));
  }

  private static Role with(Role role, RoleOptions options) {
    Set<Attribute> attributes = EnumSet.noneOf(Attribute.class);
    attributes.addAll(role.attributes());
    options
        .attributes()
        .forEach(
            (attribute, isOn) -> {
              if (isOn) {
                attributes.add(attribute);
              } else {
                attributes.remove(attribute);
              }
            });
    RoleOptions.Given password = options.password();
    RoleOptions.Given until = options.validUntil();
    Integer limit = options.connectionLimit();
    return new Role(
        role.id(),
        role.name(),
        attributes,
        password == null ? role.verifier() : verifier(password.value()),
        until == null ? role.validUntil() : instant(until.value()),
        limit == null ? role.connectionLimit() : limit);
  }

  /** What is kept of a password; an empty one is none, as in PostgreSQL. */
  private static @Nullable String verifier(@Nullable String password) {
    if (password == null || password.isEmpty()) {
      return null;
    }
    return ScramVerifier.isVerifier(password)
        ? password
        : ScramVerifier.ofPassword(password).text();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null || text.equals("infinity")
        ? null
        : Instant.EPOCH.plus(
            DateTimeText.parseTimestamptz(text, ZoneOffset.UTC), ChronoUnit.MICROS);
  }
}
