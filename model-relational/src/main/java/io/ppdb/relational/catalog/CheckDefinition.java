package io.ppdb.relational.catalog;

/**
 * A condition that no row of a table may fail.
 *
 * @param expression its SQL text; a row for which it is NULL passes
 */
public record CheckDefinition(String name, String expression) {}
