package io.ppdb.relational.catalog;

import java.util.List;

/**
 * Whatever has an id and a name in the catalog. Tables, views and indexes of one schema share one
 * name space. Immutable.
 */
public sealed interface CatalogObject permits TableDefinition, ViewDefinition, SequenceDefinition {
  /** The object id; never reused. */
  long id();

  /** Identifies exactly this content: a random number drawn at each change. */
  long version();

  String schema();

  String name();

  /** The same object at another version. */
  CatalogObject withVersion(long newVersion);

  /** The ids of the tables and views that it reads; it goes when they go. */
  default List<Long> dependencies() {
    return List.of();
  }

  /** What messages call this kind of object. */
  String kindName();
}
