package io.ppdb.relational.catalog;

import java.util.List;

/**
 * A secondary index or unique constraint of a table.
 *
 * @param number where its keys live: the second element of the key; never reused within a table
 * @param constraint whether it was declared by UNIQUE rather than by CREATE INDEX
 * @param ready whether it has an entry for every row; until then it is written but not read
 */
public record IndexDefinition(
    int number,
    String name,
    boolean unique,
    boolean constraint,
    boolean ready,
    List<Column> columns) {

  /** A column of the index: its ordinal in the table and its direction. */
  public record Column(int ordinal, boolean descending) {}

  public IndexDefinition {
    columns = List.copyOf(columns);
  }

  public IndexDefinition withName(String newName) {
    return new IndexDefinition(number, newName, unique, constraint, ready, columns);
  }

  public IndexDefinition withReady(boolean newReady) {
    return new IndexDefinition(number, name, unique, constraint, newReady, columns);
  }
}
