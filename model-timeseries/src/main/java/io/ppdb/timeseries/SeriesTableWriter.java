package io.ppdb.timeseries;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Transaction;
import io.ppdb.relational.spi.TableWriter;
import io.ppdb.relational.vector.BytesVector;
import io.ppdb.relational.vector.IntVector;
import io.ppdb.relational.vector.VectorBatch;
import io.ppdb.timeseries.segment.Segment;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the rows of one SQL statement.
 *
 * <p>Inserted rows are collected and become one segment a window, or several if there are too many
 * for one; a few rows join a segment that the transaction has written before. Deleted rows are
 * collected too, for their numbers hold only while the segments stay as the statement saw them;
 * then every segment concerned is written again without them. That claims its key, so of two
 * transactions that delete from one segment, or one that deletes and one that merges, the first
 * committer wins; inserting never conflicts.
 */
final class SeriesTableWriter implements TableWriter {
  /** Inserted rows that are held before they are written, in the middle of a statement. */
  private static final int MAX_BUFFERED_ROWS = Segment.MAX_ROWS;

  private final SeriesLayout layout;
  private final Transaction transaction;
  private final Map<Long, byte[]> openSegments;
  private final SegmentBuffer inserted;
  private final Map<Slice, BitSet> deleted = new TreeMap<>();

  SeriesTableWriter(SeriesLayout layout, Transaction transaction, OpenSegments open) {
    this.layout = layout;
    this.transaction = transaction;
    this.openSegments = open.of(transaction);
    this.inserted = new SegmentBuffer(layout);
  }

  @Override
  public void insert(VectorBatch rows) {
    inserted.append(rows);
    if (inserted.rowCount() >= MAX_BUFFERED_ROWS) {
      inserted.writeTo(transaction, openSegments);
      inserted.clear();
    }
  }

  @Override
  public void update(VectorBatch oldRows, VectorBatch newRows, int[] changedColumns) {
    throw layout.notSupported("UPDATE");
  }

  @Override
  public void delete(VectorBatch rows) {
    int firstLocator = layout.types().size();
    BytesVector keys = (BytesVector) rows.column(firstLocator + RowLocator.SEGMENT_KEY);
    IntVector numbers = (IntVector) rows.column(firstLocator + RowLocator.ROW);
    Slice probe = new Slice();
    for (int i = 0; i < rows.size(); i++) {
      int position = rows.position(i);
      probe.set(keys.arena(), keys.starts()[position], keys.lengths()[position]);
      BitSet segmentRows = deleted.get(probe);
      if (segmentRows == null) {
        segmentRows = new BitSet();
        deleted.put(new Slice(probe.toByteArray()), segmentRows);
      }
      segmentRows.set(numbers.get(position));
    }
  }

  @Override
  public void finish() {
    if (inserted.rowCount() > 0) {
      inserted.writeTo(transaction, openSegments);
      inserted.clear();
    }
    deleted.forEach((key, rows) -> deleteRows(key.toByteArray(), rows));
    deleted.clear();
  }

  @Override
  public void close() {
    inserted.clear();
    deleted.clear();
  }

  private void deleteRows(byte[] key, BitSet rows) {
    byte[] value = transaction.get(key);
    if (value == null) {
      throw new PpdbException(
          ErrorCode.INTERNAL, "a segment of " + layout.table().name() + " that was read is gone");
    }
    Segment segment = new Segment(layout.types(), layout.timeColumn());
    segment.open(new Slice(value));
    int keptCount = segment.rowCount() - rows.cardinality();
    if (keptCount == 0) {
      transaction.delete(key);
      return;
    }
    int[] kept = new int[keptCount];
    int next = 0;
    for (int row = rows.nextClearBit(0); next < keptCount; row = rows.nextClearBit(row + 1)) {
      kept[next++] = row;
    }
    SegmentBuffer rest = new SegmentBuffer(layout);
    rest.append(segment, 0, kept, keptCount);
    transaction.put(key, rest.toSegment());
  }
}
