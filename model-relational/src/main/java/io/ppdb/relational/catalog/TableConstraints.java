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
 * @param pending names of those checks and foreign keys that rows from before may not meet: a
 *     statement is looking at them
 */
public record TableConstraints(
    @Nullable String primaryKeyName,
    List<CheckDefinition> checks,
    List<ForeignKeyDefinition> foreignKeys,
    List<Reference> references,
    List<String> pending) {
  /** No constraints. */
  public static final TableConstraints NONE =
      new TableConstraints(null, List.of(), List.of(), List.of(), List.of());

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
    pending = List.copyOf(pending);
  }

  /** Constraints that all rows are known to meet. */
  public TableConstraints(
      @Nullable String primaryKeyName,
      List<CheckDefinition> checks,
      List<ForeignKeyDefinition> foreignKeys,
      List<Reference> references) {
    this(primaryKeyName, checks, foreignKeys, references, List.of());
  }

  public boolean isEmpty() {
    return checks.isEmpty() && foreignKeys.isEmpty() && references.isEmpty();
  }

  public TableConstraints withPrimaryKeyName(@Nullable String name) {
    return new TableConstraints(name, checks, foreignKeys, references, pending);
  }

  public TableConstraints withChecks(List<CheckDefinition> newChecks) {
    return new TableConstraints(primaryKeyName, newChecks, foreignKeys, references, pending);
  }

  public TableConstraints withCheck(CheckDefinition check) {
    List<CheckDefinition> all = new ArrayList<>(checks);
    all.add(check);
    return withChecks(all);
  }

  public TableConstraints withForeignKeys(List<ForeignKeyDefinition> newForeignKeys) {
    return new TableConstraints(primaryKeyName, checks, newForeignKeys, references, pending);
  }

  public TableConstraints withForeignKey(ForeignKeyDefinition foreignKey) {
    List<ForeignKeyDefinition> all = new ArrayList<>(foreignKeys);
    all.add(foreignKey);
    return withForeignKeys(all);
  }

  public TableConstraints withReferences(List<Reference> newReferences) {
    return new TableConstraints(primaryKeyName, checks, foreignKeys, newReferences, pending);
  }

  public TableConstraints withPending(String name) {
    List<String> all = new ArrayList<>(pending);
    all.add(name);
    return new TableConstraints(primaryKeyName, checks, foreignKeys, references, all);
  }

  public TableConstraints withoutPending(String name) {
    List<String> left = new ArrayList<>(pending);
    left.remove(name);
    return new TableConstraints(primaryKeyName, checks, foreignKeys, references, left);
  }

  /** The same of a table that has lost a column, which none of them is about. */
  TableConstraints withoutColumn(int dropped) {
    return withForeignKeys(foreignKeys.stream().map(key -> key.withoutColumn(dropped)).toList());
  }
}
