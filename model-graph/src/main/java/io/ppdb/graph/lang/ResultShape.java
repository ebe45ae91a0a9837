package io.ppdb.graph.lang;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tinkerpop.gremlin.structure.T;
import org.jspecify.annotations.Nullable;

/**
 * How the results of a traversal become rows: as one value each, or by the keys of a map.
 *
 * @param columns the columns of a row
 * @param keys the key of each column in a result that is a map; empty if a result is the one value
 * @param listsOfValues whether the map holds a list of values under each key of a property
 */
record ResultShape(
    List<GremlinColumn> columns, List<? extends Object> keys, boolean listsOfValues) {
  static final String ID = "id";
  static final String LABEL = "label";

  static ResultShape ofValue(GremlinColumn column) {
    return new ResultShape(List.of(column), List.of(), false);
  }

  static ResultShape ofMap(List<GremlinColumn> columns) {
    return new ResultShape(columns, names(columns), false);
  }

  /** What elementMap() gives: id, label, and one value for each property. */
  static ResultShape ofElementMap(List<GremlinColumn> properties) {
    return withTokens(properties, false);
  }

  /** What valueMap() gives: a list of values for each property, and perhaps id and label. */
  static ResultShape ofPropertyMap(List<GremlinColumn> properties, boolean withTokens) {
    return withTokens
        ? withTokens(properties, true)
        : new ResultShape(properties, names(properties), true);
  }

  private static ResultShape withTokens(List<GremlinColumn> properties, boolean listsOfValues) {
    List<GremlinColumn> columns = new ArrayList<>();
    columns.add(new GremlinColumn(ID, GremlinColumn.Type.BIGINT));
    columns.add(new GremlinColumn(LABEL, GremlinColumn.Type.STRING));
    columns.addAll(properties);
    List<Object> keys = new ArrayList<>(names(columns));
    // A property may be called id as well, which is another key.
    keys.set(0, T.id);
    keys.set(1, T.label);
    return new ResultShape(columns, keys, listsOfValues);
  }

  private static List<String> names(List<GremlinColumn> columns) {
    return columns.stream().map(GremlinColumn::name).toList();
  }

  /** The row of {@code result}, null where it has nothing. */
  @Nullable Object[] row(@Nullable Object result) {
    @Nullable Object[] row = new @Nullable Object[columns.size()];
    if (keys.isEmpty() && row.length == 1) {
      row[0] = result;
      return row;
    }
    if (result instanceof Map<?, ?> map) {
      for (int i = 0; i < row.length; i++) {
        Object value = map.get(keys.get(i));
        // One value most times; several stay a list.
        row[i] =
            listsOfValues && value instanceof List<?> list && list.size() == 1
                ? list.get(0)
                : value;
      }
    }
    return row;
  }
}
