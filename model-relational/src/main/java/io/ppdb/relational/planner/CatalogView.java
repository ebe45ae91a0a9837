package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Schemas;
import io.ppdb.relational.planner.Dependencies.TableUse;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as one statement sees it; remembers what the statement depends on. Used by one
 * thread.
 */
public final class CatalogView {
  private final Catalog catalog;
  private final ReadView view;
  private final Viewpoint viewpoint;
  private final Map<Name, TableUse> tables;
  private final Set<Name> absent;
  private boolean dependsOnParameters;

  /** A qualified name. */
  public record Name(String schema, String name) {}

  /** The catalog as nobody in particular sees it. */
  public CatalogView(Catalog catalog, ReadView view) {
    this(catalog, view, Viewpoint.DEFAULT);
  }

  public CatalogView(Catalog catalog, ReadView view, Viewpoint viewpoint) {
    this(catalog, view, viewpoint, new LinkedHashMap<>(), new LinkedHashSet<>());
  }

  private CatalogView(
      Catalog catalog,
      ReadView view,
      Viewpoint viewpoint,
      Map<Name, TableUse> tables,
      Set<Name> absent) {
    this.catalog = catalog;
    this.view = view;
    this.viewpoint = viewpoint;
    this.tables = tables;
    this.absent = absent;
  }

  /** The same as the query of a view sees it: what that depends on, the statement depends on. */
  public CatalogView ofViews() {
    return new CatalogView(catalog, view, Viewpoint.DEFAULT, tables, absent);
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

  boolean hasSchema(String name) {
    return Schemas.find(view, name) != null;
  }

  /** The table called {@code name}, or null. */
  public @Nullable TableAccess table(String schema, String name) {
    Name qualified = new Name(schema, name);
    TableUse known = tables.get(qualified);
    if (known != null) {
      return known.table();
    }
    TableAccess table = catalog.findTable(view, schema, name);
    if (table != null) {
      tables.put(qualified, new TableUse(table, catalog.statistics(), view));
      catalog.statistics().want(table);
    } else if (viewpoint.path().size() > 1 && viewpoint.path().contains(schema)) {
      absent.add(qualified); // a later schema of the path may have it, as long as this one has not
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
    TableUse known = tables.get(new Name(schema, name));
    return known == null ? TableStatistics.NONE : known.statistics();
  }

  /**
   * The table that a statement calls {@code names}, qualified or not, or null. The schemas of the
   * planner's own are none of the path.
   */
  public @Nullable TableAccess table(List<String> names) {
    String name = names.get(names.size() - 1);
    List<String> schemas =
        names.size() > 1 ? List.of(names.get(names.size() - 2)) : viewpoint.path();
    for (String schema : schemas) {
      TableAccess table = table(schema, name);
      if (table != null) {
        return table;
      }
    }
    return null;
  }

  /** What was asked for so far. */
  public Dependencies dependencies() {
    return new Dependencies(viewpoint, tables, new ArrayList<>(absent));
  }
}
