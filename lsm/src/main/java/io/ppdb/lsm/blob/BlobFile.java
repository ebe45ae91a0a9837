package io.ppdb.lsm.blob;

import io.ppdb.kv.sync.ReferenceCount;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blob file as its readers know it; see {@link BlobFormat} for the bytes.
 *
 * <p>Lives as long as somebody uses it: the writer that fills it, commits under way and memtables
 * with handles to it, tables with handles to it, leases. When the last use goes nothing in the
 * store refers to it any more, and {@link BlobFiles} deletes it.
 *
 * <p>A sealed file, which nobody writes to any more, is mapped as a whole when it is first read.
 * The mapping is never taken back but by the garbage collector, so that a buffer which somebody
 * kept against the rules shows stale bytes and does not crash the process. What is read of a file
 * that is still being filled is copied.
 *
 * <p>A value's checksum is verified the first time it is read, and not again as long as the mapping
 * lives: like that of a block, which is verified when it enters the cache. Thread-safe.
 */
public final class BlobFile {
  /**
   * Values of at least this size are marked when they are verified; no two begin in one granule.
   */
  private static final int GRANULE_BYTES = 4 << 10;

  /** All bytes of the file, and which of the values in it have been verified. */
  private record Mapping(ByteBuffer bytes, AtomicLongArray verified) {
    boolean isVerified(BlobHandle handle) {
      long granule = handle.offset() / GRANULE_BYTES;
      return handle.length() >= GRANULE_BYTES
          && (verified.get((int) (granule / Long.SIZE)) & (1L << granule)) != 0;
    }

    void setVerified(BlobHandle handle) {
      if (handle.length() >= GRANULE_BYTES) {
        long granule = handle.offset() / GRANULE_BYTES;
        verified.getAndUpdate((int) (granule / Long.SIZE), marks -> marks | (1L << granule));
      }
    }
  }

  private final Vfs vfs;
  private final Path path;
  private final long number;
  private final Consumer<BlobFile> onUnused;
  private final ReferenceCount uses = new ReferenceCount();

  /** Commits under way and memtables that refer to this file. */
  private final AtomicInteger pinCount = new AtomicInteger();

  /** Whether nobody writes to the file any more. */
  private volatile boolean sealed;

  /** Length of the file once it is sealed and somebody has asked for it; 0 before. */
  private volatile long sealedBytes;

  private volatile @Nullable Mapping mapping;

  /**
   * A file with one use, the caller's.
   *
   * @param sealed whether nobody writes to it any more
   * @param onUnused told when the last use has gone
   */
  BlobFile(Vfs vfs, Path path, long number, boolean sealed, Consumer<BlobFile> onUnused) {
    this.vfs = vfs;
    this.path = path;
    this.number = number;
    this.sealed = sealed;
    this.onUnused = onUnused;
  }

  public long number() {
    return number;
  }

  public Path path() {
    return path;
  }

  public long sizeInBytes() throws IOException {
    long known = sealedBytes;
    if (known == 0) {
      boolean isFinal = sealed;
      known = vfs.size(path);
      sealedBytes = isFinal ? known : 0;
    }
    return known;
  }

  /** Nobody writes to the file any more. */
  void seal() {
    sealed = true;
  }

  /** Counts one more user; false if the last one has gone. */
  boolean tryRetain() {
    return uses.tryRetain();
  }

  /** Counts one more user, for one who is a user. */
  public void retain() {
    uses.retain();
  }

  public void release() {
    if (uses.release()) {
      onUnused.accept(this);
    }
  }

  /** A use by handles that are in no table yet. */
  void pin() {
    pinCount.incrementAndGet();
    retain();
  }

  void unpin() {
    pinCount.decrementAndGet();
    release();
  }

  /** Whether all handles to this file are in tables, and no others will come. */
  public boolean isSettled() {
    return sealed && pinCount.get() == 0;
  }

  /** The value, copied; fails with CORRUPTION if it is not what was written. */
  public byte[] read(BlobHandle handle) throws IOException {
    Mapping mapped = mapping();
    if (mapped == null) {
      return readRecord(handle);
    }
    byte[] value = new byte[handle.length()];
    view(mapped, handle).get(value);
    return value;
  }

