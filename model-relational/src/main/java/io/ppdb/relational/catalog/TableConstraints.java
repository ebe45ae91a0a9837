package io.ppdb.relational.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a table have to meet beside types, NOT NULL and unique keys. Immutable.
 *
 * @param primaryKeyName the name that the primary key was given; null for the usual one
 * @param checks in the order of their names, in which they are checked
 * @param foreignKeys what its rows refer to
 * @param references keys of this table that foreign keys refer to, each table and key once
 */
public record TableConstraints(
    @Nullable String primaryKeyName,
    List<CheckDefinition> checks,
    List<ForeignKeyDefinition> foreignKeys,
    List<Reference> references) {
  /** No constraints. */
  public static final TableConstraints NONE =
      new TableConstraints(null, List.of(), List.of(), List.of());

  /**
   * A key of this table that another table, or this one, refers to.
   *
   * @param tableId the object id of the table that has the foreign key
   * @param keyNumber which key, as in {@link ForeignKeyDefinition#keyNumber}
   */
  public record Reference(long tableId, int keyNumber) {}

  public TableConstraints {
    checks =
        checks.stream().sorted((first, second) -> first.name().compareTo(second.name())).toList();
    foreignKeys = List.copyOf(foreignKeys);
    references = List.copyOf(references);
  }

  public boolean isEmpty() {
    return checks.isEmpty() && foreignKeys.isEmpty() && references.isEmpty();
  }

  public TableConstraints withPrimaryKeyName(@Nullable String name) {
    return new TableConstraints(name, checks, foreignKeys, references);
  }

  public TableConstraints withChecks(List<CheckDefinition> newChecks) {
    return new TableConstraints(primaryKeyName, newChecks, foreignKeys, references);
  }

  public TableConstraints withCheck(CheckDefinition check) {
    List<CheckDefinition> all = new ArrayList<>(checks);
    all.add(check);
    return withChecks(all);
  }

  public TableConstraints withForeignKeys(List<ForeignKeyDefinition> newForeignKeys) {
    return new TableConstraints(primaryKeyName, checks, newForeignKeys, references);
  }

  public TableConstraints withForeignKey(ForeignKeyDefinition foreignKey) {
    List<ForeignKeyDefinition> all = new ArrayList<>(foreignKeys);
    all.add(foreignKey);
    return withForeignKeys(all);
  }

  public TableConstraints withReferences(List<Reference> newReferences) {
    return new TableConstraints(primaryKeyName, checks, foreignKeys, newReferences);
  }

  /** The same of a table that has lost a column, which none of them is about. */
  TableConstraints withoutColumn(int dropped) {
    return withForeignKeys(
        foreignKeys.stream()
            .map(key -> key.withColumns(TableDefinition.shifted(key.columns(), dropped)))
            .toList());
  }
}
