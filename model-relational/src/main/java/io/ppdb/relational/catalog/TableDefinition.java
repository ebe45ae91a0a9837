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
import java.util.function.UnaryOperator;
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
 * @param layouts the older layouts of rows, in the order of their numbers; empty if no column was
 *     added or dropped since all rows were written
 * @param rowsNumber where the keys of its rows live: the second element of the key, as {@link
 *     IndexDefinition#number} is of an index; 0 until all of them are written anew
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
    List<LayoutDefinition> layouts,
    int rowsNumber)
    implements CatalogObject {
  /** The kind of ordinary tables. */
  public static final String ROW_KIND = "row";

  /** Rows have two bytes for the number of their layout. */
  private static final int MAX_LAYOUTS = 0xFFFF;

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
        List.of(),
        0);
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

  /** Whether a statement is still at it: an index is being built, or rows are looked at. */
  boolean isUnfinished() {
    return !constraints.pending().isEmpty() || indexes.stream().anyMatch(index -> !index.ready());
  }

  private TableBuilder builder() {
    return new TableBuilder(this);
  }

  @Override
  public TableDefinition withVersion(long newVersion) {
    return builder().version(newVersion).build();
  }

  public TableDefinition withOptions(Map<String, String> newOptions) {
    return builder().options(newOptions).build();
  }

  public TableDefinition withColumns(List<ColumnDefinition> newColumns) {
    return builder().columns(newColumns).build();
  }

  /** This table with another definition of one column. */
  public TableDefinition withColumn(int ordinal, ColumnDefinition column) {
    List<ColumnDefinition> changed = new ArrayList<>(columns);
    changed.set(ordinal, column);
    return withColumns(changed);
  }

  public TableDefinition withPrimaryKey(List<Integer> ordinals) {
    return builder().primaryKey(ordinals).build();
  }

  public TableDefinition withConstraints(TableConstraints newConstraints) {
    return builder().constraints(newConstraints).build();
  }

  public TableDefinition withName(String newName) {
    return builder().name(newName).build();
  }

  /** This table with a column more, which rows of the layouts so far do not have. */
  public TableDefinition withAddedColumn(ColumnDefinition column) {
    List<ColumnDefinition> newColumns = new ArrayList<>(columns);
    newColumns.add(column);
    return builder().columns(newColumns).layouts(layoutsAnd(layouts)).build();
  }

  /**
   * This table without a column, of which rows written so far keep the value; what the column was
   * part of is gone already.
   */
  public TableDefinition withoutColumn(int ordinal) {
    List<ColumnDefinition> left = new ArrayList<>(columns);
    ColumnDefinition dropped = left.remove(ordinal);
    List<LayoutDefinition> older =
        layoutsAnd(layouts).stream()
            .map(layout -> layout.without(ordinal, dropped.type()))
            .toList();
    return builder()
        .columns(left)
        .layouts(older)
        .primaryKey(shifted(primaryKey, ordinal))
        .indexes(indexes.stream().map(index -> index.withoutColumn(ordinal)).toList())
        .constraints(constraints.withoutColumn(ordinal))
        .build();
  }

  /** {@code older}, then the layout of rows that are written now. */
  private List<LayoutDefinition> layoutsAnd(List<LayoutDefinition> older) {
    if (older.size() >= MAX_LAYOUTS) {
      throw new PpdbException(
          ErrorCode.INVALID_STATE,
          "columns of table \""
              + name
              + "\" were added and dropped "
              + MAX_LAYOUTS
              + " times; change the type of one, so that all rows are written anew");
    }
    List<LayoutDefinition> all = new ArrayList<>(older);
    all.add(LayoutDefinition.ofFirst(columns.size()));
    return all;
  }

  /** Ordinals as they are when the column with ordinal {@code dropped} is gone. */
  static List<Integer> shifted(List<Integer> ordinals, int dropped) {
    return ordinals.stream().map(ordinal -> ordinal > dropped ? ordinal - 1 : ordinal).toList();
  }

  /** This table with keys for its rows that none has yet: all of them are written anew. */
  public TableDefinition withNewRows() {
    return builder()
        .columns(columns.stream().map(column -> column.withMissing(null)).toList())
        .layouts(List.of())
        .rowsNumber(nextIndexNumber)
        .nextIndexNumber(nextIndexNumber + 1)
        .build();
  }

  /** Whether a column of it is an identity. */
  public boolean hasIdentity() {
    return columns.stream()
        .anyMatch(
            column ->
                column.generation() != ColumnDefinition.Generation.NONE && !column.isStored());
  }

  /** This table with another name of an index. */
  public TableDefinition withRenamedIndex(String indexName, String newName) {
    return withIndexes(index -> index.name().equals(indexName) ? index.withName(newName) : index);
  }

  /** This table with the index called {@code indexName} ready to be read. */
  public TableDefinition withReadyIndex(String indexName) {
    return withIndexes(index -> index.name().equals(indexName) ? index.withReady(true) : index);
  }

  /** This table with other definitions of its indexes. */
  public TableDefinition withIndexes(UnaryOperator<IndexDefinition> change) {
    return builder().indexes(indexes.stream().map(change).toList()).build();
  }

  /** This table with one index more, which has the number {@link #nextIndexNumber}. */
  public TableDefinition withIndex(IndexDefinition index) {
    List<IndexDefinition> all = new ArrayList<>(indexes);
    all.add(index);
    return builder()
        .indexes(all)
        .nextIndexNumber(Math.max(nextIndexNumber, index.number() + 1))
        .build();
  }

  public TableDefinition withoutIndex(String indexName) {
    List<IndexDefinition> rest = new ArrayList<>(indexes);
    rest.removeIf(index -> index.name().equals(indexName));
    return builder().indexes(rest).build();
  }
}
