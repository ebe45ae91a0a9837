package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.AccessRights.Membership;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import io.ppdb.relational.expr.SessionInfo;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows about roles and the one database. */
final class RoleRows {
  /** What is shown in place of a verifier. */
  private static final String HIDDEN = "********";

  private static final int UTF8 = 6;

  private RoleRows() {}

  static void register(Map<String, Rows.Writer> writers) {
    writers.put("pg_authid", (catalog, session, rows) -> roles(catalog, rows));
    writers.put("pg_roles", (catalog, session, rows) -> roles(catalog, rows));
    writers.put("pg_user", RoleRows::users);
    writers.put("pg_shadow", RoleRows::users);
    writers.put("pg_group", RoleRows::groups);
    writers.put("pg_auth_members", RoleRows::members);
    writers.put("pg_database", RoleRows::databases);
    writers.put("pg_tablespace", RoleRows::tablespaces);
  }

  private static void roles(CatalogSnapshot catalog, Rows rows) {
    for (Role role : catalog.rights().roles()) {
      boolean all = role.isSuperuser();
      rows.add()
          .set("oid", Oids.role(role.id()))
          .set("rolname", role.name())
          .set("rolsuper", all)
          .set("rolinherit", role.has(Attribute.INHERIT))
          .set("rolcreaterole", role.has(Attribute.CREATEROLE))
          .set("rolcreatedb", role.has(Attribute.CREATEDB))
          .set("rolcanlogin", role.has(Attribute.LOGIN))
          .set("rolreplication", false)
          .set("rolbypassrls", all)
          .set("rolconnlimit", role.connectionLimit())
          .set("rolpassword", HIDDEN)
          .set("rolvaliduntil", time(role.validUntil()));
    }
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static void users(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Role role : catalog.rights().roles()) {
      if (role.has(Attribute.LOGIN)) {
        rows.add()
            .set("usename", role.name())
            .set("usesysid", Oids.role(role.id()))
            .set("usecreatedb", role.has(Attribute.CREATEDB))
            .set("usesuper", role.isSuperuser())
            .set("userepl", false)
            .set("usebypassrls", role.isSuperuser())
            .set("passwd", HIDDEN)
            .set("valuntil", time(role.validUntil()));
      }
    }
  }

  private static void groups(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    AccessRights rights = catalog.rights();
    for (Role role : rights.roles()) {
      if (!role.has(Attribute.LOGIN)) {
        List<Long> members =
            rights.memberships().stream()
                .filter(membership -> membership.role() == role.id())
                .map(membership -> Oids.role(membership.member()))
                .toList();
        rows.add()
            .set("groname", role.name())
            .set("grosysid", Oids.role(role.id()))
            .set("grolist", members);
      }
    }
  }

  private static void members(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Membership membership : catalog.rights().memberships()) {
      rows.add()
          .set("roleid", Oids.role(membership.role()))
          .set("member", Oids.role(membership.member()))
          .set("grantor", Oids.role(membership.grantor()))
          .set("admin_option", membership.admin());
    }
  }

  private static void databases(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    ObjectRights rights = catalog.rights().of(ObjectClass.DATABASE_ID);
    rows.add()
        .set("oid", Oids.DATABASE)
        .set("datname", PgCatalog.DATABASE)
        .set("datdba", Oids.role(rights.owner()))
        .set("encoding", UTF8)
        .set("datlocprovider", "c")
        .set("datallowconn", true)
        .set("datconnlimit", Role.UNLIMITED)
        .set("dattablespace", Oids.TABLESPACE)
        .set("datcollate", "C")
        .set("datctype", "C")
        .set("datacl", Acl.items(rights.granted(), catalog.rights()));
  }

  private static void tablespaces(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    rows.add()
        .set("oid", Oids.TABLESPACE)
        .set("spcname", "pg_default")
        .set("spcowner", Role.BOOTSTRAP);
  }
}
