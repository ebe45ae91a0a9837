package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.SchemaDefinition;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.planner.Dependencies.TableUse;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as one statement sees it, with the rights of its role; remembers what the statement
 * depends on. Used by one thread.
 */
public final class CatalogView {
  /** What the names of the relations of pg_catalog begin with. */
  private static final String SYSTEM_PREFIX = "pg_";

  private final Catalog catalog;
  private final ReadView view;
  private final Viewpoint viewpoint;
  private final Judged judged;
  private final Uses uses;
  private @Nullable List<String> path;
  private boolean dependsOnParameters;

  /** A qualified name. */
  public record Name(String schema, String name) {}

  /** Which uses of what it finds are judged by the rights of its role. */
  private enum Judged {
    ALL,
    /** That it looks into schemas: for a query that is kept, not run. */
    SCHEMAS,
    /** That it reads tables: for the query of a view, which was understood when it was created. */
    TABLES;

    boolean schemas() {
      return this != TABLES;
    }

    boolean tables() {
      return this != SCHEMAS;
    }
  }

  /** What a statement depends on, queries of its views included. */
  private static final class Uses {
    private final Map<Name, TableUse> tables = new LinkedHashMap<>();
    private final Set<Name> absent = new LinkedHashSet<>();
    private long accessVersion = Dependencies.NOT_JUDGED;
  }

  /** The catalog as nobody in particular sees it. */
  public CatalogView(Catalog catalog, ReadView view) {
    this(catalog, view, Viewpoint.DEFAULT);
  }

  public CatalogView(Catalog catalog, ReadView view, Viewpoint viewpoint) {
    this(catalog, view, viewpoint, Judged.ALL, new Uses());
  }

  private CatalogView(
      Catalog catalog, ReadView view, Viewpoint viewpoint, Judged judged, Uses uses) {
    this.catalog = catalog;
    this.view = view;
    this.viewpoint = viewpoint;
    this.judged = judged;
    this.uses = uses;
  }

  /**
   * The same as the query of a view sees it, which has the rights of the view's owner: what that
   * depends on, the statement depends on.
   */
  public CatalogView ofView(long viewId) {
    long owner = catalog.access().at(view).of(viewId).owner();
    Viewpoint ofOwner = new Viewpoint(Viewpoint.DEFAULT.path(), owner);
    return new CatalogView(catalog, view, ofOwner, Judged.TABLES, uses);
  }

  /** The same for names in a query that is going to be one of a view, or is not to be run. */
  public CatalogView ofQuery() {
    return new CatalogView(catalog, view, viewpoint, Judged.SCHEMAS, uses);
  }

  /** What names mean in the queries of views. */
  CatalogView ofViews() {
    return new CatalogView(catalog, view, Viewpoint.DEFAULT, Judged.SCHEMAS, uses);
  }

  /** Whether reading a table needs a right that the role may not have. */
  boolean judgesTables() {
    return judged.tables() && viewpoint.role() != Role.BOOTSTRAP;
  }

  /** The rights by which the statement is judged; it depends on them. */
  AccessRights rights() {
    AccessRights rights = catalog.access().at(view);
    uses.accessVersion = rights.version();
    return rights;
  }

  /**
   * Fails unless the role has {@code privilege} on {@code columns} of a table, or on the table or
   * any of its columns if there are none.
   */
  public void require(TableDefinition table, Privilege privilege, Collection<String> columns) {
    if (!judgesTables()) {
      return;
    }
    AccessRights rights = rights();
    long role = viewpoint.role();
    boolean allowed =
        columns.isEmpty()
            ? rights.hasOnAny(role, table.id(), privilege)
            : rights.hasOnColumns(role, table.id(), columns, privilege);
    if (!allowed) {
      throw AccessRights.denied(table.kindName() + " " + table.name());
    }
  }

  public Catalog catalog() {
    return catalog;
  }

  public ReadView view() {
    return view;
  }

  public Viewpoint viewpoint() {
    return viewpoint;
  }

  /** The schemas in which plain names are looked for: those of the path that the role may use. */
  List<String> path() {
    List<String> known = path;
    if (known == null) {
      known = viewpoint.path().stream().filter(this::mayUse).toList();
      path = known;
    }
    return known;
  }

  private boolean mayUse(String schema) {
    if (!judged.schemas() || viewpoint.role() == Role.BOOTSTRAP) {
      return true;
    }
    SchemaDefinition found = Schemas.find(view, schema);
    return found == null
        || rights().has(viewpoint.role(), ObjectClass.SCHEMA, found.id(), Privilege.USAGE);
  }

  /** Whether there is such a schema; INSUFFICIENT_PRIVILEGE if the role may not look into it. */
  boolean hasSchema(String name) {
    boolean exists = Schemas.find(view, name) != null;
    if (exists && !mayUse(name)) {
      throw AccessRights.denied("schema " + name);
    }
    return exists;
  }

  /** The table called {@code name}, or null. */
  public @Nullable TableAccess table(String schema, String name) {
    Name qualified = new Name(schema, name);
    TableUse known = uses.tables.get(qualified);
    if (known != null) {
      return known.table();
    }
    TableAccess table = catalog.findTable(view, schema, name);
    if (table != null) {
      uses.tables.put(qualified, new TableUse(table, catalog.statistics(), view));
      catalog.statistics().want(table);
    } else if (viewpoint.path().contains(schema)
        && (viewpoint.path().size() > 1 || name.startsWith(SYSTEM_PREFIX))) {
      // a later schema of the path, or pg_catalog, may have it, as long as this one has not
      uses.absent.add(qualified);
    }
    return table;
  }

  /** Remembers that with literals for its parameters the statement might have another plan. */
  void dependOnParameters() {
    dependsOnParameters = true;
  }

  /** Whether a plan for this very text may be better than one for all texts of its shape. */
  public boolean dependsOnParameters() {
    return dependsOnParameters;
  }

  /** What is known of the rows of a table that was found by its name. */
  public TableStatistics statistics(String schema, String name) {
    TableUse known = uses.tables.get(new Name(schema, name));
    return known == null ? TableStatistics.NONE : known.statistics();
  }

  /**
   * The table that a statement calls {@code names}, qualified or not, or null. The schemas of the
   * planner's own are none of the path.
   */
  public @Nullable TableAccess table(List<String> names) {
    String name = names.get(names.size() - 1);
    List<String> schemas = names.size() > 1 ? List.of(names.get(names.size() - 2)) : path();
    for (String schema : schemas) {
      if (names.size() > 1 && !mayUse(schema)) {
        throw AccessRights.denied("schema " + schema);
      }
      TableAccess table = table(schema, name);
      if (table != null) {
        return table;
      }
    }
    return null;
  }

  /** What was asked for so far. */
  public Dependencies dependencies() {
    return new Dependencies(
        viewpoint, uses.tables, new ArrayList<>(uses.absent), uses.accessVersion);
  }
}
