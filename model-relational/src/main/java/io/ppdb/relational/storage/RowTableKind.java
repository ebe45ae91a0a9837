package io.ppdb.relational.storage;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.spi.TableAccess;
import io.ppdb.relational.spi.TableKind;

/** Ordinary tables: rows by primary key, with secondary indexes. */
public final class RowTableKind implements TableKind {
  private final RowIds rowIds = new RowIds();

  @Override
  public String name() {
    return TableDefinition.ROW_KIND;
  }

  @Override
  public TableDefinition define(TableDefinition table) {
    if (!table.options().isEmpty()) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "table \""
              + table.name()
              + "\": unknown option \""
              + table.options().keySet().iterator().next()
              + "\"; row tables have none");
    }
    return table;
  }

  @Override
  public TableAccess access(TableDefinition table, KeyValueStore store) {
    return new RowTable(table, store, rowIds);
  }
}
