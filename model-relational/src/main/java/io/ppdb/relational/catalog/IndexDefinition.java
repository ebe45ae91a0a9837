package io.ppdb.relational.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secondary index or unique constraint of a table. Immutable.
 *
 * @param number where its keys live: the second element of the key; never reused within a table
 * @param constraint whether it was declared by UNIQUE rather than by CREATE INDEX
 * @param ready whether it has an entry for every row it is about; until then it is written but not
 *     read
 * @param predicate SQL text of the condition on the rows that have an entry; null if all have
 * @param included ordinals of columns whose values its entries hold beside the key
 * @param nullsDistinct whether rows may have the same key of a unique index if a NULL is in it
 */
public record IndexDefinition(
    int number,
    String name,
    boolean unique,
    boolean constraint,
    boolean ready,
    List<Column> columns,
    @Nullable String predicate,
    List<Integer> included,
    boolean nullsDistinct) {

  /**
   * An element of the key.
   *
   * @param ordinal the ordinal of the column in the table; -1 for an expression
   * @param expression null for a column
   */
  public record Column(int ordinal, boolean descending, @Nullable IndexExpression expression) {
    /** The ordinal of what is no column. */
    public static final int NO_COLUMN = -1;

    /** A column of the table. */
    public Column(int ordinal, boolean descending) {
      this(ordinal, descending, null);
    }

    /** An expression. */
    public Column(IndexExpression expression, boolean descending) {
      this(NO_COLUMN, descending, expression);
    }

    /** The same at another place among the columns. */
    public Column withOrdinal(int newOrdinal) {
      return new Column(newOrdinal, descending, expression);
    }

    /** What messages call it. */
    public String name(TableDefinition table) {
      return expression == null ? table.column(ordinal).name() : expression.text();
    }
  }

  public IndexDefinition {
    columns = List.copyOf(columns);
    included = List.copyOf(included);
  }

  /** An index of columns alone. */
  public IndexDefinition(
      int number,
      String name,
      boolean unique,
      boolean constraint,
      boolean ready,
      List<Column> columns) {
    this(number, name, unique, constraint, ready, columns, null, List.of(), true);
  }

  /** The ordinals of the columns of its key; expressions are left out. */
  public List<Integer> ordinals() {
    List<Integer> ordinals = new ArrayList<>();
    for (Column column : columns) {
      if (column.expression() == null) {
        ordinals.add(column.ordinal());
      }
    }
    return ordinals;
  }

  /** Whether all elements of its key are columns. */
  public boolean isOfColumns() {
    return columns.stream().allMatch(column -> column.expression() == null);
  }

  /** Whether no two rows of the table have the same values, save for NULLs, in its columns. */
  public boolean isKey() {
    return unique && ready && predicate == null && isOfColumns();
  }

  public IndexDefinition withName(String newName) {
    return new IndexDefinition(
        number, newName, unique, constraint, ready, columns, predicate, included, nullsDistinct);
  }

  public IndexDefinition withReady(boolean newReady) {
    return new IndexDefinition(
        number, name, unique, constraint, newReady, columns, predicate, included, nullsDistinct);
  }

  /** The same index with other elements and another predicate. */
  public IndexDefinition with(List<Column> newColumns, @Nullable String newPredicate) {
    return new IndexDefinition(
        number, name, unique, constraint, ready, newColumns, newPredicate, included, nullsDistinct);
  }

  /** The same index of a table that has lost a column, which is none of the index. */
  IndexDefinition withoutColumn(int dropped) {
    List<Column> shifted = new ArrayList<>();
    for (Column column : columns) {
      shifted.add(column.ordinal() > dropped ? column.withOrdinal(column.ordinal() - 1) : column);
    }
    return new IndexDefinition(
        number,
        name,
        unique,
        constraint,
        ready,
        shifted,
        predicate,
        TableDefinition.shifted(included, dropped),
        nullsDistinct);
  }
}
