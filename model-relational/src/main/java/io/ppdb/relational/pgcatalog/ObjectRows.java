package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.ObjectRights;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.type.ColumnType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows about schemas, constraints, sequences, comments, and views that list such things. */
final class ObjectRows {
  private ObjectRows() {}

  static void register(Map<String, Rows.Writer> writers) {
    writers.put("pg_namespace", ObjectRows::schemas);
    writers.put("pg_constraint", ObjectRows::constraints);
    writers.put("pg_sequence", ObjectRows::sequences);
    writers.put("pg_depend", ObjectRows::dependencies);
    writers.put("pg_description", ObjectRows::descriptions);
    writers.put("pg_tables", ObjectRows::tables);
    writers.put("pg_views", ObjectRows::views);
    writers.put("pg_matviews", ObjectRows::materializedViews);
    writers.put("pg_indexes", ObjectRows::indexList);
    writers.put("pg_sequences", ObjectRows::sequenceList);
  }

  private static void schemas(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (String name : List.of(PgCatalog.NAME, PgCatalog.INFORMATION_SCHEMA)) {
      rows.add()
          .set("oid", catalog.schemaOid(name))
          .set("nspname", name)
          .set("nspowner", Oids.role(Role.BOOTSTRAP));
    }
    for (SchemaDefinition schema : catalog.schemas()) {
      ObjectRights rights = catalog.rights().of(schema.id());
      boolean isPublic = schema.id() == ObjectClass.PUBLIC_SCHEMA_ID;
      rows.add()
          .set("oid", Oids.schema(schema.id()))
          .set("nspname", schema.name())
          .set("nspowner", Oids.role(rights.owner()))
          .set(
              "nspacl",
              Acl.items(
                  isPublic ? rights.grants(ObjectClass.SCHEMA, schema.id()) : rights.granted(),
                  catalog.rights()));
    }
  }

