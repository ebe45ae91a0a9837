package io.ppdb.relational.catalog;

import java.util.List;

/**
 * Columns of a table whose values, unless one is NULL, must be a key of another table.
 *
 * @param columns ordinals in the referring table, in the order of the columns of the parent's key
 * @param parentId the object id of the table referred to
 * @param keyNumber which of the parent's keys: {@link #PRIMARY_KEY} or the number of a unique index
 */
public record ForeignKeyDefinition(
    String name,
    List<Integer> columns,
    long parentId,
    int keyNumber,
    Action onDelete,
    Action onUpdate) {
  /** The number of a table's primary key among its keys. */
  public static final int PRIMARY_KEY = 0;

  public ForeignKeyDefinition {
    columns = List.copyOf(columns);
  }

  public ForeignKeyDefinition withName(String newName) {
    return new ForeignKeyDefinition(newName, columns, parentId, keyNumber, onDelete, onUpdate);
  }

  /** The same at other places among the columns. */
  public ForeignKeyDefinition withColumns(List<Integer> ordinals) {
    return new ForeignKeyDefinition(name, ordinals, parentId, keyNumber, onDelete, onUpdate);
  }

  /** What happens to referring rows when the row they refer to goes, or gets another key. */
  public enum Action {
    NO_ACTION("NO ACTION"),
    RESTRICT("RESTRICT"),
    CASCADE("CASCADE"),
    SET_NULL("SET NULL"),
    SET_DEFAULT("SET DEFAULT");

    private final String sql;

    Action(String sql) {
      this.sql = sql;
    }

    /** The action as SQL writes it. */
    public String sql() {
      return sql;
    }
  }
}
