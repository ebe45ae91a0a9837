package io.ppdb.relational.planner;

import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link InformationSchema} shows of constraints. */
final class ConstraintRows {
  private static final String CATALOG = InformationSchema.CATALOG_NAME;

  private ConstraintRows() {}

  /** Rows of {@code table_constraints}. */
  static void constraints(TableDefinition table, List<@Nullable Object[]> rows) {
    if (table.hasPrimaryKey()) {
      rows.add(constraint(table, table.primaryKeyName(), "PRIMARY KEY"));
    }
    for (IndexDefinition index : table.indexes()) {
      if (index.constraint()) {
        rows.add(constraint(table, index.name(), "UNIQUE"));
      }
    }
    for (CheckDefinition check : table.constraints().checks()) {
      rows.add(constraint(table, check.name(), "CHECK"));
    }
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      rows.add(constraint(table, key.name(), "FOREIGN KEY"));
    }
  }

  private static @Nullable Object[] constraint(TableDefinition table, String name, String type) {
    return new @Nullable Object[] {
      CATALOG, table.schema(), name, CATALOG, table.schema(), table.name(), type
    };
  }

  /** Rows of {@code check_constraints}. */
  static void checks(TableDefinition table, List<@Nullable Object[]> rows) {
    for (CheckDefinition check : table.constraints().checks()) {
      rows.add(new @Nullable Object[] {CATALOG, table.schema(), check.name(), check.expression()});
    }
  }

  /** Rows of {@code key_column_usage}. */
  static void keyColumns(TableDefinition table, List<@Nullable Object[]> rows) {
    keyColumns(table, table.primaryKeyName(), table.primaryKey(), List.of(), rows);
    for (IndexDefinition index : table.indexes()) {
      if (index.constraint()) {
        keyColumns(table, index.name(), table.keyColumns(index.number()), List.of(), rows);
      }
    }
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      keyColumns(table, key.name(), key.declared(), key.columns(), rows);
    }
  }

  /**
   * @param byParent the columns of a foreign key in the order of the key that they refer to; empty
   *     for other keys
   */
  private static void keyColumns(
      TableDefinition table,
      String name,
      List<Integer> ordinals,
      List<Integer> byParent,
      List<@Nullable Object[]> rows) {
    for (int i = 0; i < ordinals.size(); i++) {
      rows.add(
          new @Nullable Object[] {
            CATALOG,
            table.schema(),
            name,
            CATALOG,
            table.schema(),
            table.name(),
            table.column(ordinals.get(i)).name(),
            i + 1,
            byParent.isEmpty() ? null : (Integer) (byParent.indexOf(ordinals.get(i)) + 1)
          });
    }
  }

  /** Rows of {@code referential_constraints}. */
  static List<@Nullable Object[]> referential(List<TableDefinition> tables) {
    Map<Long, TableDefinition> byId = byId(tables);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : tables) {
      for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
        TableDefinition parent = byId.get(key.parentId());
        if (parent != null) {
          rows.add(
              new @Nullable Object[] {
                CATALOG,
                table.schema(),
                key.name(),
                CATALOG,
                parent.schema(),
                parent.keyName(key.keyNumber()),
                "NONE",
                key.onUpdate().sql(),
                key.onDelete().sql()
              });
        }
      }
    }
    return rows;
  }

  /** Rows of {@code constraint_column_usage}: of foreign keys the columns they refer to. */
  static List<@Nullable Object[]> columnUsage(List<TableDefinition> tables) {
    Map<Long, TableDefinition> byId = byId(tables);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TableDefinition table : tables) {
      usage(table, table.primaryKey(), table, table.primaryKeyName(), rows);
      for (IndexDefinition index : table.indexes()) {
        if (index.constraint()) {
          usage(table, table.keyColumns(index.number()), table, index.name(), rows);
        }
      }
      for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
        TableDefinition parent = byId.get(key.parentId());
        if (parent != null) {
          usage(parent, parent.keyColumns(key.keyNumber()), table, key.name(), rows);
        }
      }
    }
    return rows;
  }

  private static void usage(
      TableDefinition used,
      List<Integer> columns,
      TableDefinition table,
      String constraint,
      List<@Nullable Object[]> rows) {
    for (int column : columns) {
      rows.add(
          new @Nullable Object[] {
            CATALOG,
            used.schema(),
            used.name(),
            used.column(column).name(),
            CATALOG,
            table.schema(),
            constraint
          });
    }
  }

  private static Map<Long, TableDefinition> byId(List<TableDefinition> tables) {
    Map<Long, TableDefinition> byId = new HashMap<>();
    tables.forEach(table -> byId.put(table.id(), table));
    return byId;
  }
}
