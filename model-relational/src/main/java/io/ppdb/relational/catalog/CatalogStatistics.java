package io.ppdb.relational.catalog;

import io.ppdb.kv.ReadView;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.catalog.Catalog.ObjectVersion;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.statistics.StatisticsCodec;
import io.ppdb.relational.statistics.TableStatistics;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Statistics of tables: read through whatever view a statement has, and stored beside the
 * definitions, so that storing new ones is no change of the schema and disturbs no writer.
 *
 * <p>Decoded ones are cached by (table, version); a version is drawn at random. Thread-safe.
 */
public final class CatalogStatistics {
  /** The version of a table that has no statistics. */
  public static final long NO_VERSION = 0;

  private static final int MAX_CACHED = 4096;

  private final Map<ObjectVersion, TableStatistics> cache = new ConcurrentHashMap<>();
  private final Map<Long, TableAccess> wanted = new ConcurrentHashMap<>();
  private volatile int storeCount;

  /** Statistics as a plan was made with them. */
  public record Versioned(long version, TableStatistics statistics) {
    static final Versioned NONE = new Versioned(NO_VERSION, TableStatistics.NONE);
  }

  CatalogStatistics() {}

  /** The statistics of a table at {@code view}; {@link TableStatistics#NONE} if it has none. */
  public Versioned find(ReadView view, long tableId) {
    byte[] bytes = view.get(CatalogKeys.statistics(tableId));
    if (bytes == null) {
      return Versioned.NONE;
    }
    long version = StatisticsCodec.version(bytes);
    ObjectVersion key = new ObjectVersion(tableId, version);
    TableStatistics known = cache.get(key);
    if (known == null) {
      known = StatisticsCodec.decode(bytes);
      if (cache.size() >= MAX_CACHED) {
        cache.clear();
      }
      cache.put(key, known);
    }
    return new Versioned(version, known);
  }

  /** The version of a table's statistics at {@code view}. */
  public long version(ReadView view, long tableId) {
    byte[] bytes = view.get(CatalogKeys.statistics(tableId));
    return bytes == null ? NO_VERSION : StatisticsCodec.version(bytes);
  }

  /** Stores statistics in place of those that are there. */
  public void store(Transaction transaction, long tableId, TableStatistics statistics) {
    long version = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    transaction.put(CatalogKeys.statistics(tableId), StatisticsCodec.encode(version, statistics));
  }

  /** Tells those who keep plans that statistics were stored. */
  public void noteStored() {
    synchronized (this) {
      storeCount++;
    }
  }

  /** Grows when statistics have been stored; cheap to ask. */
  public int storeCount() {
    return storeCount;
  }

  /** A statement is planned that reads the table: statistics of it are worth having. */
  public void want(TableAccess table) {
    wanted.put(table.table().id(), table);
  }

  /** A table is gone, or was never one of ours. */
  public void forget(TableAccess table) {
    wanted.remove(table.table().id(), table);
  }

  /** The tables that statements were planned for, as they were then. */
  public Collection<TableAccess> wanted() {
    return wanted.values();
  }
}
