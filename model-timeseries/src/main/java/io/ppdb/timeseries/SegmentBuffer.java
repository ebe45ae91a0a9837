package io.ppdb.timeseries;

import io.ppdb.kv.Slice;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.vector.LongVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.timeseries.segment.Segment;
import io.ppdb.timeseries.segment.SegmentEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into a table: collected in vectors, then written as one segment a window.
 *
 * <p>Not thread-safe.
 */
final class SegmentBuffer {
  /** A larger segment is split; half of what the store takes as a value. */
  private static final int MAX_SEGMENT_BYTES = 4 << 20;

  /** So many rows or fewer are added to an open segment, as long as it has few itself. */
  private static final int MAX_JOINING_ROWS = 32;

  private static final int MAX_JOINED_ROWS = 512;
  private static final int INITIAL_ROWS = 64;
  private static final int RANDOM_ID_BITS = 20;

  private final SeriesLayout layout;
  private final SegmentEncoder encoder;
  private final List<Vector> columns = new ArrayList<>();
  private int rowCount;

  SegmentBuffer(SeriesLayout layout) {
    this.layout = layout;
    this.encoder = new SegmentEncoder(layout.tags());
    layout.types().forEach(type -> columns.add(Vector.create(type, INITIAL_ROWS)));
  }

  int rowCount() {
    return rowCount;
  }

  /** The columns; the row being built lies at position {@link #rowCount}. */
  Vector column(int ordinal) {
    return columns.get(ordinal);
  }

  /** Makes room for the row at position {@link #rowCount}. */
  void beginRow() {
    for (Vector column : columns) {
      if (rowCount >= column.capacity()) {
        column.ensureCapacity(2 * rowCount + INITIAL_ROWS);
      }
      if (column.hasNulls()) {
        column.nullsForWriting()[rowCount] = false; // an abandoned row may have left a mark
      }
    }
  }

  /** Adds the row that was built. */
  void endRow() {
    rowCount++;
  }

  /** Adds the live rows of {@code rows}. */
  void append(VectorBatch rows) {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).copy(rows.column(i), rows.selection(), rows.size(), rowCount);
    }
    rowCount += rows.size();
  }

  /** Adds rows of {@code segment}, as {@link Segment#decode} says. */
  void append(Segment segment, int from, int @Nullable [] rows, int count) {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).ensureCapacity(rowCount + count);
      segment.decode(i, from, rows, count, columns.get(i), rowCount);
    }
    rowCount += count;
  }

  /** Forgets all rows. */
  void clear() {
    rowCount = 0;
    columns.forEach(column -> column.reset(INITIAL_ROWS));
  }

  /**
   * Writes all rows as new segments; they stay here, in case the transaction has to be run again.
   *
   * @param open keys of segments that the transaction itself has written, by window; a few rows are
   *     added to these, and new segments are entered
   * @return how many new segments there were
   */
  int writeTo(Transaction transaction, Map<Long, byte[]> open) {
    int[] order = TimeOrder.sort(times(), rowCount);
    int segmentCount = 0;
    int from = 0;
    while (from < rowCount) {
      int to = endOfSegment(order, from);
      if (!extendSegment(transaction, order, from, to - from, open)) {
        segmentCount += writeSegment(transaction, order, from, to - from, open);
      }
      from = to;
    }
    return segmentCount;
  }

  /** All rows, which belong to one window and fit a segment, as the value of one. */
  byte[] toSegment() {
    return encode(TimeOrder.sort(times(), rowCount), 0, rowCount);
  }

  private long[] times() {
    return ((LongVector) columns.get(layout.timeColumn())).values();
  }

  private int endOfSegment(int[] order, int from) {
    long window = layout.windowOf(times()[order[from]]);
    int limit = (int) Math.min(rowCount, (long) from + Segment.MAX_ROWS);
    int to = from + 1;
    while (to < limit && layout.windowOf(times()[order[to]]) == window) {
      to++;
    }
    return to;
  }

  private boolean extendSegment(
      Transaction transaction, int[] order, int from, int count, Map<Long, byte[]> open) {
    byte[] key = count > MAX_JOINING_ROWS ? null : open.get(layout.windowOf(times()[order[from]]));
    byte[] value = key == null ? null : transaction.get(key);
    if (key == null || value == null) {
      return false;
    }
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    segment.open(new Slice(value));
    if (segment.rowCount() + count > MAX_JOINED_ROWS) {
      return false;
    }
    SegmentBuffer joined = new SegmentBuffer(layout);
    joined.append(segment, 0, null, segment.rowCount());
    int[] positions = Arrays.copyOfRange(order, from, from + count);
    for (int i = 0; i < columns.size(); i++) {
      joined.columns.get(i).copy(columns.get(i), positions, count, joined.rowCount);
    }
    joined.rowCount += count;
    transaction.put(key, joined.toSegment());
    return true;
  }

  private int writeSegment(
      Transaction transaction, int[] order, int from, int count, Map<Long, byte[]> open) {
    byte[] segment = encode(order, from, count);
    if (segment.length > MAX_SEGMENT_BYTES && count > 1) {
      int half = count / 2;
      return writeSegment(transaction, order, from, half, open)
          + writeSegment(transaction, order, from + half, count - half, open);
    }
    long window = layout.windowOf(times()[order[from]]);
    byte[] key = layout.key(window, newSegmentId());
    while (!transaction.putIfAbsent(key, segment)) {
      key = layout.key(window, newSegmentId());
    }
    open.put(window, key);
    return 1;
  }

  private byte[] encode(int[] order, int from, int count) {
    long[] times = times();
    return encoder.encode(
        columns, order, from, count, times[order[from]], times[order[from + count - 1]]);
  }

  /** Rises with time, so that new segments lie together; drawn without asking anybody. */
  private static long newSegmentId() {
    return System.currentTimeMillis() << RANDOM_ID_BITS
        | ThreadLocalRandom.current().nextInt(1 << RANDOM_ID_BITS);
  }
}
