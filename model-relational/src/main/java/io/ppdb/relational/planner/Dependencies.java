package io.ppdb.relational.planner;

import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.AccessCatalog;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.catalog.CatalogStatistics;
import io.ppdb.relational.catalog.CatalogStatistics.Versioned;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a plan was made for: it may be used as long as all of this is still so. Thread-safe; what
 * changes in it is what it remembers of having been asked.
 */
public final class Dependencies {
  /** No rights were asked for. */
  static final long NOT_JUDGED = -1;

  /** Of statements that depend on nothing. */
  public static final Dependencies NONE =
      new Dependencies(Viewpoint.DEFAULT, Map.of(), List.of(), NOT_JUDGED);

  private final Viewpoint viewpoint;
  private final Map<CatalogView.Name, TableUse> tables;
  private final List<CatalogView.Name> absent;

  /** The version of the rights that the statement was judged by, or {@link #NOT_JUDGED}. */
  private final long accessVersion;

  /** The keys that all names are stored under, and that of the rights if it was judged by them. */
  private final byte[][] nameKeys;

  /** A version at which the names were seen to stand for what they stood for; 0 for none. */
  private volatile long seenVersion;

  /**
   * @param viewpoint whose names it has
   * @param tables the tables that it names, as they were
   * @param absent names that were looked for and not found before others were
   * @param accessVersion the version of the rights that the statement was judged by; {@link
   *     #NOT_JUDGED} if it needed none
   */
  public Dependencies(
      Viewpoint viewpoint,
      Map<CatalogView.Name, TableUse> tables,
      List<CatalogView.Name> absent,
      long accessVersion) {
    this.viewpoint = viewpoint;
    this.tables = Map.copyOf(tables);
    this.absent = List.copyOf(absent);
    this.accessVersion = accessVersion;
    Stream<byte[]> names =
        Stream.concat(tables.keySet().stream(), absent.stream())
            .map(name -> Catalog.nameKey(name.schema(), name.name()));
    Stream<byte[]> rights =
        accessVersion == NOT_JUDGED ? Stream.of() : Stream.of(AccessCatalog.versionKey());
    this.nameKeys = Stream.concat(names, rights).toArray(byte[][]::new);
  }

  public Viewpoint viewpoint() {
    return viewpoint;
  }

  public Map<CatalogView.Name, TableUse> tables() {
    return tables;
  }

  /**
   * Whether everything is at {@code view} what it was, and about as large; asked once for each use
   * of a plan.
   */
  public boolean isCurrent(Catalog catalog, ReadView view) {
    return (areNamesUnchanged(view, seenVersion) || areNamesSame(catalog, view))
        && !isOutgrown(view);
  }

  /** Whether it is known without a look that no name has changed since {@code version}. */
  private boolean areNamesUnchanged(ReadView view, long version) {
    for (byte[] key : nameKeys) {
      if (!view.isUnchangedSince(key, version)) {
        return false;
      }
    }
    return true;
  }

  private boolean areNamesSame(Catalog catalog, ReadView view) {
    if (accessVersion != NOT_JUDGED && catalog.access().version(view) != accessVersion) {
      return false;
    }
    for (Map.Entry<CatalogView.Name, TableUse> entry : tables.entrySet()) {
      CatalogView.Name name = entry.getKey();
      ObjectVersion version = catalog.findVersion(view, name.schema(), name.name());
      if (!entry.getValue().version().equals(version)) {
        return false;
      }
    }
    for (CatalogView.Name name : absent) {
      if (catalog.findVersion(view, name.schema(), name.name()) != null) {
        return false;
      }
    }
    long now = view.version();
    // What a transaction has changed itself is so in none of the versions.
    if (now > seenVersion && areNamesUnchanged(view, now)) {
      seenVersion = now;
    }
    return true;
  }

  private boolean isOutgrown(ReadView view) {
    for (TableUse table : tables.values()) {
      if (table.isOutgrown(view)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A table that a plan was made for, as it was then. Once it has become much larger or smaller, or
   * its statistics were made anew, the plan is out of date: another may be better. Thread-safe.
   */
  public static final class TableUse {
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

    /** Longer than a look takes. */
    private static final long LOOKING_NANOS = TimeUnit.SECONDS.toNanos(1);

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

    TableUse(TableAccess table, CatalogStatistics allStatistics, ReadView view) {
      this.table = table;
      this.allStatistics = allStatistics;
      this.comparedStoreCount = allStatistics.storeCount();
      this.statistics = allStatistics.find(view, table.table().id());
      this.version = new ObjectVersion(table.table().id(), table.table().version());
      this.rowCount = Math.max(FEW_ROWS, table.estimatedRowCount());
    }

    TableAccess table() {
      return table;
    }

    /** The version of the table that the plan was made for. */
    public ObjectVersion version() {
      return version;
    }

    /** What was known of its rows. */
    TableStatistics statistics() {
      return statistics.statistics();
    }

    private boolean isOutgrown(ReadView view) {
      int use = ++uses;
      boolean isTime = (use & (use - 1)) == 0 || isTimeToLook(use);
      int storeCount = allStatistics.storeCount();
      if (!outgrown && storeCount != comparedStoreCount) {
        comparedStoreCount = storeCount;
        outgrown = allStatistics.version(view, version.id()) != statistics.version();
      }
      if (!outgrown && isTime) {
        long start = System.nanoTime();
        nextLookNanos = start + LOOKING_NANOS; // others need not look meanwhile
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
}
