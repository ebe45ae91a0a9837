package io.ppdb.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results of a traversal as rows: if all are maps, their keys are the columns; otherwise there is
 * one column, {@code result}.
 */
final class GremlinRows {
  private GremlinRows() {}

  static Rows of(List<@Nullable Object> results) {
    boolean areMaps = !results.isEmpty() && results.stream().allMatch(Map.class::isInstance);
    return areMaps ? ofMaps(results) : ofValues(results);
  }

  private static Rows ofValues(List<@Nullable Object> results) {
    boolean isNumeric = results.stream().allMatch(Number.class::isInstance);
    List<@Nullable Object[]> rows = new ArrayList<>(results.size());
    for (Object each : results) {
      rows.add(new @Nullable Object[] {each});
    }
    return Rows.of(List.of(new Rows.Column("result", isNumeric)), rows);
  }

  private static Rows ofMaps(List<@Nullable Object> results) {
    Map<String, Integer> indexes = new LinkedHashMap<>();
    for (Object each : results) {
      for (Object key : ((Map<?, ?>) notNull(each)).keySet()) {
        indexes.putIfAbsent((String) key, indexes.size());
      }
    }
    List<@Nullable Object[]> rows = new ArrayList<>(results.size());
    boolean[] isText = new boolean[indexes.size()];
    for (Object each : results) {
      @Nullable Object[] row = new @Nullable Object[indexes.size()];
      ((Map<?, ?>) notNull(each))
          .forEach(
              (key, value) -> {
                int index = indexes.getOrDefault((String) key, 0);
                row[index] = value;
                isText[index] |= value != null && !(value instanceof Number);
              });
      rows.add(row);
    }
    List<Rows.Column> columns = new ArrayList<>();
    indexes.forEach((key, index) -> columns.add(new Rows.Column(key, !isText[index])));
    return Rows.of(columns, rows);
  }

  private static Object notNull(@Nullable Object map) {
    if (map == null) {
      throw new AssertionError("all results are maps");
    }
    return map;
  }
}
