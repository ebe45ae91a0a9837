package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of a table.
 *
 * @param kind {@code p} primary key, {@code u} unique, {@code c} check, {@code f} foreign key
 * @param columns their numbers, from 1; none for a check
 * @param indexNumber of its own index, or of the parent's that a foreign key refers to
 * @param parent the table that a foreign key refers to, else null
 * @param parentColumns the columns of the parent's key, in the order of {@code columns}
 */
record Constraint(
    long oid,
    String kind,
    String name,
    TableDefinition table,
    List<Integer> columns,
    int indexNumber,
    @Nullable CheckDefinition check,
    @Nullable ForeignKeyDefinition foreignKey,
    @Nullable TableDefinition parent,
    List<Integer> parentColumns) {
  Constraint {
    columns = List.copyOf(columns);
    parentColumns = List.copyOf(parentColumns);
  }

  /** The constraints of {@code table}. */
  static List<Constraint> of(TableDefinition table, Map<Long, CatalogObject> objects) {
    List<Constraint> found = new ArrayList<>();
    if (table.hasPrimaryKey()) {
      found.add(key(table, "p", table.primaryKeyName(), 0, table.primaryKey()));
    }
    for (IndexDefinition index : table.indexes()) {
      if (index.constraint()) {
        found.add(key(table, "u", index.name(), index.number(), index.ordinals()));
      }
    }
    int place = table.columns().size(); // before it are the defaults
    for (CheckDefinition check : table.constraints().checks()) {
      long oid = Oids.part(table.id(), place++);
      found.add(
          new Constraint(
              oid, "c", check.name(), table, List.of(), 0, check, null, null, List.of()));
    }
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      long oid = Oids.part(table.id(), place++);
      if (objects.get(key.parentId()) instanceof TableDefinition parent) {
        found.add(foreignKey(oid, table, key, parent));
      }
    }
    return found;
  }

  private static Constraint key(
      TableDefinition table, String kind, String name, int number, List<Integer> ordinals) {
    return new Constraint(
        Oids.index(table.id(), number),
        kind,
        name,
        table,
        numbers(ordinals),
        number,
        null,
        null,
        null,
        List.of());
  }

  private static Constraint foreignKey(
      long oid, TableDefinition table, ForeignKeyDefinition key, TableDefinition parent) {
    List<Integer> ofKey = parent.keyColumns(key.keyNumber());
    List<Integer> referred = new ArrayList<>();
    for (int column : key.declared()) {
      referred.add(ofKey.get(key.columns().indexOf(column)));
    }
    return new Constraint(
        oid,
        "f",
        key.name(),
        table,
        numbers(key.declared()),
        key.keyNumber(),
        null,
        key,
        parent,
        numbers(referred));
  }

  private static List<Integer> numbers(List<Integer> ordinals) {
    return ordinals.stream().map(ordinal -> ordinal + 1).toList();
  }

  /** Whether all rows are known to meet it. */
  boolean isValidated() {
    return !table.constraints().pending().contains(name);
  }

  /** The oid of its index, or 0. */
  long indexOid() {
    return switch (kind) {
      case "c" -> 0;
      case "f" -> parent == null ? 0 : Oids.index(parent.id(), indexNumber);
      default -> Oids.index(table.id(), indexNumber);
    };
  }

  /**
   * Its definition as ALTER TABLE … ADD CONSTRAINT takes it.
   *
   * @param pretty whether to leave out parentheses that are not needed
   * @param nameOf what to call a table
   */
  String definition(boolean pretty, Function<TableDefinition, String> nameOf) {
    StringBuilder text = new StringBuilder();
    if (check != null) {
      text.append(pretty ? "CHECK (" : "CHECK ((")
          .append(check.expression())
          .append(pretty ? ")" : "))");
    } else if (foreignKey != null && parent != null) {
      text.append("FOREIGN KEY (")
          .append(names(table, columns))
          .append(") REFERENCES ")
          .append(nameOf.apply(parent))
          .append("(")
          .append(names(parent, parentColumns))
          .append(")");
      append(text, " ON UPDATE ", foreignKey.onUpdate());
      append(text, " ON DELETE ", foreignKey.onDelete());
    } else {
      text.append(kind.equals("p") ? "PRIMARY KEY (" : "UNIQUE ")
          .append(kind.equals("u") && !hasDistinctNulls() ? "NULLS NOT DISTINCT " : "")
          .append(kind.equals("u") ? "(" : "")
          .append(names(table, columns))
          .append(")");
    }
    return text.append(isValidated() ? "" : " NOT VALID").toString();
  }

  private boolean hasDistinctNulls() {
    return table.indexNumbered(indexNumber).nullsDistinct();
  }

  private static void append(StringBuilder text, String words, ForeignKeyDefinition.Action action) {
    if (action != ForeignKeyDefinition.Action.NO_ACTION) {
      text.append(words).append(action.sql());
    }
  }

  private static String names(TableDefinition table, List<Integer> numbers) {
    return numbers.stream()
        .map(number -> Names.quoted(table.column(number - 1).name()))
        .collect(Collectors.joining(", "));
  }
}
