package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of a segment, of which a window is in memory: as much as was asked for last, or {@value
 * #WINDOW_BYTES} bytes if that is less. So reading a segment takes the memory of its longest
 * record, however long the segment is. Not thread-safe.
 */
final class SegmentWindow {
  static final int WINDOW_BYTES = 256 << 10;

  private final VfsFile file;
  private final Path path;
  private final long sizeInBytes;

  private byte[] window = {};
  private long windowStart;
  private int windowLength;

  /** The bytes of {@code file}, which the caller closes, up to {@code limit} at most. */
  SegmentWindow(VfsFile file, Path path, long limit) throws IOException {
    this.file = file;
    this.path = path;
    this.sizeInBytes = Math.min(limit, file.size());
  }

  Path path() {
    return path;
  }

  long sizeInBytes() {
    return sizeInBytes;
  }

  /** What {@link #load} has loaded; good until it is called again. */
  byte[] bytes() {
    return window;
  }

  /** How many bytes from {@code index} on are loaded. */
  int loadedBehind(int index) {
    return windowLength - index;
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
    // One that a long record has left behind is not kept.
    if (window.length < count || window.length > Math.max(count, WINDOW_BYTES)) {
      window = new byte[count];
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
}
