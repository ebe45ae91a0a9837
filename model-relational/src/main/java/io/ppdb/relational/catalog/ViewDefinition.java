package io.ppdb.relational.catalog;

import java.util.List;

/**
 * A query with a name. Immutable.
 *
 * @param columns its columns as they were when it was created: it keeps them, whatever becomes of
 *     the stars in its query
 * @param query the text of the query
 * @param dependencies ids of the tables and views that the query names, in rising order
 */
public record ViewDefinition(
    long id,
    long version,
    String schema,
    String name,
    List<ColumnDefinition> columns,
    String query,
    List<Long> dependencies)
    implements CatalogObject {
  public ViewDefinition {
    columns = List.copyOf(columns);
    dependencies = List.copyOf(dependencies);
  }

  @Override
  public ViewDefinition withVersion(long newVersion) {
    return new ViewDefinition(id, newVersion, schema, name, columns, query, dependencies);
  }

  public ViewDefinition withName(String newName) {
    return new ViewDefinition(id, version, schema, newName, columns, query, dependencies);
  }

  @Override
  public String kindName() {
    return "view";
  }
}
