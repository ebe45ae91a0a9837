package io.ppdb.relational.catalog;

import com.google.common.base.Splitter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What makes a table a materialised view: it has the rows that a query had when it was refreshed.
 * The catalog has it as a table of a kind of its own, and the query among its options. Immutable.
 *
 * @param query the text of the query, in the words of {@link ViewDefinition}
 * @param populated whether it was ever filled; before that it cannot be read
 * @param dependencies ids of the tables and views that the query names
 */
public record MaterializedView(String query, boolean populated, List<Long> dependencies) {
  /** The kind of the table. */
  public static final String KIND = "materialized";

  private static final String QUERY = "query";
  private static final String POPULATED = "populated";
  private static final String DEPENDENCIES = "dependencies";

  public MaterializedView {
    dependencies = List.copyOf(dependencies);
  }

  public static boolean is(TableDefinition table) {
    return table.kind().equals(KIND);
  }

  /** What {@code table}, which is one, says of itself. */
  public static MaterializedView of(TableDefinition table) {
    Map<String, String> options = table.options();
    return new MaterializedView(
        options.getOrDefault(QUERY, ""),
        Boolean.parseBoolean(options.get(POPULATED)),
        dependencies(options.getOrDefault(DEPENDENCIES, "")));
  }

  private static List<Long> dependencies(String text) {
    return Splitter.on(',').omitEmptyStrings().splitToStream(text).map(Long::valueOf).toList();
  }

  /** The options of a table that is this. */
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(QUERY, query);
    options.put(POPULATED, Boolean.toString(populated));
    options.put(
        DEPENDENCIES, dependencies.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return options;
  }

  public MaterializedView withPopulated(boolean newPopulated) {
    return new MaterializedView(query, newPopulated, dependencies);
  }
}
