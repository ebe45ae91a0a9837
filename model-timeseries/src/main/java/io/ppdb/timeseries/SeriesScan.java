package io.ppdb.timeseries;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.exec.BatchSource;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.timeseries.segment.Segment;

/**
 * Reads segments in the order of their keys: window after window, within a window as they come.
 *
 * <p>Segments that cannot hold a wanted row are passed over undecoded; of the others only the
 * wanted rows and columns are decoded, straight from the cursor's bytes into the batch.
 */
final class SeriesScan implements BatchSource {
  private final Cursor cursor;
  private final Segment segment;
  private final SegmentFilter filter;
  private final SegmentColumns columns;
  private final ScanCounters counters;

  private int rowsTaken;
  private int rowsWanted;

  SeriesScan(
      SeriesLayout layout,
      ReadView view,
      KeyRange range,
      SegmentFilter filter,
      int[] ordinals,
      ScanCounters counters) {
    this.cursor = view.scan(range);
    this.segment = new Segment(layout.types(), layout.timeColumn());
    this.filter = filter;
    this.columns = new SegmentColumns(layout, ordinals);
    this.counters = counters;
  }

  @Override
  public boolean fill(VectorBatch batch, int rowCount) {
    int filled = 0;
    while (filled < rowCount) {
      if (rowsTaken == rowsWanted && !nextSegment()) {
        batch.setRowCount(filled);
        return false;
      }
      int count = Math.min(rowsWanted - rowsTaken, rowCount - filled);
      columns.decode(
          segment,
          cursor.key(),
          filter.from() + rowsTaken,
          filter.rows(),
          count,
          batch.columns(),
          filled);
      rowsTaken += count;
      filled += count;
    }
    batch.setRowCount(filled);
    return true;
  }

  private boolean nextSegment() {
    while (cursor.next()) {
      segment.open(cursor.value());
      if (filter.apply(segment)) {
        rowsTaken = 0;
        rowsWanted = filter.count();
        counters.decoded();
        return true;
      }
      counters.pruned();
    }
    return false;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
