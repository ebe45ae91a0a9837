package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.access.AccessList;
import io.ppdb.relational.access.AccessList.Entry;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.parser.AccessStatement;
import io.ppdb.relational.parser.AccessStatement.PrivilegeClause;
import io.ppdb.relational.parser.AccessStatement.TargetKind;
import io.ppdb.relational.parser.RoleName;
import io.ppdb.relational.planner.InformationSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** GRANT and REVOKE of privileges on objects. Used for one statement. */
final class GrantStatements {
  private final AccessChange change;

  GrantStatements(AccessChange change) {
    this.change = change;
  }

  /**
   * An object that privileges are granted on.
   *
   * @param kind what messages call it
   * @param columns of a table or view
   */
  private record Target(
      long id, ObjectClass type, String kind, String name, List<String> columns) {}

  void run(AccessStatement.Privileges node) {
    for (Target target : targets(node)) {
      run(node, target);
    }
  }

  private void run(AccessStatement.Privileges node, Target target) {
    int whole = 0;
    Map<String, Integer> byColumn = new TreeMap<>();
    for (PrivilegeClause clause : node.privileges()) {
      if (clause.columns() == null) {
        whole |= privileges(clause, target, target.type().all());
        continue;
      }
      if (target.type() != ObjectClass.TABLE) {
        throw new PpdbException(
            ErrorCode.INVALID_GRANT,
            "column privileges are only valid for relations" + Change.at(clause.word()));
      }
      int bits = privileges(clause, target, ObjectClass.COLUMN_PRIVILEGES);
      for (SqlIdentifier column : clause.columnList()) {
        byColumn.merge(column(target, column), bits, (a, b) -> a | b);
      }
    }
    if (whole != 0) {
      change(node, target, null, whole);
    }
    byColumn.forEach((column, bits) -> change(node, target, column, bits));
    if (node.revokes() && target.type() == ObjectClass.TABLE && whole != 0) {
      revokeOnColumns(node, target, whole & ObjectClass.COLUMN_PRIVILEGES);
    }
  }

  /** What is taken back on a table is taken back on its columns. */
  private void revokeOnColumns(AccessStatement.Privileges node, Target target, int bits) {
    for (String column : change.rights().of(target.id()).columns().keySet()) {
      change(node, target, column, bits);
    }
  }

  private static int privileges(PrivilegeClause clause, Target target, int possible) {
    if (clause.isAll()) {
      return possible;
    }
    Privilege privilege = Privilege.named(clause.word().getSimple());
    if ((privilege.bit() & possible) == 0) {
      throw new PpdbException(
          ErrorCode.INVALID_GRANT,
          "invalid privilege type "
              + privilege
              + " for "
              + (clause.columns() == null ? target.type().word() : "column")
              + Change.at(clause.word()));
    }
    return privilege.bit();
  }

