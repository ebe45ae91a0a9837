package io.ppdb.timeseries.segment;

import io.ppdb.relational.vector.Vector;
import java.util.List;

/**
 * Writes rows as a segment.
 *
 * <p>Keeps its scratch space from call to call. Not thread-safe.
 */
public final class SegmentEncoder {
  private final ColumnEncoder columnEncoder = new ColumnEncoder();
  private final ByteSink chunks = new ByteSink();
  private final ByteSink segment = new ByteSink();
  private final boolean[] tags;

  /**
   * @param tags which columns are tags, by ordinal
   */
  public SegmentEncoder(boolean[] tags) {
    this.tags = tags.clone();
  }

  /**
   * Writes the rows at {@code positions[from..from + count)} of {@code columns}, whose times do not
   * descend in that order; there is at least one.
   *
   * @param leastTime the time of the first row
   * @param greatestTime the time of the last row
   */
  public byte[] encode(
      List<Vector> columns,
      int[] positions,
      int from,
      int count,
      long leastTime,
      long greatestTime) {
    chunks.clear();
    segment.clear();
    segment.writeByte(Segment.VERSION);
    segment.writeByte(Segment.MICROSECONDS);
    segment.writeInt(0);
    segment.writeVarint(count);
    segment.writeSignedVarint(leastTime);
    segment.writeVarint(greatestTime - leastTime);
    segment.writeVarint(columns.size());
    for (int column = 0; column < columns.size(); column++) {
      int start = chunks.length();
      columnEncoder.encode(columns.get(column), positions, from, count, tags[column], chunks);
      segment.writeVarint(chunks.length() - start);
    }
    segment.write(chunks);
    byte[] bytes = segment.toByteArray();
    ByteSink.putInt(bytes, Segment.CHECKSUM_OFFSET, Segment.checksum(bytes, 0, bytes.length));
    return bytes;
  }
}
