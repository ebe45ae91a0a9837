package io.ppdb.relational.catalog;

import java.util.List;

/**
 * Columns of a table whose values, unless one is NULL, must be a key of another table.
 *
 * @param columns ordinals in the referring table, in the order of the columns of the parent's key
 * @param parentId the object id of the table referred to
 * @param keyNumber which of the parent's keys: {@link #PRIMARY_KEY} or the number of a unique index
 * @param declared the same ordinals in the order in which they were declared
 */
public record ForeignKeyDefinition(
    String name,
    List<Integer> columns,
    long parentId,
    int keyNumber,
    Action onDelete,
    Action onUpdate,
    List<Integer> declared) {
  /** The number of a table's primary key among its keys. */
  public static final int PRIMARY_KEY = 0;

  public ForeignKeyDefinition {
    columns = List.copyOf(columns);
    declared = List.copyOf(declared);
  }

  /** A foreign key whose columns were declared in the order of those of the parent's key. */
  public ForeignKeyDefinition(
      String name,
      List<Integer> columns,
      long parentId,
      int keyNumber,
      Action onDelete,
      Action onUpdate) {
    this(name, columns, parentId, keyNumber, onDelete, onUpdate, columns);
  }

  public ForeignKeyDefinition withName(String newName) {
    return new ForeignKeyDefinition(
        newName, columns, parentId, keyNumber, onDelete, onUpdate, declared);
  }

  ForeignKeyDefinition withDeclared(List<Integer> ordinals) {
    return new ForeignKeyDefinition(
        name, columns, parentId, keyNumber, onDelete, onUpdate, ordinals);
  }

  /** The same of a table that has lost a column, which is none of the key's. */
  ForeignKeyDefinition withoutColumn(int dropped) {
    return new ForeignKeyDefinition(
        name,
        TableDefinition.shifted(columns, dropped),
        parentId,
        keyNumber,
        onDelete,
        onUpdate,
        TableDefinition.shifted(declared, dropped));
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
