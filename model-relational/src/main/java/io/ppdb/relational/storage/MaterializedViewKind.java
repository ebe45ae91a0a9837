package io.ppdb.relational.storage;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableKind;

/** The tables of materialised views: stored as ordinary ones are. */
public final class MaterializedViewKind implements TableKind {
  private final RowIds rowIds = new RowIds();

  @Override
  public String name() {
    return MaterializedView.KIND;
  }

  @Override
  public TableDefinition define(TableDefinition table) {
    return table;
  }

  @Override
  public TableAccess access(TableDefinition table, KeyValueStore store) {
    return new RowTable(table, store, rowIds);
  }
}
