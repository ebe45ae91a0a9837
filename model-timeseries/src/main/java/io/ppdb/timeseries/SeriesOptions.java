package io.ppdb.timeseries;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.Interval;
import io.ppdb.relational.type.IntervalText;
import io.ppdb.relational.type.TypeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code WITH (kind = 'timeseries', …)} says.
 *
 * <ul>
 *   <li>{@code timestamp}, required: the designated timestamp, a timestamp or timestamptz column
 *   <li>{@code tags}: text columns, separated by commas, that tell series apart
 *   <li>{@code window_size}: an interval of days and smaller units, {@value #DEFAULT_WINDOW} if not
 *       given; rows are stored and merged by windows of this width
 * </ul>
 */
record SeriesOptions(int timeColumn, List<Integer> tagColumns, long windowMicros) {
  static final String TIMESTAMP = "timestamp";
  static final String TAGS = "tags";
  static final String WINDOW = "window_size";

  /** As TimescaleDB's chunks. */
  static final String DEFAULT_WINDOW = "7 days";

  private static final long MIN_WINDOW_MICROS = 1_000_000;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  SeriesOptions {
    tagColumns = List.copyOf(tagColumns);
  }

  /** Reads and checks the options of {@code table}; INVALID_DEFINITION names what is wrong. */
  static SeriesOptions of(TableDefinition table) {
    Map<String, String> options = table.options();
    for (String option : options.keySet()) {
      if (!List.of(TIMESTAMP, TAGS, WINDOW).contains(option)) {
        throw invalid(
            table,
            "unknown option '"
                + option
                + "'; there are "
                + TIMESTAMP
                + ", "
                + TAGS
                + ", "
                + WINDOW);
      }
    }
    int timeColumn = timeColumn(table, options.getOrDefault(TIMESTAMP, "").strip());
    List<Integer> tags = new ArrayList<>();
    for (String name : options.getOrDefault(TAGS, "").split(",", -1)) {
      if (!name.isBlank()) {
        tags.add(tagColumn(table, name.strip(), timeColumn, tags));
      }
    }
    return new SeriesOptions(timeColumn, tags, windowMicros(table, options));
  }

  /** {@code table} with its defaults spelled out and a designated timestamp that is not NULL. */
  TableDefinition complete(TableDefinition table) {
    List<ColumnDefinition> columns = new ArrayList<>(table.columns());
    columns.set(timeColumn, columns.get(timeColumn).withNullable(false));
    Map<String, String> options = new LinkedHashMap<>(table.options());
    options.putIfAbsent(WINDOW, DEFAULT_WINDOW);
    return table.withOptions(options).withColumns(columns);
  }

  private static int timeColumn(TableDefinition table, String name) {
    if (name.isEmpty()) {
      throw invalid(table, "option '" + TIMESTAMP + "' must name the designated timestamp column");
    }
    int ordinal = column(table, TIMESTAMP, name);
    TypeKind kind = table.column(ordinal).type().kind();
    if (kind != TypeKind.TIMESTAMP && kind != TypeKind.TIMESTAMPTZ) {
      throw invalid(
          table,
          "designated timestamp "
              + name
              + " is of type "
              + table.column(ordinal).type()
              + "; expected timestamp or timestamptz");
    }
    return ordinal;
  }

  private static int tagColumn(
      TableDefinition table, String name, int timeColumn, List<Integer> others) {
    int ordinal = column(table, TAGS, name);
    if (ordinal == timeColumn || others.contains(ordinal)) {
      throw invalid(table, "column " + name + " cannot be a tag as well, or twice");
    }
    if (table.column(ordinal).type().kind() != TypeKind.VARCHAR) {
      throw invalid(
          table, "tag " + name + " is of type " + table.column(ordinal).type() + "; expected text");
    }
    return ordinal;
  }

  private static int column(TableDefinition table, String option, String name) {
    int ordinal = table.columnIndex(name);
    if (ordinal < 0) {
      throw invalid(table, "option '" + option + "' names column " + name + ", which there is not");
    }
    return ordinal;
  }

  private static long windowMicros(TableDefinition table, Map<String, String> options) {
    String text = options.getOrDefault(WINDOW, DEFAULT_WINDOW);
    long micros = fixedMicros(text);
    if (micros < MIN_WINDOW_MICROS) {
      throw invalid(
          table,
          "option '"
              + WINDOW
              + "' is '"
              + text
              + "'; expected days and smaller units, from 1 second");
    }
    return micros;
  }

  /** The length of the interval {@code text}; 0 if it is none, or has none that is always so. */
  private static long fixedMicros(String text) {
    try {
      Interval interval = IntervalText.parse(text);
      return interval.months() == 0
          ? Math.addExact(Math.multiplyExact(interval.days(), MICROS_PER_DAY), interval.micros())
          : 0;
    } catch (PpdbException | ArithmeticException e) {
      return 0;
    }
  }

  private static PpdbException invalid(TableDefinition table, String what) {
    return new PpdbException(
        ErrorCode.INVALID_DEFINITION, "time-series table " + table.name() + ": " + what);
  }
}
