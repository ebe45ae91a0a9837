package io.ppdb.database;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.timeseries.TimeSeriesKind;
import io.ppdb.timeseries.TimeSeriesWriter;

/**
 * The time-series tables within one transaction; queries are SQL's. Ends with its transaction, used
 * as it is.
 */
public final class TimeSeries {
  private final Catalog catalog;
  private final io.ppdb.kv.Transaction transaction;

  TimeSeries(Catalog catalog, io.ppdb.kv.Transaction transaction) {
    this.catalog = catalog;
    this.transaction = transaction;
  }

  /**
   * A writer to the table called {@code table}; its rows belong to this transaction once it is
   * closed. Writing fails with UNDEFINED_TABLE if this transaction has dropped the table, and its
   * commit with CONFLICT if another one has.
   *
   * @throws PpdbException UNDEFINED_TABLE if there is none, INVALID_ARGUMENT if it is of another
   *     kind
   */
  public TimeSeriesWriter writer(String table) {
    return TimeSeriesWriter.joining(find(catalog, transaction, table), transaction);
  }

  static TableDefinition find(Catalog catalog, ReadView view, String table) {
    TableAccess access = catalog.findTable(view, Catalog.DEFAULT_SCHEMA, table);
    if (access == null) {
      throw new PpdbException(ErrorCode.UNDEFINED_TABLE, "table \"" + table + "\" does not exist");
    }
    TableDefinition definition = access.table();
    if (!definition.kind().equals(TimeSeriesKind.NAME)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "table \"" + table + "\" is of kind " + definition.kind() + ", not timeseries");
    }
    return definition;
  }
}
