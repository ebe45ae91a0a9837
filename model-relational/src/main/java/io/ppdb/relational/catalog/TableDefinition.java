package io.ppdb.relational.catalog;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.type.PhysicalType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalog has it at one version. Immutable.
 *
 * @param id the object id: first element of every key of the table; never reused
 * @param version identifies exactly this content: a random number drawn at each change, so that a
 *     definition cached by (id, version) is right even if the change was rolled back
 * @param kind who stores the rows: {@link #ROW_KIND} or the name of a table kind
 * @param options what WITH said, without {@code kind}
 * @param primaryKey ordinals of the primary key's columns in key order; empty if there is none
 * @param nextIndexNumber the number that the next index gets
 * @param constraints what its rows have to meet beside types and keys
 * @param layouts of each older layout of rows, in the order of their numbers, how many columns it
 *     has: the first ones; empty if no column was ever added
 */
public record TableDefinition(
    long id,
    long version,
    String schema,
    String name,
    String kind,
    Map<String, String> options,
    List<ColumnDefinition> columns,
    List<Integer> primaryKey,
    List<IndexDefinition> indexes,
    int nextIndexNumber,
    TableConstraints constraints,
    List<Integer> layouts)
    implements CatalogObject {
  /** The kind of ordinary tables. */
  public static final String ROW_KIND = "row";

  public TableDefinition {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
    layouts = List.copyOf(layouts);
    for (int ordinal : primaryKey) {
      checkKeyColumn(columns.get(ordinal).name(), columns.get(ordinal).type());
    }
    for (IndexDefinition index : indexes) {
      for (IndexDefinition.Column column : index.columns()) {
        IndexExpression expression = column.expression();
        if (expression != null) {
          checkKeyColumn(expression.text(), expression.type());
        } else {
          checkKeyColumn(
              columns.get(column.ordinal()).name(), columns.get(column.ordinal()).type());
        }
      }
      for (int ordinal : index.included()) {
        checkKeyColumn(columns.get(ordinal).name(), columns.get(ordinal).type());
      }
    }
  }

  private static void checkKeyColumn(String name, ColumnType type) {
    if (type.physical() == PhysicalType.ENCODED) {
      throw new PpdbException(
          ErrorCode.NOT_SUPPORTED,
          "\"" + name + "\" of type " + type + " cannot be part of a key or an index");
    }
  }

  /** A table without constraints. */
  public TableDefinition(
      long id,
      long version,
      String schema,
      String name,
      String kind,
      Map<String, String> options,
      List<ColumnDefinition> columns,
      List<Integer> primaryKey,
      List<IndexDefinition> indexes,
      int nextIndexNumber) {
    this(
        id,
        version,
        schema,
        name,
        kind,
        options,
        columns,
        primaryKey,
        indexes,
        nextIndexNumber,
        TableConstraints.NONE,
        List.of());
  }

  @Override
  public String kindName() {
    return MaterializedView.is(this) ? "materialized view" : "table";
  }

  @Override
  public List<Long> dependencies() {
    return MaterializedView.is(this) ? MaterializedView.of(this).dependencies() : List.of();
  }

  /** Whether a constraint of this table has this name. */
  public boolean hasConstraint(String constraint) {
    IndexDefinition index = index(constraint);
    return (hasPrimaryKey() && primaryKeyName().equals(constraint))
        || (index != null && index.constraint())
        || constraints.checks().stream().anyMatch(check -> check.name().equals(constraint))
        || constraints.foreignKeys().stream().anyMatch(key -> key.name().equals(constraint));
  }

  /** The ordinal of the column called {@code columnName}, or -1. */
  public int columnIndex(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return i;
      }
    }
    return -1;
  }

  public ColumnDefinition column(int ordinal) {
    return columns.get(ordinal);
  }

  public boolean hasPrimaryKey() {
    return !primaryKey.isEmpty();
  }

  /** The name of the primary key constraint. */
  public String primaryKeyName() {
    String given = constraints.primaryKeyName();
    return given == null ? name + "_pkey" : given;
  }

  /** The index called {@code indexName}, or null. */
  public @Nullable IndexDefinition index(String indexName) {
    for (IndexDefinition index : indexes) {
      if (index.name().equals(indexName)) {
        return index;
      }
    }
    return null;
  }

  /** The ordinals of the columns of a key, as {@link ForeignKeyDefinition#keyNumber} counts. */
  public List<Integer> keyColumns(int keyNumber) {
    return keyNumber == ForeignKeyDefinition.PRIMARY_KEY
        ? primaryKey
        : indexNumbered(keyNumber).ordinals();
  }

  /** The name of a key, as {@link ForeignKeyDefinition#keyNumber} counts. */
  public String keyName(int keyNumber) {
    return keyNumber == ForeignKeyDefinition.PRIMARY_KEY
        ? primaryKeyName()
        : indexNumbered(keyNumber).name();
  }

  /** The index that has {@code number}. */
  public IndexDefinition indexNumbered(int number) {
    for (IndexDefinition index : indexes) {
      if (index.number() == number) {
        return index;
      }
    }
    throw new PpdbException(
        ErrorCode.CORRUPTION, "table \"" + name + "\" has no index number " + number);
  }

  /** The expressions in the keys of its indexes, each once. */
  public List<IndexExpression> indexExpressions() {
    return indexes.stream()
        .flatMap(index -> index.columns().stream())
        .flatMap(column -> Stream.ofNullable(column.expression()))
        .distinct()
        .toList();
  }

  /** The predicates of its indexes, each once. */
  public List<String> indexPredicates() {
    return indexes.stream()
        .flatMap(index -> Stream.ofNullable(index.predicate()))
        .distinct()
        .toList();
  }

  @Override
  public TableDefinition withVersion(long newVersion) {
    return copy(newVersion, options, columns, primaryKey, indexes, nextIndexNumber, constraints);
  }

  public TableDefinition withOptions(Map<String, String> newOptions) {
    return copy(version, newOptions, columns, primaryKey, indexes, nextIndexNumber, constraints);
  }

  public TableDefinition withColumns(List<ColumnDefinition> newColumns) {
    return copy(version, options, newColumns, primaryKey, indexes, nextIndexNumber, constraints);
  }

  public TableDefinition withPrimaryKey(List<Integer> ordinals) {
    return copy(version, options, columns, ordinals, indexes, nextIndexNumber, constraints);
  }

  public TableDefinition withConstraints(TableConstraints newConstraints) {
    return copy(version, options, columns, primaryKey, indexes, nextIndexNumber, newConstraints);
  }

  public TableDefinition withName(String newName) {
    return new TableDefinition(
        id,
        version,
        schema,
        newName,
        kind,
        options,
        columns,
        primaryKey,
        indexes,
        nextIndexNumber,
        constraints,
        layouts);
  }

  /** This table with a column more, which rows of the layouts so far do not have. */
  public TableDefinition withAddedColumn(ColumnDefinition column) {
    List<Integer> newLayouts = new ArrayList<>(layouts);
    newLayouts.add(columns.size());
    List<ColumnDefinition> newColumns = new ArrayList<>(columns);
    newColumns.add(column);
    return new TableDefinition(
        id,
        version,
        schema,
        name,
        kind,
        options,
        newColumns,
        primaryKey,
        indexes,
        nextIndexNumber,
        constraints,
        newLayouts);
  }

  /** This table with another name of an index. */
  public TableDefinition withRenamedIndex(String indexName, String newName) {
    List<IndexDefinition> changed = new ArrayList<>(indexes);
    changed.replaceAll(index -> index.name().equals(indexName) ? index.withName(newName) : index);
    return withIndexes(changed, nextIndexNumber);
  }

  private TableDefinition withIndexes(List<IndexDefinition> newIndexes, int newNextNumber) {
    return copy(version, options, columns, primaryKey, newIndexes, newNextNumber, constraints);
  }

  private TableDefinition copy(
      long newVersion,
      Map<String, String> newOptions,
      List<ColumnDefinition> newColumns,
      List<Integer> newPrimaryKey,
      List<IndexDefinition> newIndexes,
      int newNextNumber,
      TableConstraints newConstraints) {
    return new TableDefinition(
        id,
        newVersion,
        schema,
        name,
        kind,
        newOptions,
        newColumns,
        newPrimaryKey,
        newIndexes,
        newNextNumber,
        newConstraints,
        layouts);
  }

  /** This table with the index called {@code indexName} ready to be read. */
  public TableDefinition withReadyIndex(String indexName) {
    List<IndexDefinition> changed = new ArrayList<>(indexes);
    changed.replaceAll(index -> index.name().equals(indexName) ? index.withReady(true) : index);
    return withIndexes(changed, nextIndexNumber);
  }

  /** This table with one index more, which has the number {@link #nextIndexNumber}. */
  public TableDefinition withIndex(IndexDefinition index) {
    List<IndexDefinition> all = new ArrayList<>(indexes);
    all.add(index);
    return withIndexes(all, Math.max(nextIndexNumber, index.number() + 1));
  }

  public TableDefinition withoutIndex(String indexName) {
    List<IndexDefinition> rest = new ArrayList<>(indexes);
    rest.removeIf(index -> index.name().equals(indexName));
    return withIndexes(rest, nextIndexNumber);
  }
}