  private static void constraints(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Constraint constraint : catalog.constraints()) {
      ForeignKeyDefinition key = constraint.foreignKey();
      TableDefinition parent = constraint.parent();
      rows.add()
          .set("oid", constraint.oid())
          .set("conname", constraint.name())
          .set("connamespace", catalog.schemaOid(constraint.table().schema()))
          .set("contype", constraint.kind())
          .set("convalidated", constraint.isValidated())
          .set("conrelid", Oids.object(constraint.table().id()))
          .set("conindid", constraint.indexOid())
          .set("confrelid", parent == null ? 0L : Oids.object(parent.id()))
          .set("confupdtype", key == null ? " " : action(key.onUpdate().sql()))
          .set("confdeltype", key == null ? " " : action(key.onDelete().sql()))
          .set("confmatchtype", key == null ? " " : "s")
          .set("conislocal", true)
          .set("connoinherit", !constraint.kind().equals("c"))
          .set("conkey", constraint.columns().isEmpty() ? null : constraint.columns())
          .set("confkey", parent == null ? null : constraint.parentColumns())
          .set("conbin", constraint.check() == null ? null : constraint.check().expression());
    }
  }

  private static String action(String sql) {
    return switch (sql) {
      case "RESTRICT" -> "r";
      case "CASCADE" -> "c";
      case "SET NULL" -> "n";
      case "SET DEFAULT" -> "d";
      default -> "a";
    };
  }

  private static void sequences(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.object() instanceof SequenceDefinition sequence) {
        rows.add()
            .set("seqrelid", relation.oid())
            .set("seqtypid", type(sequence).oid())
            .set("seqstart", sequence.start())
            .set("seqincrement", sequence.increment())
            .set("seqmax", sequence.maximum())
            .set("seqmin", sequence.minimum())
            .set("seqcache", sequence.cache())
            .set("seqcycle", sequence.cycles());
      }
    }
  }

  private static SystemType type(SequenceDefinition sequence) {
    return SystemType.of(new ColumnType(sequence.type(), ColumnType.UNLIMITED, 0));
  }

  /** Which column a sequence goes with. */
  private static void dependencies(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.object() instanceof SequenceDefinition sequence) {
        Relation table = catalog.find(Oids.object(sequence.ownerId()));
        int number = table == null ? 0 : ownerColumn(table, sequence);
        if (table != null && number > 0) {
          boolean isIdentity =
              table.columns().get(number - 1).generation() != ColumnDefinition.Generation.NONE;
          rows.add()
              .set("classid", Oids.PG_CLASS)
              .set("objid", relation.oid())
              .set("refclassid", Oids.PG_CLASS)
              .set("refobjid", table.oid())
              .set("refobjsubid", number)
              .set("deptype", isIdentity ? "i" : "a");
        }
      }
    }
  }

  /** The number of the column that draws its values from {@code sequence}; 0 if none does. */
  static int ownerColumn(Relation table, SequenceDefinition sequence) {
    String name = sequence.schema() + "." + sequence.name();
    List<ColumnDefinition> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      String text = columns.get(i).defaultExpression();
      if (text != null && text.replace("\"", "").contains("nextval('" + name + "')")) {
        return i + 1;
      }
    }
    return 0;
  }

  private static void descriptions(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    catalog
        .descriptions()
        .forEach(
            (described, text) ->
                rows.add()
                    .set("objoid", described.oid())
                    .set("classoid", described.classOid())
                    .set("objsubid", described.part())
                    .set("description", text));
  }

  private static void tables(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (!relation.kind().equals("r")) {
        continue;
      }
      boolean indexed =
          relation.object() instanceof TableDefinition table
              && (table.hasPrimaryKey() || !table.indexes().isEmpty());
      rows.add()
          .set("schemaname", relation.schema())
          .set("tablename", relation.name())
          .set("tableowner", owner(catalog, relation))
          .set("hasindexes", indexed)
          .set("hasrules", false)
          .set("hastriggers", false)
          .set("rowsecurity", false);
    }
  }

  private static String owner(CatalogSnapshot catalog, Relation relation) {
    return catalog.rights().name(catalog.owner(relation));
  }

  private static void views(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.kind().equals("v")) {
        rows.add()
            .set("schemaname", relation.schema())
            .set("viewname", relation.name())
            .set("viewowner", owner(catalog, relation))
            .set("definition", query(relation.object()));
      }
    }
  }

  private static void materializedViews(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.kind().equals("m")) {
        rows.add()
            .set("schemaname", relation.schema())
            .set("matviewname", relation.name())
            .set("matviewowner", owner(catalog, relation))
            .set("hasindexes", !relation.table().indexes().isEmpty())
            .set("ispopulated", MaterializedView.of(relation.table()).populated())
            .set("definition", query(relation.object()));
      }
    }
  }

  /** The text of a view's query, as pg_get_viewdef gives it; empty for what is no view. */
  static String query(@Nullable CatalogObject object) {
    if (object instanceof ViewDefinition view) {
      return view.query() + ";";
    }
    return object instanceof TableDefinition table && MaterializedView.is(table)
        ? MaterializedView.of(table).query() + ";"
        : "";
  }

  private static void indexList(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.isIndex()) {
        rows.add()
            .set("schemaname", relation.schema())
            .set("tablename", relation.table().name())
            .set("indexname", relation.name())
            .set("indexdef", indexDefinition(relation, false));
      }
    }
  }

  /** CREATE INDEX as it would make the index anew. */
  static String indexDefinition(Relation relation, boolean pretty) {
    IndexDefinition index = relation.index();
    List<IndexElement> elements = relation.elements();
    int keyLength = relation.keyLength();
    StringBuilder text = new StringBuilder("CREATE ");
    text.append(index == null || index.unique() ? "UNIQUE INDEX " : "INDEX ")
        .append(Names.quoted(relation.name()))
        .append(" ON ")
        .append(Names.qualified(relation.schema(), relation.table().name()))
        .append(" USING btree (");
    for (int i = 0; i < elements.size(); i++) {
      IndexElement element = elements.get(i);
      text.append(i == 0 ? "" : i == keyLength ? ") INCLUDE (" : ", ")
          .append(element.definition())
          .append(element.descending() ? " DESC" : "");
    }
    text.append(")");
    if (index != null && index.unique() && !index.nullsDistinct()) {
      text.append(" NULLS NOT DISTINCT");
    }
    if (index != null && index.predicate() != null) {
      text.append(" WHERE ").append(pretty ? index.predicate() : "(" + index.predicate() + ")");
    }
    return text.toString();
  }

  private static void sequenceList(CatalogSnapshot catalog, SessionInfo session, Rows rows) {
    for (Relation relation : catalog.relations()) {
      if (relation.object() instanceof SequenceDefinition sequence) {
        rows.add()
            .set("schemaname", relation.schema())
            .set("sequencename", relation.name())
            .set("sequenceowner", owner(catalog, relation))
            .set("data_type", type(sequence).format(-1))
            .set("start_value", sequence.start())
            .set("min_value", sequence.minimum())
            .set("max_value", sequence.maximum())
            .set("increment_by", sequence.increment())
            .set("cycle", sequence.cycles())
            .set("cache_size", sequence.cache());
      }
    }
  }
}
