package io.ppdb.timeseries.segment;

import io.ppdb.kv.Slice;
import io.ppdb.relational.type.ColumnType;
import io.ppdb.relational.vector.Vector;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments: header first, a column only when it is asked for.
 *
 * <pre>
 * version: 1 byte (1) · unit of time: 1 byte (0 = microseconds)
 * CRC32C of everything that follows: 4 bytes
 * row count: varint · least time: signed varint · greatest - least time: varint
 * column count: varint · length of each column chunk: varint · the chunks
 * </pre>
 *
 * <p>Rows ascend by time. A segment that was written when the table had fewer columns holds NULL in
 * the others. Made to be reused: {@link #open} shows another segment, whose bytes must stay while
 * it is read. Not thread-safe.
 */
public final class Segment {
  /** Most rows of a segment. */
  public static final int MAX_ROWS = 1 << 16;

  static final int VERSION = 1;
  static final int MICROSECONDS = 0;

  static final int CHECKSUM_OFFSET = 2;

  private static final int CHECKED_OFFSET = CHECKSUM_OFFSET + 4;
  private static final int MAX_COLUMNS = 1 << 16;

  private final ByteSource source = new ByteSource();
  private final ColumnChunk[] chunks;
  private final int[] chunkStarts;
  private final int[] chunkEnds;
  private final boolean[] opened;
  private final int timeColumn;

  private int rowCount;
  private long leastTime;
  private long greatestTime;

  /**
   * @param types the types of the table's columns
   * @param timeColumn ordinal of the designated timestamp
   */
  public Segment(List<ColumnType> types, int timeColumn) {
    this.chunks = new ColumnChunk[types.size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new ColumnChunk(types.get(i));
    }
    this.chunkStarts = new int[chunks.length];
    this.chunkEnds = new int[chunks.length];
    this.opened = new boolean[chunks.length];
    this.timeColumn = timeColumn;
  }

  /** Shows the segment in {@code value}; CORRUPTION if it is damaged. */
  public void open(Slice value) {
    source.reset(value.array(), value.offset(), value.offset() + value.length());
    int version = source.readByte();
    int unit = source.readByte();
    if (version != VERSION || unit != MICROSECONDS) {
      throw ByteSource.corrupt(
          "version " + version + ", unit " + unit + "; expected " + VERSION + ", " + MICROSECONDS);
    }
    int expected = ByteSource.intAt(value.array(), source.skip(4));
    int seen = checksum(value.array(), value.offset(), value.length());
    if (seen != expected) {
      throw ByteSource.corrupt(
          "checksum " + Integer.toHexString(seen) + "; expected " + Integer.toHexString(expected));
    }
    rowCount = source.readCount("row count", MAX_ROWS);
    leastTime = source.readSignedVarint();
    greatestTime = leastTime + source.readVarint();
    int columnCount = source.readCount("column count", MAX_COLUMNS);
    if (rowCount == 0 || greatestTime < leastTime || columnCount <= timeColumn) {
      throw ByteSource.corrupt(
          rowCount + " rows, " + columnCount + " columns, " + leastTime + " to " + greatestTime);
    }
    readDirectory(columnCount);
  }

  /** The checksum of the segment in {@code array[offset..offset + length)}. */
  static int checksum(byte[] array, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(array, offset + CHECKED_OFFSET, length - CHECKED_OFFSET);
    return (int) crc.getValue();
  }

  private void readDirectory(int columnCount) {
    int bytesLeft = source.end() - source.position();
    for (int i = 0; i < columnCount; i++) {
      int length = source.readCount("chunk length", bytesLeft);
      if (i < chunks.length) {
        chunkEnds[i] = length;
      }
    }
    for (int i = 0; i < chunks.length; i++) {
      opened[i] = false;
      int length = i < columnCount ? chunkEnds[i] : 0;
      chunkStarts[i] = source.skip(length);
      chunkEnds[i] = chunkStarts[i] + length;
    }
  }

  public int rowCount() {
    return rowCount;
  }

  /** Time of the first row, in microseconds since 1970. */
  public long leastTime() {
    return leastTime;
  }

  /** Time of the last row. */
  public long greatestTime() {
    return greatestTime;
  }

  /** The first row at or after {@code time}; the row count if there is none. */
  public int firstRowFrom(long time) {
    ColumnChunk times = chunk(timeColumn);
    int low = 0;
    int high = rowCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times.integerAt(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The time of {@code row}. */
  public long timeAt(int row) {
    return chunk(timeColumn).integerAt(row);
  }

  /** The dictionary of a tag, or null if every value is NULL. */
  public @Nullable Dictionary dictionary(int column) {
    return chunk(column).dictionary();
  }

  /**
   * Decodes {@code count} values of {@code column} to {@code target}, from position {@code at} on:
   * those of the rows {@code from} and up, or of {@code rows[from..from + count)} if {@code rows}
   * is given.
   */
  public void decode(
      int column, int from, int @Nullable [] rows, int count, Vector target, int at) {
    chunk(column).decode(from, rows, count, target, at);
  }

  private ColumnChunk chunk(int column) {
    ColumnChunk chunk = chunks[column];
    if (!opened[column]) {
      source.reset(source.array(), chunkStarts[column], chunkEnds[column]);
      chunk.open(source, rowCount);
      opened[column] = true;
    }
    return chunk;
  }
}
