package io.ppdb.relational.parser;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/** Statements about roles and what they may do. No text of theirs shows a password. */
public sealed interface AccessStatement {
  /** CREATE ROLE, or CREATE USER if {@code login}. */
  record CreateRole(RoleName name, boolean ifNotExists, boolean login, RoleOptions options)
      implements AccessStatement {}

  /** ALTER ROLE with options. */
  record AlterRole(RoleName name, boolean ifExists, RoleOptions options)
      implements AccessStatement {}

  /** ALTER ROLE … RENAME TO. */
  record RenameRole(RoleName name, boolean ifExists, RoleName newName) implements AccessStatement {}

  /** DROP ROLE. */
  record DropRoles(List<RoleName> names, boolean ifExists) implements AccessStatement {}

  /**
   * GRANT of roles to roles, or REVOKE of them.
   *
   * @param admin whether it is about the right to make others members; of REVOKE, that alone
   * @param grantor null for whoever may
   */
  record Memberships(
      boolean revokes,
      List<RoleName> roles,
      List<RoleName> members,
      boolean admin,
      boolean cascade,
      @Nullable RoleName grantor)
      implements AccessStatement {}

  /**
   * What GRANT and REVOKE call a privilege.
   *
   * @param word of a privilege, {@code ALL}, or a name of a role
   * @param columns null for the whole object
   */
  record PrivilegeClause(SqlIdentifier word, @Nullable SqlNodeList columns) {
    /** Whether all privileges are meant. */
    public boolean isAll() {
      return word.getSimple().equals(ALL);
    }

    public List<SqlIdentifier> columnList() {
      return columns == null ? List.of() : Definition.identifiers(columns);
    }

    /** The role that this is if it is no privilege. */
    RoleName role() {
      return RoleName.of(word.getSimple(), word.getParserPosition());
    }
  }

  /** What stands for all privileges; in upper case, as no name is unless it is quoted. */
  String ALL = "ALL";

  /** What GRANT … ON is about. */
  enum TargetKind {
    /** A table, a view, or a sequence. */
    TABLE,
    SEQUENCE,
    SCHEMA,
    DATABASE,
    TABLES_IN_SCHEMA,
    SEQUENCES_IN_SCHEMA
  }

  /**
   * GRANT of privileges on objects, or REVOKE of them.
   *
   * @param option whether it is about the right to grant them; of REVOKE, that alone
   * @param grantor null for whoever may
   */
  record Privileges(
      boolean revokes,
      List<PrivilegeClause> privileges,
      TargetKind kind,
      List<SqlIdentifier> names,
      List<RoleName> grantees,
      boolean option,
      boolean cascade,
      @Nullable RoleName grantor)
      implements AccessStatement {}

  /** ALTER … OWNER TO; {@code kind} null stands for the database. */
  record ChangeOwner(
      Definition.@Nullable Kind kind, SqlIdentifier name, boolean ifExists, RoleName owner)
      implements AccessStatement {}

  /** REASSIGN OWNED BY … TO. */
  record ReassignOwned(List<RoleName> roles, RoleName owner) implements AccessStatement {}

  /** DROP OWNED BY. */
  record DropOwned(List<RoleName> roles, boolean cascade) implements AccessStatement {}

  /** GRANT or REVOKE of what {@code items} are: privileges if there is a target, else roles. */
  static AccessStatement of(
      boolean revokes,
      List<PrivilegeClause> items,
      @Nullable TargetKind kind,
      List<SqlIdentifier> names,
      List<RoleName> roles,
      boolean option,
      boolean cascade,
      @Nullable RoleName grantor) {
    if (kind != null) {
      return new Privileges(revokes, items, kind, names, roles, option, cascade, grantor);
    }
    List<RoleName> granted = items.stream().map(PrivilegeClause::role).toList();
    return new Memberships(revokes, granted, roles, option, cascade, grantor);
  }
}
