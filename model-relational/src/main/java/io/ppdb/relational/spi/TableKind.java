package io.ppdb.relational.spi;

import io.ppdb.kv.KeyValueStore;
import io.ppdb.relational.catalog.TableDefinition;

/**
 * A way to store tables: what {@code CREATE TABLE … WITH (kind = 'name', …)} selects.
 *
 * <p>All keys of a table begin with its object id. Thread-safe.
 */
public interface TableKind {
  /** The value of the option {@code kind}. */
  String name();

  /**
   * Checks the columns, keys, indexes and options of a new table, or of a table with a new index.
   *
   * @return the definition to store, for instance with defaults of options filled in
   * @throws io.ppdb.kv.PpdbException INVALID_DEFINITION or NOT_SUPPORTED, naming what is wrong
   */
  TableDefinition define(TableDefinition table);

  /**
   * Prepares the store for the keys of a new table (policies), before anything is written to it.
   * What is done here need not be undone if the creating transaction rolls back: the id is not used
   * again for anything that was visible.
   */
  default void prepare(TableDefinition table, KeyValueStore store) {}

  /** Access to one table, made once for each version of it and shared by all sessions. */
  TableAccess access(TableDefinition table, KeyValueStore store);
}
