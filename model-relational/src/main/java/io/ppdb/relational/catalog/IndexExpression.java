package io.ppdb.relational.catalog;

import io.ppdb.relational.type.ColumnType;

/**
 * What an index has in its key in place of a column: an expression over the columns of one row,
 * which depends on nothing else.
 *
 * @param text its SQL text
 * @param type the type of its values when the index was created
 */
public record IndexExpression(String text, ColumnType type) {}