  private static String column(Target target, SqlIdentifier column) {
    if (!target.columns().contains(column.getSimple())) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \""
              + column.getSimple()
              + "\" of relation \""
              + target.name()
              + "\" does not exist"
              + Change.at(column));
    }
    return column.getSimple();
  }

  /** Changes what is granted on a whole object, or on a column of it if that is not null. */
  private void change(
      AccessStatement.Privileges node, Target target, @Nullable String column, int bits) {
    ObjectRights rights = change.rights().of(target.id());
    Grantor grantor = grantor(node, target, rights, column, bits);
    AccessList grants =
        column == null ? rights.grants(target.type(), target.id()) : rights.columnGrants(column);
    AccessList before = grants;
    for (RoleName name : node.grantees()) {
      long grantee = change.grantee(name);
      if (node.revokes()) {
        Entry revoked =
            new Entry(
                grantee,
                grantor.role(),
                node.option() ? 0 : grantor.may(),
                node.option() ? grantor.may() : 0);
        grants = grants.revoke(rights.owner(), revoked, node.cascade());
      } else if (grantor.may() != 0) {
        requireOptionFits(node, grantee, name);
        // The owner may grant without an option, and needs none that could be taken back.
        boolean option = node.option() && grantee != rights.owner();
        grants =
            grants.grant(
                rights.owner(),
                new Entry(grantee, grantor.role(), grantor.may(), option ? grantor.may() : 0));
      }
    }
    if (!grants.equals(before)) {
      change
          .access()
          .put(
              change.change().transaction(),
              target.id(),
              column == null ? rights.withGranted(grants) : rights.withColumn(column, grants));
    }
  }

  private static void requireOptionFits(
      AccessStatement.Privileges node, long grantee, RoleName name) {
    if (node.option() && grantee == Role.PUBLIC) {
      throw new PpdbException(
          ErrorCode.INVALID_GRANT,
          "grant options can only be granted to roles" + Change.at(name.position()));
    }
  }

  /**
   * In whose name privileges are granted.
   *
   * @param may those of them that it may grant
   */
  private record Grantor(long role, int may) {}

  /**
   * The owner, if the role of the statement may act for it; else a role it is a member of that may
   * grant most of what is wanted. Fails if the role has nothing to do with the object.
   */
  private Grantor grantor(
      AccessStatement.Privileges node,
      Target target,
      ObjectRights rights,
      @Nullable String column,
      int wanted) {
    AccessRights all = change.rights();
    long current = change.current();
    RoleName named = node.grantor();
    if (named != null && change.role(named).id() != current) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED, "grantor must be current user" + Change.at(named.position()));
    }
    if (all.hasRightsOf(current, rights.owner())) {
      return new Grantor(rights.owner(), wanted);
    }
    Grantor best = new Grantor(current, 0);
    for (long role : all.inherited(current)) {
      int options = rights.grants(target.type(), target.id()).options(role);
      if (column != null) {
        options |= rights.columnGrants(column).options(role);
      }
      if (Integer.bitCount(options & wanted) > Integer.bitCount(best.may())) {
        best = new Grantor(role, options & wanted);
      }
    }
    if (best.may() == 0 && !all.hasAny(current, target.type(), target.id())) {
      throw AccessRights.denied(target.kind() + " " + target.name());
    }
    if (best.may() == 0) {
      throw new PpdbException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "no privileges were "
              + (node.revokes() ? "revoked" : "granted")
              + " for \""
              + target.name()
              + "\": role \""
              + all.name(current)
              + "\" has no grant option for them");
    }
    return best;
  }

  private List<Target> targets(AccessStatement.Privileges node) {
    List<Target> targets = new ArrayList<>();
    for (SqlIdentifier name : node.names()) {
      switch (node.kind()) {
        case TABLE, SEQUENCE -> targets.add(object(node.kind(), name));
        case SCHEMA -> {
          SchemaDefinition schema = schema(name);
          targets.add(
              new Target(schema.id(), ObjectClass.SCHEMA, "schema", schema.name(), List.of()));
        }
        case DATABASE -> targets.add(database(name));
        case TABLES_IN_SCHEMA, SEQUENCES_IN_SCHEMA -> addAllIn(schema(name), node.kind(), targets);
      }
    }
    return targets;
  }

  private Target object(TargetKind kind, SqlIdentifier name) {
    CatalogObject object = change.change().find(name);
    if (object == null) {
      throw change.change().missing("relation", name);
    }
    if (kind == TargetKind.SEQUENCE && !(object instanceof SequenceDefinition)) {
      throw Names.wrongKind(name, "sequence");
    }
    change.change().transaction().guard(Catalog.epochKey(object.id()));
    return target(object);
  }

  private static Target target(CatalogObject object) {
    List<ColumnDefinition> columns =
        object instanceof TableDefinition table
            ? table.columns()
            : object instanceof ViewDefinition view ? view.columns() : List.of();
    return new Target(
        object.id(),
        object instanceof SequenceDefinition ? ObjectClass.SEQUENCE : ObjectClass.TABLE,
        object.kindName(),
        object.name(),
        columns.stream().map(ColumnDefinition::name).toList());
  }

  private SchemaDefinition schema(SqlIdentifier name) {
    SchemaDefinition schema = Schemas.guard(change.change().transaction(), Names.simple(name));
    if (schema == null) {
      throw Change.undefinedSchema(Names.simple(name), name);
    }
    return schema;
  }

  private static Target database(SqlIdentifier name) {
    if (!Names.simple(name).equals(InformationSchema.CATALOG_NAME)) {
      throw new PpdbException(
          ErrorCode.UNDEFINED_SCHEMA,
          "database \"" + Names.simple(name) + "\" does not exist" + Change.at(name));
    }
    return new Target(
        ObjectClass.DATABASE_ID,
        ObjectClass.DATABASE,
        "database",
        InformationSchema.CATALOG_NAME,
        List.of());
  }

  private void addAllIn(SchemaDefinition schema, TargetKind kind, List<Target> targets) {
    boolean wantsSequences = kind == TargetKind.SEQUENCES_IN_SCHEMA;
    for (CatalogObject object : change.change().catalog().objects(change.change().transaction())) {
      boolean isSequence = object instanceof SequenceDefinition;
      if (object.schema().equals(schema.name()) && isSequence == wantsSequences) {
        targets.add(target(object));
      }
    }
  }
}
