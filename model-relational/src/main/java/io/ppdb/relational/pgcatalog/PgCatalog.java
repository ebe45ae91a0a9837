package io.ppdb.relational.pgcatalog;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.expr.SessionInfo;
import io.ppdb.relational.planner.SystemSchema;
import io.ppdb.relational.spi.TableAccess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables and views of {@code pg_catalog}, with the columns of PostgreSQL 15. Those that have no
 * meaning here are there and empty. Thread-safe.
 */
public final class PgCatalog implements SystemSchema {
  /** The name of the schema. */
  public static final String NAME = "pg_catalog";

  static final String INFORMATION_SCHEMA = "information_schema";

  /** The name of the database, of which a store has one. */
  static final String DATABASE = "ppdb";

  private final Catalog catalog;
  private final Instant opened = Instant.now();
  private final List<SystemRelation> relations = new ArrayList<>(SystemRelation.ALL.values());
  private final Map<String, TableAccess> tables = new HashMap<>();

  /**
   * @param informationSchema the tables of the information schema, which are listed too
   */
  public PgCatalog(Catalog catalog, List<TableDefinition> informationSchema) {
    this.catalog = catalog;
    List<TableDefinition> sorted = new ArrayList<>(informationSchema);
    sorted.sort(Comparator.comparing(TableDefinition::name));
    for (TableDefinition table : sorted) {
      relations.add(SystemRelation.of(Oids.INFORMATION_SCHEMA + 1 + relations.size(), table));
    }
    Map<String, Rows.Writer> writers = new HashMap<>();
    RelationRows.register(writers);
    ObjectRows.register(writers);
    RoleRows.register(writers);
    SystemRows.register(writers);
    for (SystemRelation relation : SystemRelation.ALL.values()) {
      Rows.Writer writer = writers.getOrDefault(relation.name(), (snapshot, session, rows) -> {});
      tables.put(relation.name(), new SystemTable(relation, writer));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable TableAccess table(String name) {
    return tables.get(name);
  }

  /** All that a statement with {@code view} sees. */
  public CatalogSnapshot snapshot(ReadView view) {
    return new CatalogSnapshot(catalog, view, relations, opened);
  }

  /** The rows of a relation, for what asks for them outside of SQL. */
  static List<@Nullable Object[]> rows(
      SystemRelation relation, Rows.Writer writer, SessionInfo session) {
    Rows rows = new Rows(relation);
    writer.write(session.systemCatalog(), session, rows);
    return rows.list();
  }
}
