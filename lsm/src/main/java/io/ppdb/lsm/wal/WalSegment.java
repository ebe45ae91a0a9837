package io.ppdb.lsm.wal;

import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is written to; used by one thread at a time, the leader of a group. How far it is
 * written, and synced, anybody may ask.
 */
public final class WalSegment {
  private static final int WINDOW_BYTES = 4 << 20;

  private final long number;
  private final Path path;
  private final VfsFile file;
  private final int growthBytes;
  private final int maxBytes;
  private final RecordWriter records;

  /** Where the next record goes. */
  private volatile long position = SegmentHeader.BYTES;

  /** Everything before this offset is durable. */
  private volatile long syncedOffset = SegmentHeader.BYTES;

  /** The file has bytes, if meaningless ones, up to here. */
  private long reservedEnd;

  /** What is mapped of the file, from {@link #windowStart} on; null before it was tried. */
  private @Nullable ByteBuffer window;

  private long windowStart;

  WalSegment(long number, Path path, VfsFile file, int growthBytes, int maxBytes)
      throws IOException {
    this.number = number;
    this.path = path;
    this.file = file;
    this.growthBytes = growthBytes;
    this.maxBytes = maxBytes;
    this.records = new RecordWriter(number);
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

  /** Whether {@code byteCount} more bytes, and a seal, do not make the segment too large. */
  boolean hasRoomFor(long byteCount) {
    return endBehind(byteCount) <= maxBytes;
  }

  private long endBehind(long byteCount) {
    return position + byteCount + RecordWriter.MAX_HEADER_BYTES;
  }

  /** Whether commits have asked for syncs, not only the end of the segment. */
  boolean hasSyncedRecords() {
    return syncedOffset > SegmentHeader.BYTES;
  }

  /** Whether {@link #reserve} has something to do for so many bytes. */
  boolean lacksRoomFor(long byteCount) {
    return endBehind(byteCount) > reservedEnd;
  }

  /**
   * Fills the segment, which has no records yet, with zeros up to {@code end} and syncs them: by
   * steps, since a sync of some other file may have to wait for what is being synced here.
   */
  void fill(long end) throws IOException {
    while (reservedEnd < Math.min(end, maxBytes)) {
      long stepEnd = Math.min(maxBytes, reservedEnd + growthBytes);
      WalSegments.zero(file, reservedEnd, stepEnd, true);
      file.force();
      reservedEnd = stepEnd;
    }
  }

  /**
   * Makes sure that there is space for {@code byteCount} more bytes, which the segment has room
   * for, and a seal. It is here that a full disk is found out, before a byte of a record is
   * written.
   *
   * @return how many bytes were filled with zeros for that
   */
  long reserve(long byteCount) throws IOException {
    long needed = endBehind(byteCount);
    if (needed > reservedEnd) {
      long start = reservedEnd;
      long end = Math.min(maxBytes, (needed / growthBytes + 1) * growthBytes);
      boolean bySyncs = hasSyncedRecords() || position == SegmentHeader.BYTES;
      WalSegments.zero(file, reservedEnd, end, bySyncs);
      reservedEnd = end;
      return end - start;
    }
    return 0;
  }

  /**
   * Writes the header of a record that will be appended behind {@code pendingBytes} others, right
   * before its payload {@code [start, end)}; returns where it begins in {@code bytes}.
   */
  int writeHeader(
      byte[] bytes,
      int start,
      int end,
      int typeAndOrigin,
      long version,
      long timeMillis,
      int pendingBytes) {
    return records.write(
        bytes,
        start,
        end,
        typeAndOrigin,
        version,
        timeMillis,
        position + pendingBytes,
        syncedOffset);
  }

  /**
   * Appends bytes by a call of the system. They are as durable as those of {@link #appendMapped}.
   */
  void append(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    long start = position;
    file.write(bytes, start);
    position = start + count;
  }

  /**
   * Appends bytes by copying them to where the file lies in memory, if there is such a place: into
   * the hands of the system, at a fraction of what a call of it costs. For bytes that are not
   * synced at once: each sync makes the next copy to a page dearer.
   */
  void appendMapped(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer mapped = window(length);
    if (mapped == null) {
      append(ByteBuffer.wrap(bytes, from, length));
      return;
    }
    long start = position;
    try {
      mapped.put((int) (start - windowStart), bytes, from, length);
    } catch (InternalError e) {
      throw new IOException("cannot write to the mapped file: " + e.getMessage(), e);
    }
    position = start + length;
  }

  private @Nullable ByteBuffer map(long start, int sizeInBytes) {
    try {
      return file.mapForWriting(start, sizeInBytes);
    } catch (IOException e) {
      // No more mappings: calls of the system do as well.
      System.getLogger(WalSegment.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot map " + path, e);
      return null;
    }
  }

  /** The window, moved so that {@code length} bytes can be appended; null if there is none. */
  private @Nullable ByteBuffer window(int length) {
    long start = position;
    ByteBuffer mapped = window;
    if (mapped == null || start - windowStart + length > mapped.capacity()) {
      long size = Math.min(WINDOW_BYTES, reservedEnd - start);
      mapped = size < length ? null : map(start, (int) size);
      window = mapped;
      windowStart = start;
    }
    return mapped;
  }

  /**
   * Takes back what was written behind {@code offset}, so that it is no record: neither now nor
   * after a power loss, since the system may have written it to the disk already.
   */
  void rollBack(long offset, long end) throws IOException {
    WalSegments.zero(file, offset, Math.min(end, reservedEnd), true);
    position = offset;
    records.rolledBackTo(offset);
    force();
  }

  /** Syncs; never fails with {@link DiskFullException}, since no failed sync may be repeated. */
  void force() throws IOException {
    try {
      file.force();
    } catch (DiskFullException e) {
      throw new IOException("cannot sync: " + e.getMessage(), e);
    }
    syncedOffset = position;
  }

  /** Closes the file. */
  public void close() throws IOException {
    window = null;
    file.close();
  }
}
