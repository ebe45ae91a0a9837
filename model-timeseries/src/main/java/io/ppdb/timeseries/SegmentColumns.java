package io.ppdb.timeseries;

import io.ppdb.kv.Slice;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.Vector;
import io.ppdb.timeseries.segment.Segment;
import org.jspecify.annotations.Nullable;

/** Decodes the columns that a scan asked for, locator columns included. */
final class SegmentColumns {
  private final int[] ordinals;
  private final int tableColumns;

  SegmentColumns(SeriesLayout layout, int[] ordinals) {
    this.ordinals = ordinals.clone();
    this.tableColumns = layout.types().size();
  }

  /** Decodes rows as {@link Segment#decode} says, one vector for each column asked for. */
  void decode(
      Segment segment,
      Slice key,
      int from,
      int @Nullable [] rows,
      int count,
      Vector[] targets,
      int at) {
    for (int i = 0; i < ordinals.length; i++) {
      int ordinal = ordinals[i];
      if (ordinal < tableColumns) {
        segment.decode(ordinal, from, rows, count, targets[i], at);
      } else if (ordinal - tableColumns == RowLocator.SEGMENT_KEY) {
        repeat(key, count, (BytesVector) targets[i], at);
      } else {
        int[] numbers = ((IntVector) targets[i]).values();
        for (int row = 0; row < count; row++) {
          numbers[at + row] = rows == null ? from + row : rows[from + row];
        }
      }
    }
  }

  private static void repeat(Slice key, int count, BytesVector target, int at) {
    target.set(at, key.array(), key.offset(), key.length());
    for (int row = 1; row < count; row++) {
      target.setSlice(at + row, target.starts()[at], key.length());
    }
  }
}
