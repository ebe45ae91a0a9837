package io.ppdb.lsm.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects bytes and when they become garbage, in bounded memory: a point for each so many bytes,
 * of which every other is dropped when there are too many. Not thread-safe.
 */
final class ForecastBuilder {
  private static final int MAX_POINT_COUNT = 4096;

  private long[] points = new long[16];
  private int count;
  private long bytes;

  /** Bytes that a point stands for. */
  private long step = 1;

  /** Bytes since the last point. */
  private long pending;

  /** Adds bytes that become garbage at {@code bound}, which is not negative. */
  void add(long bound, long more) {
    bytes += more;
    pending += more;
    if (pending >= step) {
      pending = 0;
      if (count == MAX_POINT_COUNT) {
        thin();
      }
      if (count == points.length) {
        points = Arrays.copyOf(points, 2 * count);
      }
      points[count++] = bound;
    }
  }

  /** Entries are of like sizes, mostly: so a point is taken for twice as many of them. */
  private void thin() {
    for (int i = 0; i < count / 2; i++) {
      points[i] = points[2 * i];
    }
    count /= 2;
    step = Math.max(1, 2 * (bytes / MAX_POINT_COUNT));
  }

  GarbageForecast build() {
    if (bytes == 0) {
      return GarbageForecast.NONE;
    }
    long[] sorted = Arrays.copyOf(points, count);
    Arrays.sort(sorted);
    List<Long> eighths = new ArrayList<>(GarbageForecast.PART_COUNT);
    for (int i = 1; i <= GarbageForecast.PART_COUNT; i++) {
      int last = (int) Math.ceil((double) count * i / GarbageForecast.PART_COUNT) - 1;
      eighths.add(sorted[Math.max(0, last)]);
    }
    return new GarbageForecast(bytes, List.copyOf(eighths));
  }
}
