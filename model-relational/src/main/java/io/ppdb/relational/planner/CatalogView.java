package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.catalog.CatalogStatistics;
import io.ppdb.relational.catalog.CatalogStatistics.Versioned;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
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
  private boolean dependsOnParameters;

  /** A qualified name. */
  public record Name(String schema, String name) {}

  /**
   * A table that a plan was made for, as it was then. Once it has become much larger or smaller, or
   * its statistics were made anew, the plan is out of date: another may be better. Thread-safe.
   */
  public static final class Dependency {
    /** How many times as many rows, or as few, make a plan out of date. */
    private static final double GROWTH = 4;

    /** Below this number of rows no plan is much better than another. */
    private static final double FEW_ROWS = 256;

    /** In some of the first uses of a plan the row count is looked at, then once in a while. */
    private static final int USES_BETWEEN_LOOKS = 64;

    /**
     * A look takes as long as some hundred short statements, more in a large table: it is worth one
     * in so many parts of the time.
     */
    private static final int TIME_SHARE = 1_000;

    private final TableAccess table;
    private final ObjectVersion version;
    private final double rowCount;
    private final CatalogStatistics allStatistics;
    private final Versioned statistics;

    /** How often statistics had been stored when these were last compared with the newest. */
    private int comparedStoreCount;

    /** Counted racily: it matters little which use looks. */
    private int uses;

    private long nextLookNanos = System.nanoTime();

    private volatile boolean outgrown;

    private Dependency(TableAccess table, CatalogStatistics allStatistics, ReadView view) {
      this.table = table;
      this.allStatistics = allStatistics;
      this.comparedStoreCount = allStatistics.storeCount();
      this.statistics = allStatistics.find(view, table.table().id());
      this.version = new ObjectVersion(table.table().id(), table.table().version());
      this.rowCount = Math.max(FEW_ROWS, table.estimatedRowCount());
    }

    /** The version of the table that the plan was made for. */
    public ObjectVersion version() {
      return version;
    }

    private boolean isCurrent(@Nullable ObjectVersion newVersion, ReadView view) {
      return version.equals(newVersion) && !isOutgrown(view);
    }

    private boolean isOutgrown(ReadView view) {
      int use = ++uses;
      boolean isTime = (use & (use - 1)) == 0 || isTimeToLook(use);
      int storeCount = allStatistics.storeCount();
      if (!outgrown && (isTime || storeCount != comparedStoreCount)) {
        comparedStoreCount = storeCount;
        long start = System.nanoTime();
        double now = Math.max(FEW_ROWS, table.estimatedRowCount());
        outgrown =
            now > GROWTH * rowCount
                || now * GROWTH < rowCount
                || allStatistics.version(view, version.id()) != statistics.version();
        long end = System.nanoTime();
        nextLookNanos = end + TIME_SHARE * (end - start);
      }
      return outgrown;
    }

    private boolean isTimeToLook(int use) {
      return use % USES_BETWEEN_LOOKS == 0 && System.nanoTime() - nextLookNanos >= 0;
    }
  }

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
      dependencies.put(new Name(schema, name), new Dependency(table, catalog.statistics(), view));
      catalog.statistics().want(table);
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
    Dependency known = dependencies.get(new Name(schema, name));
    return known == null ? TableStatistics.NONE : known.statistics.statistics();
  }

  /** The tables that were asked for. */
  public Map<Name, Dependency> dependencies() {
    return Map.copyOf(dependencies);
  }

  /**
   * Whether all {@code dependencies} are at {@code view} what they were, and about as large; asked
   * once for each use of a plan.
   */
  public static boolean isCurrent(
      Map<Name, Dependency> dependencies, Catalog catalog, ReadView view) {
    for (Map.Entry<Name, Dependency> entry : dependencies.entrySet()) {
      Name name = entry.getKey();
      ObjectVersion version = catalog.findVersion(view, name.schema, name.name);
      if (!entry.getValue().isCurrent(version, view)) {
        return false;
      }
    }
    return true;
  }
}
