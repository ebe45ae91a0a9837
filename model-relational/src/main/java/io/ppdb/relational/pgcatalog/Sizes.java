package io.ppdb.relational.pgcatalog;

import io.ppdb.kv.KeyRange;
import io.ppdb.relational.catalog.Catalog;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;

/** How many bytes tables and indexes take, by the engine's estimate. */
final class Sizes {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

  /** Up to ten thousand of a unit are shown in it. */
  private static final long LARGEST = 10 * 1024;

  private Sizes() {}

  /** Of the rows of a table, without its indexes. */
  static long ofRows(CatalogSnapshot catalog, TableDefinition table) {
    return of(catalog, Catalog.rangeOf(table, table.rowsNumber()));
  }

  /** Of a table without its indexes, or of an index; that of a primary key is in the rows. */
  static long of(CatalogSnapshot catalog, Relation relation) {
    if (!(relation.object() instanceof TableDefinition table)) {
      return 0;
    }
    IndexDefinition index = relation.isIndex() ? relation.index() : null;
    if (relation.isIndex()) {
      return index == null ? 0 : of(catalog, Catalog.rangeOf(table, index.number()));
    }
    return ofRows(catalog, table);
  }

  /** Of all indexes of a table. */
  static long ofIndexes(CatalogSnapshot catalog, TableDefinition table) {
    long size = 0;
    for (IndexDefinition index : table.indexes()) {
      size += of(catalog, Catalog.rangeOf(table, index.number()));
    }
    return size;
  }

  /** Of all tables. */
  static long ofAll(CatalogSnapshot catalog) {
    return of(catalog, KeyRange.all());
  }

  private static long of(CatalogSnapshot catalog, KeyRange range) {
    return catalog.catalog().store().statistics(range).sizeInBytes();
  }

  /** As pg_size_pretty writes it. */
  static String pretty(long bytes) {
    if (Math.abs(bytes) < LARGEST) {
      return bytes + " " + UNITS[0];
    }
    long half = bytes >> 9; // keeps one bit to round by
    int unit = 1;
    while (Math.abs(half) >= 2 * LARGEST - 1 && unit < UNITS.length - 1) {
      half >>= 10;
      unit++;
    }
    return (half + (half < 0 ? -1 : 1)) / 2 + " " + UNITS[unit];
  }
}
