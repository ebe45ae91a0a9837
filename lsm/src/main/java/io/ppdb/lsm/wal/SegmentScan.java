package io.ppdb.lsm.wal;

import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commits of a segment piece by piece, also while it is written to, or given away to be
 * used again: then what it finds is no record of the segment, and the scan stands still.
 *
 * <p>A file is open only during a call, so there is nothing to close. Not thread-safe.
 */
public final class SegmentScan {
  /** What is read by one call, about. */
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

  /** Of the record read last, and what those before it have told. */
  private final RecordHeader header = new RecordHeader();

  /** Null until the header of the segment was read. */
  private @Nullable RecordLayout layout;

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
      SegmentWindow window = new SegmentWindow(file, path, end);
      RecordLayout known = layout;
      if (known == null) {
        known = RecordLayout.of(SegmentHeader.check(window.header(), number, path), number);
        layout = known;
        offset = SegmentHeader.BYTES;
      }
      return next(new SegmentRecords(window, known, header), afterVersion, throughVersion, visitor);
    }
  }

  private Stop next(SegmentRecords records, long afterVersion, long throughVersion, Visitor visitor)
      throws IOException {
    long chunkEnd = offset + CHUNK_BYTES;
    Stop stop = Stop.NO_RECORD;
    while (offset < chunkEnd && records.isIntact(offset)) {
      if (header.type == RecordLayout.SEAL) {
        return Stop.SEAL;
      }
      long length = header.recordBytes();
      long version = records.version(offset);
      if (version > throughVersion) {
        return Stop.LATER;
      }
      if (version > afterVersion) {
        visitor.commit(records.commit(offset));
      }
      offset += length;
      stop = Stop.MORE;
    }
    return stop;
  }
}
