package io.ppdb.timeseries;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.catalog.ColumnDefinition;
import io.ppdb.relational.catalog.TableDefinition;
import io.ppdb.relational.type.ColumnType;
import java.util.List;

/**
 * Where the rows of one time-series table lie.
 *
 * <pre>
 * (table id, 1, window, segment id) -> segment
 * </pre>
 *
 * <p>The window of a row is its time divided by the window's width, rounded down. Segments of a
 * window overlap in time and come in the order they were written, roughly. Immutable.
 *
 * @param table the table
 * @param types the types of its columns
 * @param timeColumn ordinal of the designated timestamp
 * @param tags which columns are tags, by ordinal
 * @param windowMicros width of a window
 */
record SeriesLayout(
    TableDefinition table,
    List<ColumnType> types,
    int timeColumn,
    boolean[] tags,
    long windowMicros) {
  /** Second element of the keys of segments. */
  private static final long SEGMENTS = 1;

  /** The layout of a table whose definition {@link SeriesOptions} has checked. */
  static SeriesLayout of(TableDefinition table) {
    SeriesOptions options = SeriesOptions.of(table);
    boolean[] tags = new boolean[table.columns().size()];
    options.tagColumns().forEach(ordinal -> tags[ordinal] = true);
    return new SeriesLayout(
        table,
        table.columns().stream().map(ColumnDefinition::type).toList(),
        options.timeColumn(),
        tags,
        options.windowMicros());
  }

  long windowOf(long time) {
    return Math.floorDiv(time, windowMicros);
  }

  /** All segments of the table. */
  KeyRange segments() {
    return new KeyWriter().addLong(table.id()).addLong(SEGMENTS).toPrefixRange();
  }

  /** The segments that may hold rows with times from {@code first} to {@code last}, inclusive. */
  KeyRange segments(long first, long last) {
    KeyRange lowest = window(windowOf(first));
    KeyRange highest = window(windowOf(last));
    return KeyRange.of(lowest.start(), highest.end());
  }

  /** The segments of one window. */
  KeyRange window(long window) {
    return new KeyWriter().addLong(table.id()).addLong(SEGMENTS).addLong(window).toPrefixRange();
  }

  byte[] key(long window, long segmentId) {
    return new KeyWriter()
        .addLong(table.id())
        .addLong(SEGMENTS)
        .addLong(window)
        .addLong(segmentId)
        .toByteArray();
  }

  /** The window in the key of a segment. */
  static long windowIn(KeyReader key) {
    return key.skip().skip().readLong();
  }

  PpdbException notSupported(String what) {
    return new PpdbException(
        ErrorCode.NOT_SUPPORTED, what + " is not supported on time-series table " + table.name());
  }
}
