package io.ppdb.relational.catalog;

import io.ppdb.relational.type.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name as SQL sees it, folded to lower case unless it was quoted
 * @param nullable whether NULL may be stored; false for the columns of a primary key
 * @param defaultExpression SQL text of the value that INSERT stores when none is given, or null
 */
public record ColumnDefinition(
    String name, ColumnType type, boolean nullable, @Nullable String defaultExpression) {
  public ColumnDefinition withNullable(boolean newNullable) {
    return new ColumnDefinition(name, type, newNullable, defaultExpression);
  }
}
