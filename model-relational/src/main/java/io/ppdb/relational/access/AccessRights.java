package io.ppdb.relational.access;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.Role.Attribute;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All roles, memberships, owners and grants of a store at one version. Immutable, save for what it
 * remembers; thread-safe.
 */
public final class AccessRights {
  /** The name of the role that is always there. */
  public static final String BOOTSTRAP_NAME = "ppdb";

  private static final List<Role> PREDEFINED =
      List.of(
          new Role(
              Role.BOOTSTRAP,
              BOOTSTRAP_NAME,
              EnumSet.allOf(Attribute.class),
              null,
              null,
              Role.UNLIMITED),
          Role.of(Role.READ_SERVER_FILES, "pg_read_server_files"),
          Role.of(Role.WRITE_SERVER_FILES, "pg_write_server_files"));

  private final long version;
  private final Map<Long, Role> roles = new TreeMap<>();
  private final Map<String, Role> rolesByName = new TreeMap<>();
  private final List<Membership> memberships;
  private final Map<Long, ObjectRights> objects;

  /**
   * {@code member} is a member of {@code role}.
   *
   * @param admin whether the member may make others members
   */
  public record Membership(long role, long member, long grantor, boolean admin) {}

  /**
   * @param version names exactly this content
   * @param stored the roles that are not always there, or have changed what changes of those
   * @param objects rights of objects that are not {@link ObjectRights#USUAL}, by their ids
   */
  public AccessRights(
      long version,
      Collection<Role> stored,
      Collection<Membership> memberships,
      Map<Long, ObjectRights> objects) {
    this.version = version;
    PREDEFINED.forEach(this::add);
    stored.forEach(this::add);
    this.memberships = List.copyOf(memberships);
    this.objects = Map.copyOf(objects);
  }

  private void add(Role role) {
    roles.put(role.id(), role);
    rolesByName.put(role.name(), role);
  }

  public long version() {
    return version;
  }

  /** All roles, by id. */
  public Collection<Role> roles() {
    return roles.values();
  }

  public List<Membership> memberships() {
    return memberships;
  }

  /** Rights of objects that are not {@link ObjectRights#USUAL}, by their ids. */
  public Map<Long, ObjectRights> objects() {
    return objects;
  }

  /** The role with this id, or null if it has been dropped. */
  public @Nullable Role find(long id) {
    return roles.get(id);
  }

  /** The role called {@code name}, or null. */
  public @Nullable Role find(String name) {
    return rolesByName.get(name);
  }

  /** The role called {@code name}; UNDEFINED_OBJECT if there is none. */
  public Role require(String name) {
    Role role = find(name);
    if (role == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }
    return role;
  }

  /** What messages call a role, also one that has been dropped. */
  public String name(long id) {
    Role role = find(id);
    return id == Role.PUBLIC ? "PUBLIC" : role == null ? Long.toString(id) : role.name();
  }

  public boolean isSuperuser(long id) {
    if (id == Role.BOOTSTRAP) {
      return true;
    }
    Role role = find(id);
    return role != null && role.isSuperuser();
  }

  /** Whether {@code id} is there and has {@code attribute}, as superusers have all but LOGIN. */
  public boolean has(long id, Attribute attribute) {
    Role role = find(id);
    return role != null && (role.isSuperuser() || role.has(attribute));
  }

  /** Whether {@code role} may become {@code other} by SET ROLE. */
  public boolean isMember(long role, long other) {
    return isSuperuser(role) || reached(role, each -> true).contains(other);
  }

  /** Whether {@code other} is {@code role} or one it is a member of, superuser or not. */
  public boolean isDeclaredMember(long role, long other) {
    return reached(role, each -> true).contains(other);
  }

  /** Whether {@code role} may do what {@code other} may. */
  public boolean hasRightsOf(long role, long other) {
    return role == other || isSuperuser(role) || inherited(role).contains(other);
  }

