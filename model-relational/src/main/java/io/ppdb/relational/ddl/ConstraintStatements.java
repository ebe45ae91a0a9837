package io.ppdb.relational.ddl;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.CheckDefinition;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.ForeignKeyDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.parser.ConstraintClause;
import io.ppdb.relational.planner.RowExpressions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Constraints of statements as definitions. Used for one statement. */
final class ConstraintStatements {
  private final Change change;

  ConstraintStatements(Change change) {
    this.change = change;
  }

  /** {@code table} with constraints: keys first, which others may refer to. */
  TableDefinition add(TableDefinition table, List<ConstraintClause> clauses) {
    TableDefinition result = table;
    for (ConstraintClause clause : clauses) {
      if (clause instanceof ConstraintClause.Key key) {
        result = addKey(result, key);
      }
    }
    for (ConstraintClause clause : clauses) {
      if (clause instanceof ConstraintClause.Check check) {
        result = addCheck(result, check);
      } else if (clause instanceof ConstraintClause.ForeignKey key) {
        result = new ForeignKeyStatements(change).add(result, key);
      }
    }
    return result;
  }

  private static TableDefinition addKey(TableDefinition table, ConstraintClause.Key key) {
    List<Integer> ordinals = new ArrayList<>();
    for (SqlIdentifier column : key.columns()) {
      int ordinal = Names.ordinal(table, column);
      if (ordinals.contains(ordinal)) {
        throw new PpdbException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + column + "\" appears twice in a key" + Change.at(column));
      }
      ordinals.add(ordinal);
    }
    if (key.primary()) {
      return addPrimaryKey(table, key, ordinals);
    }
    String name = name(table, key, Names.base(table, ordinals) + "_key");
    List<IndexDefinition.Column> columns =
        ordinals.stream().map(ordinal -> new IndexDefinition.Column(ordinal, false)).toList();
    List<Integer> included = IndexStatements.included(table, key.included(), ordinals);
    return table.withIndex(
        new IndexDefinition(
            table.nextIndexNumber(),
            name,
            true,
            true,
            true,
            columns,
            null,
            included,
            key.nullsDistinct()));
  }

  private static TableDefinition addPrimaryKey(
      TableDefinition table, ConstraintClause.Key key, List<Integer> ordinals) {
    if (table.hasPrimaryKey()) {
      throw new PpdbException(
          ErrorCode.INVALID_DEFINITION,
          "multiple primary keys for table \""
              + table.name()
              + "\" are not allowed"
              + Change.at(key.position()));
    }
    List<ColumnDefinition> columns = new ArrayList<>(table.columns());
    for (int ordinal : ordinals) {
      columns.set(ordinal, columns.get(ordinal).withNullable(false));
    }
    String given = key.name() == null ? null : name(table, key, "");
    return table
        .withColumns(columns)
        .withPrimaryKey(ordinals)
        .withConstraints(table.constraints().withPrimaryKeyName(given));
  }

  private TableDefinition addCheck(TableDefinition table, ConstraintClause.Check check) {
    String text = check.text().in(change.sql());
    RowExpressions condition =
        change
            .planner()
            .rowCondition(change.view(), table, change.expression(check.text()), "CHECK");
    List<Integer> read = condition.columns();
    List<Integer> named = read.size() == 1 ? read : List.of();
    String name = name(table, check, Names.base(table, named) + "_check");
    return table.withConstraints(table.constraints().withCheck(new CheckDefinition(name, text)));
  }

  /** The name of a constraint: the one it is given, if it is free, or one made of {@code base}. */
  static String name(TableDefinition table, ConstraintClause clause, String base) {
    Set<String> taken = names(table);
    @Nullable SqlIdentifier given = clause.name();
    if (given == null) {
      return Names.free(taken, base);
    }
    if (taken.contains(given.getSimple())) {
      throw new PpdbException(
          ErrorCode.DUPLICATE_OBJECT,
          "constraint \""
              + given.getSimple()
              + "\" for relation \""
              + table.name()
              + "\" already exists"
              + Change.at(given));
    }
    return given.getSimple();
  }

  /** The names of a table's constraints and indexes. */
  static Set<String> names(TableDefinition table) {
    Set<String> names = new HashSet<>();
    if (table.hasPrimaryKey()) {
      names.add(table.primaryKeyName());
    }
    table.indexes().forEach(index -> names.add(index.name()));
    table.constraints().checks().forEach(check -> names.add(check.name()));
    for (ForeignKeyDefinition key : table.constraints().foreignKeys()) {
      names.add(key.name());
    }
    return names;
  }
}
