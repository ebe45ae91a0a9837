package io.ppdb.lsm.wal;

import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A segment that is written to; used by one thread at a time, the leader of a group. */
public final class WalSegment {
  private final long number;
  private final Path path;
  private final VfsFile file;
  private final int growthBytes;

  /** Where the next record goes. */
  private long position = SegmentHeader.BYTES;

  /** Everything before this offset is durable. */
  private long syncedOffset = SegmentHeader.BYTES;

  /** The file has bytes, if meaningless ones, up to here. */
  private long reservedEnd;

  WalSegment(long number, Path path, VfsFile file, int growthBytes) throws IOException {
    this.number = number;
    this.path = path;
    this.file = file;
    this.growthBytes = growthBytes;
    this.reservedEnd = file.size();
  }

  public long number() {
    return number;
  }

  Path path() {
    return path;
  }

  long position() {
    return position;
  }

  int syncedOffset() {
    return (int) syncedOffset;
  }

  boolean isSynced() {
    return syncedOffset == position;
  }

  /**
   * Makes sure that {@code byteCount} more bytes fit, and a seal. It is here that a full disk is
   * found out, before a byte of a record is written.
   */
  void reserve(long byteCount) throws IOException {
    long needed = position + byteCount + RecordFormat.HEADER_BYTES;
    if (needed > Integer.MAX_VALUE) {
      throw new IOException(path + " would grow beyond 2 GiB");
    }
    if (needed > reservedEnd) {
      long end = (needed / growthBytes + 1) * growthBytes;
      WalSegments.zero(file, reservedEnd, end);
      reservedEnd = end;
    }
  }

  void append(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    file.write(bytes, position);
    position += count;
  }

  /** Takes back what was written behind {@code offset}, so that it is no record. */
  void rollBack(long offset, long end) throws IOException {
    WalSegments.zero(file, offset, Math.min(end, reservedEnd));
    position = offset;
  }

  void force() throws IOException {
    file.force();
    syncedOffset = position;
  }

  /** Closes the file. */
  public void close() throws IOException {
    file.close();
  }
}
