package io.ppdb.relational.catalog;

/**
 * A schema: a name space of tables, views, indexes and sequences. Immutable.
 *
 * @param id never used again, nor by an object of another kind
 */
public record SchemaDefinition(long id, String name) {}
