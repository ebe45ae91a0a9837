package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.spi.TableAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as one statement sees it; remembers what the statement depends on.
 *
 * <p>A plan made through this view is valid wherever {@link #isCurrent} holds of its dependencies.
 * Used by one thread.
 */
public final class CatalogView {
  private final Catalog catalog;
  private final ReadView view;
  private final Map<Name, Dependency> dependencies = new LinkedHashMap<>();

  /** A qualified name. */
  public record Name(String schema, String name) {}

  /** A table that a plan was made for. */
  public record Dependency(TableAccess table, ObjectVersion version) {}

  public CatalogView(Catalog catalog, ReadView view) {
    this.catalog = catalog;
    this.view = view;
  }

  public Catalog catalog() {
    return catalog;
  }

  public ReadView view() {
    return view;
  }

  /** The table called {@code name}, or null. */
  public @Nullable TableAccess table(String schema, String name) {
    Dependency known = dependencies.get(new Name(schema, name));
    if (known != null) {
      return known.table;
    }
    TableAccess table = catalog.findTable(view, schema, name);
    if (table != null) {
      ObjectVersion version = new ObjectVersion(table.table().id(), table.table().version());
      dependencies.put(new Name(schema, name), new Dependency(table, version));
    }
    return table;
  }

  /** The tables that were asked for. */
  public Map<Name, Dependency> dependencies() {
    return Map.copyOf(dependencies);
  }

  /** Whether all {@code dependencies} are at {@code view} what they were. */
  public static boolean isCurrent(
      Map<Name, Dependency> dependencies, Catalog catalog, ReadView view) {
    for (Map.Entry<Name, Dependency> entry : dependencies.entrySet()) {
      Name name = entry.getKey();
      ObjectVersion version = catalog.findVersion(view, name.schema, name.name);
      if (!entry.getValue().version.equals(version)) {
        return false;
      }
    }
    return true;
  }
}
