package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.parser.AlterAction;
import io.ppdb.relational.parser.ConstraintClause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A constraint that is added to a table with rows: enforced from the first transaction on, found to
 * hold, or withdrawn. NOT NULL is enforced as a check until it is known to hold, for plans rely on
 * it. Immutable.
 *
 * @param constraint the name of the constraint
 * @param notNullColumn the column that becomes NOT NULL; null for other constraints
 */
record ValidatedChange(String constraint, @Nullable String notNullColumn) {
  /** A table on which the change is enforced. */
  record Enforced(TableDefinition table, ValidatedChange change) {}

  static Enforced begin(Change change, TableDefinition table, AlterAction action) {
    if (action instanceof AlterAction.SetNotNull set) {
      ColumnDefinition column = table.column(Names.ordinal(table, set.column()));
      String name =
          Names.free(ConstraintStatements.names(table), table.name() + "_" + column.name() + "_nn");
      CheckDefinition check =
          new CheckDefinition(name, Names.quoted(column.name()) + " IS NOT NULL");
      return new Enforced(
          table.withConstraints(table.constraints().withCheck(check).withPending(name)),
          new ValidatedChange(name, column.name()));
    }
    ConstraintClause clause = ((AlterAction.AddConstraint) action).constraint();
    TableDefinition changed = new ConstraintStatements(change).add(table, List.of(clause));
    Set<String> added = new HashSet<>(ConstraintStatements.names(changed));
    added.removeAll(ConstraintStatements.names(table));
    String name = added.iterator().next();
    return new Enforced(
        changed.withConstraints(changed.constraints().withPending(name)),
        new ValidatedChange(name, null));
  }

  /**
   * Fails if a row of {@code table} does not meet the constraint.
   *
   * @param context what looks at the rows
   */
  void validate(Change change, TableDefinition table, ExecutionContext context) {
    for (CheckDefinition check : table.constraints().checks()) {
      if (check.name().equals(constraint)) {
        validate(change, table, check, context);
      }
    }
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      if (key.name().equals(constraint)) {
        validate(change, table, key, context);
      }
    }
  }

  private void validate(
      Change change, TableDefinition table, CheckDefinition check, ExecutionContext context) {
    String query =
        "SELECT 1 FROM " + Names.quoted(table) + " WHERE NOT (" + check.expression() + ")";
    if (change.planner().firstRow(change.view(), query, context) == null) {
      return;
    }
    throw notNullColumn == null
        ? new PpdbException(
            ErrorCode.CHECK_VIOLATION,
            "check constraint \""
                + constraint
                + "\" of relation \""
                + table.name()
                + "\" is violated by some row")
        : new PpdbException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column \""
                + notNullColumn
                + "\" of relation \""
                + table.name()
                + "\" contains null values");
  }

  private void validate(
      Change change, TableDefinition table, ForeignKeyDefinition key, ExecutionContext context) {
    TableDefinition parent = change.catalog().table(change.transaction(), key.parentId()).table();
    List<Integer> parentColumns = parent.keyColumns(key.keyNumber());
    StringJoiner columns = new StringJoiner(", ");
    StringJoiner given = new StringJoiner(" AND ");
    StringJoiner same = new StringJoiner(" AND ");
    StringJoiner names = new StringJoiner(", ");
    for (int i = 0; i < parentColumns.size(); i++) {
      String column = "c." + Names.quoted(table.column(key.columns().get(i)).name());
      columns.add(column);
      names.add(table.column(key.columns().get(i)).name());
      given.add(column + " IS NOT NULL");
      same.add("p." + Names.quoted(parent.column(parentColumns.get(i)).name()) + " = " + column);
    }
    String query =
        "SELECT "
            + columns
            + " FROM "
            + Names.quoted(table)
            + " AS c WHERE "
            + given
            + " AND NOT EXISTS (SELECT 1 FROM "
            + Names.quoted(parent)
            + " AS p WHERE "
            + same
            + ")";
    List<@Nullable Object> row = change.planner().firstRow(change.view(), query, context);
    if (row != null) {
      StringJoiner values = new StringJoiner(", ");
      row.forEach(value -> values.add(String.valueOf(value)));
      throw new PpdbException(
          ErrorCode.FOREIGN_KEY_VIOLATION,
          "insert or update on table \""
              + table.name()
              + "\" violates foreign key constraint \""
              + constraint
              + "\": key ("
              + names
              + ")=("
              + values
              + ") is not present in table \""
              + parent.name()
              + "\"");
    }
  }

  /** {@code table} when all rows are known to meet the constraint. */
  TableDefinition validated(Change change, TableDefinition table) {
    if (notNullColumn == null) {
      return table.withConstraints(table.constraints().withoutPending(constraint));
    }
    TableDefinition rest = withdrawn(change, table);
    List<ColumnDefinition> columns = new ArrayList<>(rest.columns());
    columns.replaceAll(
        column -> column.name().equals(notNullColumn) ? column.withNullable(false) : column);
    return rest.withColumns(columns);
  }

  /** {@code changed} without the constraint. */
  TableDefinition withdrawn(Change change, TableDefinition changed) {
    TableDefinition table =
        changed.withConstraints(changed.constraints().withoutPending(constraint));
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      if (key.name().equals(constraint)) {
        return new ForeignKeyStatements(change).drop(table, key);
      }
    }
    List<CheckDefinition> checks = new ArrayList<>(table.constraints().checks());
    checks.removeIf(check -> check.name().equals(constraint));
    return table.withConstraints(table.constraints().withChecks(checks));
  }
}
