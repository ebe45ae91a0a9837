package io.ppdb.relational.storage;

import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.IndexExpression;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import java.util.List;

/** The elements of a primary key or of an index, in the order of its keys. Immutable. */
record KeyElements(TableDefinition table, List<IndexDefinition.Column> columns) {
  int count() {
    return columns.size();
  }

  int ordinal(int element) {
    return columns.get(element).ordinal();
  }

  boolean isDescending(int element) {
    return columns.get(element).descending();
  }

  private ColumnType type(int element) {
    IndexDefinition.Column column = columns.get(element);
    IndexExpression expression = column.expression();
    return expression == null ? table.column(column.ordinal()).type() : expression.type();
  }

  /** Adds a value, which is not NULL, as an element of a key. */
  void add(KeyWriter writer, int element, Object value) {
    writer.order(KeyColumns.order(isDescending(element)));
    KeyColumns.addObject(writer, type(element), value);
  }

  void addNull(KeyWriter writer, int element) {
    writer.order(KeyColumns.order(isDescending(element))).addNull();
  }

  /** What EXPLAIN calls the column or expression with an ordinal. */
  String name(int ordinal) {
    for (IndexDefinition.Column column : columns) {
      if (column.ordinal() == ordinal) {
        return column.name(table);
      }
    }
    return table.column(ordinal).name();
  }
}
