package io.ppdb.timeseries;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.exec.ExecutionContext;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.timeseries.segment.Segment;
import java.util.Arrays;

/**
 * Reads rows in the order of their times, up or down: decodes one window at a time and sorts it.
 *
 * <p>A reader that stops early, for the last value of something, has read no window that it did not
 * need. The decoded window counts against the memory of the statement.
 */
final class OrderedSeriesScan implements BatchSource {
  private final SeriesLayout layout;
  private final ExecutionContext context;
  private final boolean descending;
  private final Cursor cursor;
  private final Segment segment;
  private final SegmentFilter filter;
  private final SegmentColumns columns;
  private final ScanCounters counters;
  private final KeyReader keyReader = new KeyReader();

  /** The wanted columns of the wanted rows of the current window, and their times. */
  private Vector[] window = new Vector[0];

  private long[] times = new long[0];
  private int[] order = new int[0];
  private int rowsTaken;
  private boolean cursorValid;
  private long chargedBytes;

  OrderedSeriesScan(
      SeriesLayout layout,
      ExecutionContext context,
      KeyRange range,
      boolean descending,
      SegmentFilter filter,
      int[] ordinals,
      ScanCounters counters) {
    this.layout = layout;
    this.context = context;
    this.descending = descending;
    this.cursor =
        context.view().scan(range, descending ? ScanOptions.DESCENDING : ScanOptions.ASCENDING);
    this.segment = new Segment(layout.types(), layout.timeColumn());
    this.filter = filter;
    this.columns = new SegmentColumns(layout, ordinals);
    this.counters = counters;
    this.cursorValid = cursor.next();
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    if (rowsTaken == order.length && !nextWindow(batch)) {
      return false;
    }
    int count = Math.min(rowCount, order.length - rowsTaken);
    int[] positions = Arrays.copyOfRange(order, rowsTaken, rowsTaken + count);
    for (int i = 0; i < window.length; i++) {
      batch.column(i).copy(window[i], positions, count, 0);
    }
    batch.setRowCount(count);
    rowsTaken += count;
    return true;
  }

  @Override
  public void close() {
    cursor.close();
    context.memory().release(chargedBytes);
    chargedBytes = 0;
  }

  /** Decodes the next window that has wanted rows; {@code batch} shows the types. */
  private boolean nextWindow(VectorBatch batch) {
    order = new int[0];
    rowsTaken = 0;
    while (cursorValid && order.length == 0) {
      readWindow(batch);
    }
    return order.length > 0;
  }

  private void readWindow(VectorBatch batch) {
    window = new Vector[batch.columnCount()];
    for (int i = 0; i < window.length; i++) {
      window[i] = Vector.create(batch.column(i).type(), 0);
    }
    long number = windowAtCursor();
    int rowCount = 0;
    do {
      segment.open(cursor.value());
      if (filter.apply(segment)) {
        rowCount = addSegment(rowCount);
        counters.decoded();
      } else {
        counters.pruned();
      }
      cursorValid = cursor.next();
    } while (cursorValid && windowAtCursor() == number);
    order = TimeOrder.sort(times, rowCount);
    if (descending) {
      reverse(order);
    }
  }

  private int addSegment(int rowCount) {
    int count = filter.count();
    int[] rows = filter.rows();
    if (times.length < rowCount + count) {
      times = Arrays.copyOf(times, Math.max(rowCount + count, 2 * times.length));
    }
    for (int i = 0; i < count; i++) {
      int index = filter.from() + i;
      times[rowCount + i] = segment.timeAt(rows == null ? index : rows[index]);
    }
    for (Vector column : window) {
      column.ensureCapacity(times.length);
    }
    columns.decode(segment, cursor.key(), filter.from(), rows, count, window, rowCount);
    charge();
    return rowCount + count;
  }

  private void charge() {
    long bytes = 12L * times.length;
    for (Vector column : window) {
      bytes += column.sizeInBytes();
    }
    if (bytes > chargedBytes) {
      context.memory().charge(bytes - chargedBytes, "a window of " + layout.table().name());
      chargedBytes = bytes;
    }
  }

  private long windowAtCursor() {
    return SeriesLayout.windowIn(keyReader.reset(cursor.key()));
  }

  private static void reverse(int[] values) {
    for (int i = 0, j = values.length - 1; i < j; i++, j--) {
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