  /**
   * The value where it lies, if the file is mapped, else a copy; fails with CORRUPTION if it is not
   * what was written. To be looked at while the file is in use.
   */
  public ByteBuffer view(BlobHandle handle) throws IOException {
    Mapping mapped = mapping();
    return mapped == null ? ByteBuffer.wrap(readRecord(handle)) : view(mapped, handle);
  }

  private ByteBuffer view(Mapping mapped, BlobHandle handle) {
    checkEnd(handle, mapped.bytes.capacity());
    ByteBuffer value = mapped.bytes.slice((int) handle.valueOffset(), handle.length());
    if (!mapped.isVerified(handle)) {
      int offset = (int) handle.offset();
      verify(handle, mapped.bytes.slice(offset, BlobFormat.RECORD_HEADER_BYTES), value);
      mapped.setVerified(handle);
    }
    return value;
  }

  /** Reads the value from the disk, whatever is in memory, and checks it. */
  public void verify(BlobHandle handle) throws IOException {
    readRecord(handle);
  }

  private @Nullable Mapping mapping() throws IOException {
    Mapping mapped = mapping;
    return mapped != null || !sealed ? mapped : map();
  }

  private synchronized Mapping map() throws IOException {
    Mapping mapped = mapping;
    if (mapped == null) {
      try (VfsFile file = open()) {
        ByteBuffer bytes = file.map(file.size());
        int granuleCount = bytes.capacity() / GRANULE_BYTES + 1;
        mapped = new Mapping(bytes, new AtomicLongArray(granuleCount / Long.SIZE + 1));
      }
      mapping = mapped;
    }
    return mapped;
  }

  /** Opens the file and checks its header. */
  private VfsFile open() throws IOException {
    VfsFile file;
    try {
      file = vfs.openRead(path);
    } catch (NoSuchFileException e) {
      throw new CorruptionException(path, "the file is missing, though there is a handle to it");
    }
    boolean opened = false;
    try {
      byte[] header = new byte[BlobFormat.HEADER_BYTES];
      int count = file.read(ByteBuffer.wrap(header), 0);
      if (count < header.length) {
        throw new CorruptionException(
            path, count, "the file ends, expected a header of " + header.length + " bytes");
      }
      BlobFormat.checkHeader(header, number, path);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  private byte[] readRecord(BlobHandle handle) throws IOException {
    byte[] header = new byte[BlobFormat.RECORD_HEADER_BYTES];
    byte[] value = new byte[handle.length()];
    try (VfsFile file = open()) {
      checkEnd(handle, file.size());
      file.read(ByteBuffer.wrap(header), handle.offset());
      file.read(ByteBuffer.wrap(value), handle.valueOffset());
    }
    verify(handle, ByteBuffer.wrap(header), ByteBuffer.wrap(value));
    return value;
  }

  private void checkEnd(BlobHandle handle, long sizeInBytes) {
    if (handle.end() > sizeInBytes) {
      throw new CorruptionException(
          path,
          handle.offset(),
          "the file ends at " + sizeInBytes + ", expected a value up to " + handle.end());
    }
  }

  private void verify(BlobHandle handle, ByteBuffer header, ByteBuffer value) {
    ByteBuffer fields = header.order(ByteOrder.LITTLE_ENDIAN);
    int storedChecksum = fields.getInt(0);
    int storedLength = fields.getInt(Integer.BYTES);
    if (storedChecksum != handle.checksum() || storedLength != handle.length()) {
      throw new CorruptionException(
          path,
          handle.offset(),
          String.format(
              "value of %d bytes with checksum %08x, expected %d with %08x",
              storedLength, storedChecksum, handle.length(), handle.checksum()));
    }
    int seen = BlobFormat.checksum(value, handle.offset());
    if (seen != storedChecksum) {
      throw new CorruptionException(
          path,
          handle.offset(),
          String.format("checksum %08x, expected %08x", seen, storedChecksum));
    }
  }

  @Override
  public String toString() {
    return path + ", " + uses.count() + " uses";
  }
}
