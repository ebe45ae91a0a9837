package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.StatementParser;
import io.ppdb.relational.parser.TextSpan;
import io.ppdb.relational.planner.CatalogView;
import io.ppdb.relational.planner.QueryPlanner;
import io.ppdb.relational.planner.Viewpoint;
import io.ppdb.relational.spi.TableAccess;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * One statement's change of the catalog: what it works with, and how it finds what it names.
 *
 * @param sql the text of the statement
 * @param viewpoint what names mean that are not qualified
 */
record Change(
    Catalog catalog,
    QueryPlanner planner,
    Transaction transaction,
    String sql,
    Viewpoint viewpoint) {
  /**
   * The catalog with the changes so far, for what is kept or belongs to the change, which is judged
   * otherwise.
   */
  CatalogView view() {
    return judgedView().ofQuery();
  }

  /** The catalog with the changes so far, for a query that reads with the rights of the role. */
  CatalogView judgedView() {
    return new CatalogView(catalog, transaction, viewpoint);
  }

  /** What the role of the statement may do. */
  Permissions permissions() {
    return new Permissions(this);
  }

  /** The id of a new object, which belongs to the role of the statement. */
  long allocateId() {
    long id = catalog.allocateId(transaction);
    if (viewpoint.role() != Role.BOOTSTRAP) {
      own(id, viewpoint.role());
    }
    return id;
  }

  /** Lets a new object belong to a role. */
  void own(long id, long role) {
    catalog.access().put(transaction, id, ObjectRights.ownedBy(role));
  }

  /** All roles and rights with the changes so far. */
  AccessRights rights() {
    return catalog.access().at(transaction);
  }

  /** The table called {@code name}, which must be one. */
  TableDefinition requireTable(SqlIdentifier name) {
    TableDefinition table = requireRelation(name);
    if (MaterializedView.is(table)) {
      throw Names.wrongKind(name, "table");
    }
    return table;
  }

  /** The table or materialised view called {@code name}, which must be one. */
  TableDefinition requireRelation(SqlIdentifier name) {
    CatalogObject object = find(name);
    if (object instanceof TableDefinition table) {
      return table;
    }
    if (object == null && !exists(name)) {
      throw missing("relation", name);
    }
    throw Names.wrongKind(name, "table");
  }

  /** The table, view or sequence called {@code name}, or null. */
  @Nullable CatalogObject find(SqlIdentifier name) {
    String schema = schemaOf(name);
    return schema == null ? null : catalog.findObject(transaction, schema, Names.simple(name));
  }

  /** The table that has an index called {@code name}, or null. */
  @Nullable TableAccess findTableOfIndex(SqlIdentifier name) {
    String schema = schemaOf(name);
    return schema == null
        ? null
        : catalog.findTableOfIndex(transaction, schema, Names.simple(name));
  }

  /** Whether anything is called {@code name}. */
  boolean exists(SqlIdentifier name) {
    return schemaOf(name) != null;
  }

  /** The first schema in which something is called {@code name}, or null. */
  private @Nullable String schemaOf(SqlIdentifier name) {
    return schemaOf(name, null);
  }

  /**
   * The first schema in which something is called {@code name}, or null.
   *
   * @param creating a schema that is going to have such an object, or null
   */
  @Nullable String schemaOf(SqlIdentifier name, @Nullable String creating) {
    if (Names.isQualified(name)) {
      permissions().requireUsage(Names.schema(name));
    }
    List<String> schemas =
        Names.isQualified(name) ? List.of(Names.schema(name)) : permissions().usable(viewpoint);
    for (String schema : schemas) {
      if (schema.equals(creating) || catalog.exists(transaction, schema, Names.simple(name))) {
        return schema;
      }
    }
    return null;
  }

  /**
   * What to throw as nothing is called {@code name}.
   *
   * @param kind what it should have been
   */
  PpdbException missing(String kind, SqlIdentifier name) {
    return Names.isQualified(name) && Schemas.find(transaction, Names.schema(name)) == null
        ? undefinedSchema(Names.schema(name), name)
        : new PpdbException(
            kind.equals("index") ? ErrorCode.UNDEFINED_OBJECT : ErrorCode.UNDEFINED_TABLE,
            kind + " \"" + Names.simple(name) + "\" does not exist" + at(name));
  }

  static PpdbException undefinedSchema(String schema, SqlNode name) {
    return new PpdbException(
        ErrorCode.UNDEFINED_SCHEMA, "schema \"" + schema + "\" does not exist" + at(name));
  }

  /** The schema in which a new object called {@code name} will be; nobody can drop it meanwhile. */
  String schemaFor(SqlIdentifier name) {
    List<String> schemas = Names.isQualified(name) ? List.of(Names.schema(name)) : viewpoint.path();
    for (String schema : schemas) {
      if (Schemas.guard(transaction, schema) != null) {
        permissions().requireCreate(schema);
        return schema;
      }
    }
    throw Names.isQualified(name)
        ? undefinedSchema(Names.schema(name), name)
        : new PpdbException(
            ErrorCode.UNDEFINED_SCHEMA,
            "no schema has been selected to create \"" + name + "\" in" + at(name));
  }

  /** Fails if the name of a new object in {@code schema} is taken. */
  void requireFree(String schema, SqlIdentifier name, ErrorCode code) {
    if (catalog.exists(transaction, schema, Names.simple(name))) {
      throw new PpdbException(
          code, "relation \"" + Names.simple(name) + "\" already exists" + at(name));
    }
  }

  /** An expression of the statement, parsed anew. */
  SqlNode expression(TextSpan text) {
    return QueryPlanner.parser().parseExpression(text.inPlace(sql));
  }

  /** A query that the catalog has. */
  SqlNode parse(String query) {
    return QueryPlanner.parser().parse(query);
  }

  /** A query of the statement, parsed anew. */
  SqlNode query(TextSpan text) {
    return QueryPlanner.parser().parse(text.inPlace(sql));
  }

  /** The names in expressions over the rows of {@code table}. */
  ExpressionNames names(TableDefinition table) {
    return new ExpressionNames(table.name());
  }

  static String at(SqlNode node) {
    return at(node.getParserPosition());
  }

  static String at(SqlParserPos position) {
    return StatementParser.at(position.getLineNum(), position.getColumnNum());
  }
}
