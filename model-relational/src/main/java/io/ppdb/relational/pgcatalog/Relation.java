package io.ppdb.relational.pgcatalog;

import io.ppdb.relational.catalog.CatalogObject;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.IndexDefinition;
import io.ppdb.relational.catalog.MaterializedView;
import io.ppdb.relational.catalog.SequenceDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.catalog.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has a row in {@code pg_class}: a table, view, sequence or index, or a relation of the
 * system.
 *
 * @param kind {@code r} table, {@code v} view, {@code m} materialised view, {@code S} sequence,
 *     {@code i} index
 * @param object what it is, or the table of an index; null for relations of the system
 * @param indexNumber of an index, 0 for that of a primary key; {@link #NO_INDEX} for all else
 * @param system null unless it is a relation of the system
 */
record Relation(
    long oid,
    String kind,
    String schema,
    String name,
    @Nullable CatalogObject object,
    int indexNumber,
    @Nullable SystemRelation system) {
  static final int NO_INDEX = -1;

  static Relation of(CatalogObject object) {
    String kind =
        object instanceof ViewDefinition
            ? "v"
            : object instanceof SequenceDefinition
                ? "S"
                : object instanceof TableDefinition table && MaterializedView.is(table) ? "m" : "r";
    return new Relation(
        Oids.object(object.id()), kind, object.schema(), object.name(), object, NO_INDEX, null);
  }

  static Relation of(SystemRelation system) {
    return new Relation(
        system.oid(),
        system.isView() ? "v" : "r",
        system.schema(),
        system.name(),
        null,
        NO_INDEX,
        system);
  }

  /** The indexes of a table. */
  static List<Relation> indexesOf(TableDefinition table) {
    List<Relation> indexes = new ArrayList<>();
    if (table.hasPrimaryKey()) {
      indexes.add(index(table, table.primaryKeyName(), 0));
    }
    for (IndexDefinition index : table.indexes()) {
      indexes.add(index(table, index.name(), index.number()));
    }
    return indexes;
  }

  private static Relation index(TableDefinition table, String name, int number) {
    return new Relation(
        Oids.index(table.id(), number), "i", table.schema(), name, table, number, null);
  }

  boolean isIndex() {
    return indexNumber != NO_INDEX;
  }

  /** The table of an index. */
  TableDefinition table() {
    if (object instanceof TableDefinition table) {
      return table;
    }
    throw new IllegalStateException(name + " is of no table");
  }

  /** The definition of an index; null for that of a primary key. */
  @Nullable IndexDefinition index() {
    return indexNumber > 0 ? table().indexNumbered(indexNumber) : null;
  }

  /** The columns of a table or view; none for others. */
  List<ColumnDefinition> columns() {
    if (system != null) {
      return system.table().columns();
    }
    if (object instanceof ViewDefinition view) {
      return view.columns();
    }
    return object instanceof TableDefinition table && !isIndex() ? table.columns() : List.of();
  }

  /** The elements of an index, included columns last. */
  List<IndexElement> elements() {
    List<IndexElement> elements = new ArrayList<>();
    TableDefinition table = table();
    IndexDefinition index = index();
    if (index == null) {
      table.primaryKey().forEach(column -> elements.add(IndexElement.of(table, column)));
      return elements;
    }
    for (IndexDefinition.Column column : index.columns()) {
      elements.add(IndexElement.of(table, column));
    }
    index.included().forEach(column -> elements.add(IndexElement.of(table, column)));
    return elements;
  }

  /** How many of the elements are its key. */
  int keyLength() {
    IndexDefinition index = index();
    return index == null ? table().primaryKey().size() : index.columns().size();
  }
}
