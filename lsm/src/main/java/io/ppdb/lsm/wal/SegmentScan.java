package io.ppdb.lsm.wal;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads the commits of a segment piece by piece, also while it is written to, or given away to be
 * used again: then what it finds is no record of the segment, and the scan stands still.
 *
 * <p>A file is open only during a call, so there is nothing to close. Not thread-safe.
 */
public final class SegmentScan {
  /** What is read at once, unless a record is longer. */
  private static final int CHUNK_BYTES = 256 << 10;

  /** Why a call gave no more commits. */
  public enum Stop {
    /** It has read enough for one call. */
    MORE,
    /** The next commit has a version that is too great. */
    LATER,
    /** The segment is sealed here. */
    SEAL,
    /** No intact record begins here. */
    NO_RECORD
  }

  /** Takes commits, in order. */
  public interface Visitor {
    void commit(WalReader.Commit commit);
  }

  private final Vfs vfs;
  private final Path path;
  private final long number;
  private long offset;

  /** A scan from the first record of segment {@code number}, in the file {@code path}. */
  public SegmentScan(Vfs vfs, Path path, long number) {
    this.vfs = vfs;
    this.path = path;
    this.number = number;
  }

  public Path path() {
    return path;
  }

  public long number() {
    return number;
  }

  /** Where the next record begins, or would. */
  public long offset() {
    return offset;
  }

  /**
   * Gives the next commits whose versions are greater than {@code afterVersion}, skipping others.
   *
   * @param end where to stop, at the latest
   * @param throughVersion the greatest version to give
   */
  public Stop next(long end, long afterVersion, long throughVersion, Visitor visitor)
      throws IOException {
    try (VfsFile file = vfs.openRead(path)) {
      long limit = Math.min(end, file.size());
      if (offset == 0) {
        SegmentHeader.check(read(file, 0, Math.min(limit, SegmentHeader.BYTES)), number, path);
        offset = SegmentHeader.BYTES;
      }
      byte[] bytes = readRecords(file, limit);
      int at = 0;
      Stop stop = Stop.NO_RECORD;
      while (RecordFormat.isIntact(bytes, at, bytes.length, number, offset + at)) {
        long version = LittleEndian.getLong(bytes, at + RecordFormat.VERSION_OFFSET);
        if (bytes[at + RecordFormat.TYPE_OFFSET] == RecordFormat.SEAL) {
          stop = Stop.SEAL;
          break;
        }
        if (version > throughVersion) {
          stop = Stop.LATER;
          break;
        }
        int recordEnd =
            at
                + RecordFormat.HEADER_BYTES
                + LittleEndian.getInt(bytes, at + RecordFormat.LENGTH_OFFSET);
        if (version > afterVersion) {
          visitor.commit(commit(bytes, at, recordEnd, version));
        }
        at = recordEnd;
        stop = Stop.MORE;
      }
      offset += at;
      return stop;
    }
  }

  private WalReader.Commit commit(byte[] bytes, int at, int end, long version) {
    int payload = at + RecordFormat.HEADER_BYTES;
    ByteReader reader = new ByteReader(path, offset + payload, bytes, payload, end);
    long timeMillis = LittleEndian.getLong(bytes, at + RecordFormat.TIME_OFFSET);
    CommitPayload read = CommitPayload.read(reader, version, bytes[at + RecordFormat.TYPE_OFFSET]);
    return new WalReader.Commit(
        offset + at,
        version,
        timeMillis,
        read.origin(),
        read.deletedRanges(),
        read.entries(),
        read.tables());
  }

  /** Some records, at least one that is whole if there is one before {@code limit}. */
  private byte[] readRecords(VfsFile file, long limit) throws IOException {
    long available = limit - offset;
    byte[] bytes = read(file, offset, Math.min(available, CHUNK_BYTES));
    if (bytes.length >= RecordFormat.HEADER_BYTES) {
      long length = LittleEndian.getInt(bytes, RecordFormat.LENGTH_OFFSET);
      long needed = RecordFormat.HEADER_BYTES + length;
      if (length >= 0 && needed > bytes.length && needed <= available) {
        return read(file, offset, needed);
      }
    }
    return bytes;
  }

  private static byte[] read(VfsFile file, long offset, long count) throws IOException {
    byte[] bytes = new byte[(int) Math.max(0, count)];
    int seen = file.read(ByteBuffer.wrap(bytes), offset);
    return seen == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, seen));
  }
}
