package io.ppdb.relational.catalog;

import java.util.List;
import java.util.Map;

/** A definition of a table in the making, from one that there is. Not thread-safe. */
final class TableBuilder {
  private final TableDefinition from;
  private long version;
  private String schema;
  private String name;
  private Map<String, String> options;
  private List<ColumnDefinition> columns;
  private List<Integer> primaryKey;
  private List<IndexDefinition> indexes;
  private int nextIndexNumber;
  private TableConstraints constraints;
  private List<LayoutDefinition> layouts;
  private int rowsNumber;

  TableBuilder(TableDefinition from) {
    this.from = from;
    this.version = from.version();
    this.schema = from.schema();
    this.name = from.name();
    this.options = from.options();
    this.columns = from.columns();
    this.primaryKey = from.primaryKey();
    this.indexes = from.indexes();
    this.nextIndexNumber = from.nextIndexNumber();
    this.constraints = from.constraints();
    this.layouts = from.layouts();
    this.rowsNumber = from.rowsNumber();
  }

  TableBuilder version(long newVersion) {
    version = newVersion;
    return this;
  }

  TableBuilder schema(String newSchema) {
    schema = newSchema;
    return this;
  }

  TableBuilder name(String newName) {
    name = newName;
    return this;
  }

  TableBuilder options(Map<String, String> newOptions) {
    options = newOptions;
    return this;
  }

  TableBuilder columns(List<ColumnDefinition> newColumns) {
    columns = newColumns;
    return this;
  }

  TableBuilder primaryKey(List<Integer> ordinals) {
    primaryKey = ordinals;
    return this;
  }

  TableBuilder indexes(List<IndexDefinition> newIndexes) {
    indexes = newIndexes;
    return this;
  }

  TableBuilder nextIndexNumber(int number) {
    nextIndexNumber = number;
    return this;
  }

  TableBuilder constraints(TableConstraints newConstraints) {
    constraints = newConstraints;
    return this;
  }

  TableBuilder layouts(List<LayoutDefinition> newLayouts) {
    layouts = newLayouts;
    return this;
  }

  TableBuilder rowsNumber(int number) {
    rowsNumber = number;
    return this;
  }

  TableDefinition build() {
    return new TableDefinition(
        from.id(),
        version,
        schema,
        name,
        from.kind(),
        options,
        columns,
        primaryKey,
        indexes,
        nextIndexNumber,
        constraints,
        layouts,
        rowsNumber);
  }
}
