package io.ppdb.timeseries;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.timeseries.segment.Dictionary;
import io.ppdb.timeseries.segment.Segment;
import org.jspecify.annotations.Nullable;

/**
 * What the planner is told about a table: from the store's size estimate and the headers of a few
 * segments, looked at again when the size has changed by a quarter.
 *
 * <p>Thread-safe.
 */
final class SeriesEstimates {
  private static final int SAMPLED_SEGMENTS = 16;
  private static final double REFRESH_RATIO = 1.25;

  private final SeriesLayout layout;
  private final KeyValueStore store;
  private volatile @Nullable Sample sample;

  SeriesEstimates(SeriesLayout layout, KeyValueStore store) {
    this.layout = layout;
    this.store = store;
  }

  /**
   * A look at the table.
   *
   * @param entryCount the store's estimate at that time
   * @param rowCount estimated rows
   * @param segmentCount estimated segments
   * @param leastTime time of the first row, greatest if there is none
   * @param greatestTime time of the last row, about
   * @param tagValues distinct values in a segment, by ordinal; 0 for a column that is no tag
   */
  record Sample(
      long entryCount,
      double rowCount,
      double segmentCount,
      long leastTime,
      long greatestTime,
      double[] tagValues) {
    /** The share of all rows whose times lie in {@code range}. */
    double shareOf(TimeRange range) {
      double width = (double) greatestTime - leastTime + 1;
      double first = Math.max(range.first(), leastTime);
      double last = Math.min(range.last(), greatestTime);
      return width <= 0 ? 1 : Math.max(0, Math.min(1, (last - first + 1) / width));
    }
  }

  Sample current() {
    RangeStatistics statistics = store.statistics(layout.segments());
    Sample known = sample;
    if (known == null
        || statistics.entryCount() > known.entryCount * REFRESH_RATIO
        || statistics.entryCount() * REFRESH_RATIO < known.entryCount) {
      known = look(statistics.entryCount());
      sample = known;
    }
    return known;
  }

  private Sample look(long entryCount) {
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    double[] tagValues = new double[layout.types().size()];
    long rows = 0;
    int segments = 0;
    long leastTime = Long.MAX_VALUE;
    long greatestTime = Long.MIN_VALUE;
    try (Snapshot snapshot = store.snapshot()) {
      for (boolean descending : new boolean[] {false, true}) {
        ScanOptions options =
            ScanOptions.ASCENDING.withDescending(descending).withMaxEntries(SAMPLED_SEGMENTS / 2);
        try (Cursor cursor = snapshot.scan(layout.segments(), options)) {
          while (cursor.next()) {
            segment.open(cursor.value());
            leastTime = Math.min(leastTime, segment.leastTime());
            greatestTime = Math.max(greatestTime, segment.greatestTime());
            rows += segment.rowCount();
            segments++;
            addTagValues(segment, tagValues);
          }
        }
      }
    }
    for (int i = 0; i < tagValues.length; i++) {
      tagValues[i] /= Math.max(1, segments);
    }
    double segmentCount = segments < SAMPLED_SEGMENTS ? segments : Math.max(entryCount, segments);
    double rowCount = segments == 0 ? 1 : Math.max(1, segmentCount * rows / segments);
    return new Sample(entryCount, rowCount, segmentCount, leastTime, greatestTime, tagValues);
  }

  private void addTagValues(Segment segment, double[] tagValues) {
    for (int i = 0; i < tagValues.length; i++) {
      Dictionary dictionary = layout.tags()[i] ? segment.dictionary(i) : null;
      tagValues[i] += dictionary == null ? 0 : dictionary.entryCount();
    }
  }
}
