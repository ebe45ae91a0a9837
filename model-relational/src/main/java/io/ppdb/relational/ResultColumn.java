package io.ppdb.relational;

import io.ppdb.relational.type.ColumnType;

/**
 * A column of a result.
 *
 * @param name the name the query gives it
 * @param schema schema of the table column it shows; empty if it is computed
 * @param table table of that column; empty if it is computed
 * @param column name of that column; {@code name} if it is computed
 */
public record ResultColumn(
    String name, ColumnType type, boolean nullable, String schema, String table, String column) {
  /** A column that is computed. */
  public static ResultColumn computed(String name, ColumnType type) {
    return new ResultColumn(name, type, true, "", "", name);
  }
}
