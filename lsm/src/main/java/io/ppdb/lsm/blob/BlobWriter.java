package io.ppdb.lsm.blob;

import io.ppdb.kv.sync.ReferenceCount;
import io.ppdb.lsm.format.LittleEndian;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Fills one blob file. Several threads may append at once: each takes its place under a lock and
 * writes without one; those that wait for a sync share it.
 *
 * <p>A failed sync is never tried again, since the second may succeed though the data are lost: who
 * waits for it fails, and whoever comes later. What was synced before stays readable.
 *
 * <p>Counts its users; when the last one has gone the file is sealed. Thread-safe.
 */
final class BlobWriter {
  private static final int WRITE_BYTES = 256 << 10;

  private final BlobFile blobs;
  private final VfsFile file;
  private final ReferenceCount uses = new ReferenceCount();

  // Guarded by this.
  private long position = BlobFormat.HEADER_BYTES;
  private long writeCount;
  private long syncedCount;
  private boolean syncing;
  private @Nullable IOException failure;

  private BlobWriter(BlobFile blobs, VfsFile file) {
    this.blobs = blobs;
    this.file = file;
  }

  /**
   * Makes file {@code blobs}, its name and header synced; takes over one use of it, which goes when
   * the writer is sealed.
   */
  static BlobWriter create(Vfs vfs, Path directory, BlobFile blobs) throws IOException {
    VfsFile file = vfs.create(blobs.path());
    boolean created = false;
    try {
      file.write(ByteBuffer.wrap(BlobFormat.header(blobs.number())), 0);
      force(file);
      vfs.syncDirectory(directory);
      created = true;
      return new BlobWriter(blobs, file);
    } finally {
      if (!created) {
        file.close();
      }
    }
  }

  BlobFile file() {
    return blobs;
  }

  synchronized long position() {
    return position;
  }

  boolean tryRetain() {
    return uses.tryRetain();
  }

  /** Ends a use; with the last one the file is sealed. Everything that was appended is synced. */
  void release() throws IOException {
    if (uses.release()) {
      blobs.seal();
      try {
        file.close();
      } finally {
        blobs.release();
      }
    }
  }

  /**
   * Writes a value, which becomes durable by {@link #sync}. If that fails its place in the file
   * stays without meaning.
   */
  BlobHandle append(byte[] value, int valueOffset, int length) throws IOException {
    long offset;
    synchronized (this) {
      offset = position;
      position += BlobFormat.recordBytes(length);
    }
    int checksum = BlobFormat.checksum(ByteBuffer.wrap(value, valueOffset, length), offset);
    // Small values in one write; larger ones in pieces, since the JDK keeps a buffer of the size of
    // the largest write for each thread.
    int firstLength = Math.min(length, WRITE_BYTES - BlobFormat.RECORD_HEADER_BYTES);
    byte[] first = new byte[BlobFormat.RECORD_HEADER_BYTES + firstLength];
    LittleEndian.putInt(first, 0, checksum);
    LittleEndian.putInt(first, Integer.BYTES, length);
    System.arraycopy(value, valueOffset, first, BlobFormat.RECORD_HEADER_BYTES, firstLength);
    file.write(ByteBuffer.wrap(first), offset);
    BlobHandle handle = new BlobHandle(length, blobs.number(), offset, checksum);
    for (int at = firstLength; at < length; at += WRITE_BYTES) {
      int count = Math.min(WRITE_BYTES, length - at);
      file.write(ByteBuffer.wrap(value, valueOffset + at, count), handle.valueOffset() + at);
    }
    synchronized (this) {
      writeCount++;
    }
    return handle;
  }

  /** Makes everything durable that the calling thread has appended. */
  void sync() throws IOException {
    long wanted;
    synchronized (this) {
      wanted = writeCount;
      boolean interrupted = false;
      while (syncing && syncedCount < wanted && failure == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw new IOException("cannot sync " + blobs.path() + ": " + failure.getMessage(), failure);
      }
      if (syncedCount >= wanted) {
        return;
      }
      syncing = true;
      wanted = writeCount;
    }
    boolean synced = false;
    try {
      force(file);
      synced = true;
    } catch (IOException e) {
      fail(e);
      throw e;
    } finally {
      synchronized (this) {
        syncing = false;
        if (synced) {
          syncedCount = wanted;
        } else if (failure == null) {
          failure = new IOException("a sync ended by a defect");
        }
        notifyAll();
      }
    }
  }

  private synchronized void fail(IOException e) {
    failure = e;
  }

  /** Syncs; never fails with {@link DiskFullException}, since no failed sync may be repeated. */
  private static void force(VfsFile file) throws IOException {
    try {
      file.force();
    } catch (DiskFullException e) {
      throw new IOException("cannot sync: " + e.getMessage(), e);
    }
  }
}