  /** {@code role}, if it is there, and those whose privileges it has. */
  public Set<Long> inherited(long role) {
    return reached(role, each -> each.has(Attribute.INHERIT));
  }

  private Set<Long> reached(long role, Predicate<Role> goesOn) {
    Set<Long> found = new LinkedHashSet<>();
    Set<Long> open = new HashSet<>();
    open.add(role);
    while (!open.isEmpty()) {
      Set<Long> next = new HashSet<>();
      for (long id : open) {
        Role known = find(id);
        if (known != null && found.add(id) && goesOn.test(known)) {
          memberships.stream().filter(m -> m.member() == id).forEach(m -> next.add(m.role()));
        }
      }
      open = next;
    }
    return found;
  }

  /** Whether {@code role} may make others members of {@code group}. */
  public boolean isAdmin(long role, long group) {
    Set<Long> all = reached(role, each -> true);
    return memberships.stream()
        .anyMatch(m -> m.role() == group && m.admin() && all.contains(m.member()));
  }

  /** The rights on an object. */
  public ObjectRights of(long objectId) {
    return objects.getOrDefault(objectId, ObjectRights.USUAL);
  }

  /** Whether {@code role} may do what the owner of an object may. */
  public boolean owns(long role, long objectId) {
    return hasRightsOf(role, of(objectId).owner());
  }

  /** What {@code role} may do with a whole object: bits of {@link Privilege}. */
  public int privileges(long role, ObjectClass type, long objectId) {
    if (isSuperuser(role)) {
      return type.all();
    }
    Set<Long> all = inherited(role);
    return of(objectId).grants(type, objectId).privileges(all::contains);
  }

  public boolean has(long role, ObjectClass type, long objectId, Privilege privilege) {
    return (privileges(role, type, objectId) & privilege.bit()) != 0;
  }

  /** Whether {@code role} has {@code privilege} on a column, by itself or with its table. */
  public boolean hasOnColumn(long role, long tableId, String column, Privilege privilege) {
    return has(role, ObjectClass.TABLE, tableId, privilege)
        || (of(tableId).columnGrants(column).privileges(inherited(role)::contains)
                & privilege.bit())
            != 0;
  }

  /** Whether {@code role} has {@code privilege} on all of {@code columns}. */
  public boolean hasOnColumns(
      long role, long tableId, Collection<String> columns, Privilege privilege) {
    if (has(role, ObjectClass.TABLE, tableId, privilege)) {
      return true;
    }
    return columns.stream().allMatch(column -> hasOnColumn(role, tableId, column, privilege));
  }

  /** Whether {@code role} has {@code privilege} on a table or on one of its columns. */
  public boolean hasOnAny(long role, long tableId, Privilege privilege) {
    if (has(role, ObjectClass.TABLE, tableId, privilege)) {
      return true;
    }
    return of(tableId).columns().keySet().stream()
        .anyMatch(column -> hasOnColumn(role, tableId, column, privilege));
  }

  /** Whether {@code role} has any privilege at all on a table or on one of its columns. */
  public boolean hasAny(long role, ObjectClass type, long objectId) {
    if (owns(role, objectId) || privileges(role, type, objectId) != 0) {
      return true;
    }
    Set<Long> all = inherited(role);
    return of(objectId).columns().values().stream()
        .anyMatch(list -> list.privileges(all::contains) != 0);
  }

  /** The rights on objects that {@code role} owns, has granted or was granted something on. */
  public Map<Long, ObjectRights> dependingOn(long role) {
    Map<Long, ObjectRights> found = new TreeMap<>();
    objects.forEach(
        (id, rights) -> {
          if (rights.owner() == role || rights.names(role)) {
            found.put(id, rights);
          }
        });
    return found;
  }

  /** What to throw as a role may not do with {@code what} what a statement needs. */
  public static PpdbException denied(String what) {
    return new PpdbException(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for " + what);
  }
}
