package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.Checksum;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of a segment that is not written to, of which a window is in memory: as much as was
 * asked for last, or {@value #WINDOW_BYTES} bytes if that is less. So reading a segment takes the
 * memory of its longest record, however long the segment is. Not thread-safe.
 */
final class SegmentWindow {
  private static final int WINDOW_BYTES = 256 << 10;

  private final VfsFile file;
  private final Path path;
  private final long number;
  private final long sizeInBytes;

  private byte[] window = {};
  private long windowStart;
  private int windowLength;

  /** The bytes of {@code file}, which the caller closes. */
  SegmentWindow(VfsFile file, Path path, long number) throws IOException {
    this.file = file;
    this.path = path;
    this.number = number;
    this.sizeInBytes = file.size();
  }

  /** What {@link #load} has loaded; good until it is called again. */
  byte[] bytes() {
    return window;
  }

  /** The header of the segment, or what there is of it. */
  byte[] header() throws IOException {
    int length = (int) Math.min(sizeInBytes, SegmentHeader.BYTES);
    int at = load(0, length);
    return Arrays.copyOfRange(window, at, at + length);
  }

  /** Brings bytes that the file has into the window; the first one's index there. */
  int load(long offset, int count) throws IOException {
    if (offset < windowStart || offset + count > windowStart + windowLength) {
      fill(offset, (int) Math.min(sizeInBytes - offset, Math.max(count, WINDOW_BYTES)));
    }
    return (int) (offset - windowStart);
  }

  private void fill(long offset, int count) throws IOException {
    int capacity = Math.max(count, WINDOW_BYTES);
    if (window.length != capacity) {
      window = new byte[capacity];
    }
    windowLength = 0; // nothing, should the read fail
    int seen = file.read(ByteBuffer.wrap(window, 0, count), offset);
    if (seen != count) {
      throw new CorruptionException(
          path, offset + seen, "the file ends here, expected " + sizeInBytes + " bytes");
    }
    windowStart = offset;
    windowLength = count;
  }

  /** The length of the payload of the record at {@code offset}, which is intact. */
  int payloadLength(long offset) throws IOException {
    int at = load(offset, RecordFormat.HEADER_BYTES);
    return LittleEndian.getInt(window, at + RecordFormat.LENGTH_OFFSET);
  }

  /** Whether an intact record of this segment begins at {@code offset}. */
  boolean isIntact(long offset) throws IOException {
    long available = sizeInBytes - offset - RecordFormat.HEADER_BYTES;
    if (available < 0) {
      return false;
    }
    int at = load(offset, RecordFormat.HEADER_BYTES);
    long payloadLength = LittleEndian.getInt(window, at + RecordFormat.LENGTH_OFFSET);
    return LittleEndian.getLong(window, at + RecordFormat.SEGMENT_OFFSET) == number
        && LittleEndian.getInt(window, at + RecordFormat.SYNCED_OFFSET) <= offset
        && payloadLength >= 0
        && payloadLength <= available
        && LittleEndian.getInt(window, at)
            == checksum(
                offset + RecordFormat.LENGTH_OFFSET,
                offset + RecordFormat.HEADER_BYTES + payloadLength);
  }

  /** By pieces: what only looks like a long record costs time, but no memory. */
  private int checksum(long start, long end) throws IOException {
    Checksum checksum = new Checksum();
    for (long offset = start; offset < end; offset += WINDOW_BYTES) {
      int count = (int) Math.min(end - offset, WINDOW_BYTES);
      int at = load(offset, count); // first, since it may change the window
      checksum.add(window, at, count);
    }
    return checksum.value();
  }

  /** The first intact record at or behind {@code offset}; -1 if there is none. */
  long intactFrom(long offset) throws IOException {
    long last = sizeInBytes - RecordFormat.HEADER_BYTES;
    for (long at = offset; at <= last; at++) {
      at = candidateFrom(at, last);
      if (at <= last && isIntact(at)) {
        return at;
      }
    }
    return -1;
  }

  /** The first offset from {@code offset} on at which the number of the segment is in its place. */
  private long candidateFrom(long offset, long last) throws IOException {
    for (long at = offset; at <= last; ) {
      int index = load(at, RecordFormat.HEADER_BYTES);
      int end = windowLength - RecordFormat.HEADER_BYTES;
      for (int i = index; i <= end; i++) {
        if (LittleEndian.getLong(window, i + RecordFormat.SEGMENT_OFFSET) == number) {
          return windowStart + i;
        }
      }
      at = windowStart + end + 1;
    }
    return last + 1;
  }
}
