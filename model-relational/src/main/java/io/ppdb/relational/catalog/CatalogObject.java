package io.ppdb.relational.catalog;

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

  /** What messages call this kind of object. */
  String kindName();
}
