package io.ppdb.relational.statistics;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the rows of a table, as of the time somebody looked. Immutable.
 *
 * @param rowCount how many rows it had
 * @param columns by name, with the type that the values had
 * @param keys by number: 0 is the primary key, others are indexes; for each length of its
 *     beginning, from one column on, how many different ones there are
 */
public record TableStatistics(
    double rowCount, Map<String, Column> columns, Map<Integer, List<Double>> keys) {
  /** Nothing. */
  public static final TableStatistics NONE = new TableStatistics(0, Map.of(), Map.of());

  /** The number of values above this part of the rows is taken to grow with the table. */
  private static final double GROWING = 0.1;

  /**
   * A column.
   *
   * @param type the name of the kind of its type: values of others do not compare with these
   */
  public record Column(String type, ColumnStatistics values) {
    /** The same with another number of values. */
    public Column withDistinctCount(double count) {
      return new Column(
          type,
          new ColumnStatistics(values.nullFraction(), count, values.common(), values.bounds()));
    }
  }

  public TableStatistics {
    columns = Map.copyOf(columns);
    keys = Map.copyOf(keys);
  }

  /** What is known of a column, or null. */
  public @Nullable ColumnStatistics column(String name, String type) {
    Column column = columns.get(name);
    return column != null && column.type.equals(type) ? column.values : null;
  }

  /**
   * How many different beginnings of {@code length} columns a key has in a table that now has
   * {@code rows}; 0 if that is not known.
   */
  public double distinctPrefixes(int key, int length, double rows) {
    List<Double> counts = keys.get(key);
    return counts == null || length < 1 || length > counts.size()
        ? 0
        : scaled(counts.get(length - 1), rows);
  }

  /**
   * A number of different values, which was {@code count}, in a table that now has {@code rows}.
   */
  public double scaled(double count, double rows) {
    return count >= GROWING * rowCount && rowCount > 0 ? count * rows / rowCount : count;
  }
}
