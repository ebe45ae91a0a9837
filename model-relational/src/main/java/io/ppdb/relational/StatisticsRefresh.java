package io.ppdb.relational;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.CatalogStatistics;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps statistics fresh: looks at tables that statements are planned for, once a share of their
 * rows has changed. Belongs to one thread, in the background: no statement waits for it.
 */
public final class StatisticsRefresh {
  /** Of smaller tables, and after fewer changes, no plan is much better than another. */
  private static final double FEW_ROWS = 500;

  /** The share of the rows whose change is worth a look. */
  private static final double CHANGED_SHARE = 0.2;

  private static final TransactionOptions OPTIONS =
      TransactionOptions.DEFAULT.withOrigin(CommitOrigin.MAINTENANCE);

  private final Catalog catalog;
  private final CatalogStatistics statistics;

  /** How tables were when they were last looked at, by id. */
  private final Map<Long, Look> looks = new HashMap<>();

  /**
   * A table as it was.
   *
   * @param table whose changes were counted; null for those of another process
   * @param patience the share of its rows whose change is worth another look, if they are as many
   *     as before
   */
  private record Look(
      @Nullable TableAccess table, double rowCount, long changedRowCount, double patience) {}

  public StatisticsRefresh(Catalog catalog) {
    this.catalog = catalog;
    this.statistics = catalog.statistics();
  }

  /**
   * Looks at the tables that have changed much.
   *
   * @param goOn asked now and then; it may rest, and ends the work by saying no
   * @param report takes the name of a table that failed, and how
   */
  public void pass(BooleanSupplier goOn, BiConsumer<String, RuntimeException> report) {
    for (TableAccess table : List.copyOf(statistics.wanted())) {
      if (!goOn.getAsBoolean()) {
        return;
      }
      try {
        refresh(table, goOn);
      } catch (Stopped e) {
        return;
      } catch (RuntimeException e) {
        report.accept(table.table().name(), e);
      }
    }
  }

  private void refresh(TableAccess table, BooleanSupplier goOn) {
    long id = table.table().id();
    Look last = looks.get(id);
    if (last == null) {
      try (Snapshot snapshot = catalog.store().snapshot()) {
        last =
            new Look(null, statistics.find(snapshot, id).statistics().rowCount(), 0, CHANGED_SHARE);
      }
      looks.put(id, last);
    }
    double rowCount = table.estimatedRowCount();
    long changedCount = table.changedRowCount();
    long changedSince = table == last.table ? changedCount - last.changedRowCount : changedCount;
    double growth = Math.abs(rowCount - last.rowCount);
    boolean hasGrown = growth >= FEW_ROWS && growth >= CHANGED_SHARE * last.rowCount;
    boolean hasChanged = changedSince >= FEW_ROWS && changedSince >= last.patience * last.rowCount;
    if (!hasGrown && !hasChanged) {
      return;
    }
    TableStatistics found;
    try (Snapshot snapshot = catalog.store().snapshot()) {
      found =
          table.sample(
              snapshot,
              () -> {
                if (!goOn.getAsBoolean()) {
                  throw new Stopped();
                }
              });
    }
    if (found == null || !store(table, found)) {
      statistics.forget(table);
      looks.remove(id);
      return;
    }
    // New statistics are new plans: rows that are only changed, over and over, call for few of
    // them.
    double patience = hasGrown ? CHANGED_SHARE : 2 * last.patience;
    looks.put(id, new Look(table, rowCount, changedCount, patience));
  }

  /** Stores what was found, unless the table is not what it was; false then. */
  private boolean store(TableAccess table, TableStatistics found) {
    long id = table.table().id();
    boolean stored =
        catalog
            .store()
            .transact(
                OPTIONS,
                transaction -> {
                  if (!table.table().equals(catalog.findObject(transaction, id))) {
                    return false;
                  }
                  transaction.requireUnchanged(Catalog.epochKey(id));
                  statistics.store(transaction, id, found);
                  return true;
                });
    statistics.noteStored();
    return stored;
  }

  /** The work was asked to end. */
  private static final class Stopped extends PpdbException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(ErrorCode.CANCELLED, "the database is being closed");
    }
  }
}
