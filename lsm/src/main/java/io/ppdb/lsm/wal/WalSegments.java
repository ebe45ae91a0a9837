package io.ppdb.lsm.wal;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes segment files, and takes back those that are needed no more.
 *
 * <p>A segment is full of zeros, or of records of an earlier life, before its first record: syncing
 * a record then changes no metadata, which costs a third of syncing a growing file. Thread-safe.
 */
public final class WalSegments {
  private static final String SUFFIX = ".wal";
  private static final String SPARE_SUFFIX = ".spare";

  /** What is written at once of zeros: many, at the least price. */
  private static final int ZERO_BYTES = 256 << 10;

  /**
   * Or a page at a time: what is written by one call may become one piece of the system's cache,
   * and syncing a record is the dearer the larger the piece is that it lies in.
   */
  private static final int PAGE_BYTES = 4 << 10;

  private static final int MAX_SPARES = 2;

  /** Offsets in a segment are of 31 bits. */
  private static final int MAX_SEGMENT_BYTES = Integer.MAX_VALUE - 8;

  private final Vfs vfs;
  private final Path directory;
  private final int preallocatedBytes;
  private final long maxSpareBytes;

  /** Guarded by this. */
  private final ArrayDeque<Path> spares = new ArrayDeque<>();

  /**
   * Segments in {@code directory}.
   *
   * @param preallocatedBytes how far a new segment is filled with zeros, and in which steps a
   *     segment grows beyond
   * @param maxSpareBytes the longest file that is kept for reuse: one commit may be far larger than
   *     all that come after it
   */
  public WalSegments(Vfs vfs, Path directory, int preallocatedBytes, long maxSpareBytes) {
    this.vfs = vfs;
    this.directory = directory;
    this.preallocatedBytes = preallocatedBytes;
    this.maxSpareBytes = maxSpareBytes;
  }

  /** The name of segment {@code number}. */
  public static String fileName(long number) {
    return String.format(Locale.ROOT, "%06d%s", number, SUFFIX);
  }

  /** Whether {@code name} is that of a file kept for reuse. */
  public static boolean isSpare(String name) {
    return name.endsWith(SPARE_SUFFIX);
  }

  public static boolean isSegment(String name) {
    return name.endsWith(SUFFIX);
  }

  /** The number in the name of a segment. */
  public static long number(String fileName) {
    try {
      return Long.parseLong(fileName.substring(0, fileName.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, fileName + " is no name of a log segment", e);
    }
  }

  public Path path(long number) {
    return directory.resolve(fileName(number));
  }

  /**
   * Makes segment {@code number}: the header written, and bytes and name synced. It becomes part of
   * the log when the manifest says so.
   */
  public WalSegment create(long number) throws IOException {
    Path path = path(number);
    Path spare = takeSpare();
    if (spare != null) {
      vfs.rename(spare, path);
    }
    VfsFile file = spare == null ? vfs.create(path) : vfs.openWrite(path);
    try {
      WalSegment segment = new WalSegment(number, path, file, preallocatedBytes, MAX_SEGMENT_BYTES);
      segment.reserve(0);
      file.write(ByteBuffer.wrap(SegmentHeader.encode(number)), 0);
      file.force();
      vfs.syncDirectory(directory);
      return segment;
    } catch (IOException e) {
      try {
        file.close();
        vfs.delete(path);
      } catch (IOException cleaning) {
        e.addSuppressed(cleaning);
      }
      throw e;
    }
  }

  /**
   * Makes segment {@code number} like {@link #create(long)}, and durably fills it with zeros as far
   * as one reaches that becomes {@code expectedBytes} long, or somewhat longer; but not beyond what
   * is kept for reuse, nor if the disk is too full: whoever commits is told of that when it
   * matters.
   */
  public WalSegment create(long number, long expectedBytes) throws IOException {
    WalSegment segment = create(number);
    try {
      segment.fill(Math.min(expectedBytes + preallocatedBytes, maxSpareBytes));
      return segment;
    } catch (IOException e) {
      try {
        discard(segment);
      } catch (IOException cleaning) {
        e.addSuppressed(cleaning);
        throw e;
      }
      if (e instanceof DiskFullException) {
        return create(number);
      }
      throw e;
    }
  }

  /** Closes and deletes a segment that did not become part of the log. */
  public void discard(WalSegment segment) throws IOException {
    segment.close();
    vfs.delete(segment.path());
  }

  /** Keeps the file of a segment that is needed no more, unless it is too long, or deletes it. */
  public void recycle(long number) throws IOException {
    Path path = path(number);
    Path spare = directory.resolve(String.format(Locale.ROOT, "%06d%s", number, SPARE_SUFFIX));
    boolean isHandy = vfs.size(path) <= maxSpareBytes;
    synchronized (this) {
      if (isHandy && spares.size() < MAX_SPARES) {
        vfs.rename(path, spare);
        spares.add(spare);
        return;
      }
    }
    vfs.delete(path);
  }

  /** Deletes what is kept for reuse. */
  public void deleteSpares() throws IOException {
    for (Path spare = takeSpare(); spare != null; spare = takeSpare()) {
      vfs.delete(spare);
    }
  }

  private synchronized @Nullable Path takeSpare() {
    return spares.poll();
  }

  /**
   * Fills {@code file} with zeros from {@code start} to {@code end}.
   *
   * @param bySyncs whether records there will be synced one by one
   */
  static void zero(VfsFile file, long start, long end, boolean bySyncs) throws IOException {
    int pieceBytes = bySyncs ? PAGE_BYTES : ZERO_BYTES;
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(pieceBytes, end - start));
    for (long at = start; at < end; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      file.write(zeros, at);
    }
  }
}
