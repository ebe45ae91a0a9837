package io.ppdb.timeseries;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableKind;

/**
 * The table kind {@code timeseries}.
 *
 * <pre>{@code
 * CREATE TABLE flights (departed_at TIMESTAMP, origin VARCHAR, destination VARCHAR, delay INTEGER)
 *   WITH (kind = 'timeseries', timestamp = 'departed_at', tags = 'origin,destination');
 * }</pre>
 *
 * <p>Rows are points: a time, tags that say whose it is, fields that were measured. Points may come
 * late and in any order; equal ones are all kept. Conditions on time and tags are checked by
 * storage before anything else is decoded. There are no keys and indexes, and points are not
 * updated.
 */
public final class TimeSeriesKind implements TableKind {
  /** The value of the option {@code kind}. */
  public static final String NAME = "timeseries";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TableDefinition define(TableDefinition table) {
    SeriesOptions options = SeriesOptions.of(table);
    SeriesLayout layout = SeriesLayout.of(table);
    if (table.hasPrimaryKey()) {
      throw layout.notSupported("PRIMARY KEY");
    }
    if (!table.indexes().isEmpty()) {
      throw layout.notSupported(table.indexes().get(0).constraint() ? "UNIQUE" : "CREATE INDEX");
    }
    return options.complete(table);
  }

  @Override
  public TableAccess access(TableDefinition table, KeyValueStore store) {
    return new SeriesAccess(SeriesLayout.of(table), store);
  }
}
