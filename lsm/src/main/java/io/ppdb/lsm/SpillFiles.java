package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.vfs.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The scratch files of the transactions that are open. Each is deleted with its transaction, or
 * when the store is closed, so that none outlives the lock of the directory. Thread-safe.
 */
final class SpillFiles {
  private static final int MAX_BUFFER_BYTES = 256 << 10;

  /** A file holds back this part of what its transaction has in memory anyway. */
  private static final int BUFFER_DIVISOR = 256;

  private final LsmOptions options;
  private final LiveState live;
  private final int bufferBytes;

  // Guarded by this.
  private final Set<SpillFile> open = new HashSet<>();
  private boolean closed;

  SpillFiles(LsmOptions options, LiveState live) {
    this.options = options;
    this.live = live;
    this.bufferBytes =
        (int)
            Math.min(
                MAX_BUFFER_BYTES,
                Math.max(0, options.maxTransactionBytesInMemory()) / BUFFER_DIVISOR);
  }

  static boolean isSpillFile(String name) {
    return name.endsWith(SpillFile.SUFFIX);
  }

  SpillFile create() {
    String name = String.format(Locale.ROOT, "%06d%s", live.newFileNumber(), SpillFile.SUFFIX);
    Path path = live.source().directory().resolve(name);
    synchronized (this) {
      if (closed) {
        throw LiveState.closed();
      }
      try {
        SpillFile file = new SpillFile(options.vfs(), path, bufferBytes, this::forget);
        open.add(file);
        return file;
      } catch (IOException e) {
        throw new PpdbException(
            e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR,
            "cannot create a file for the values of a transaction: " + e.getMessage(),
            e);
      }
    }
  }

  private synchronized void forget(SpillFile file) {
    open.remove(file);
  }

  /** Deletes all files; there will be no other. */
  void close() {
    List<SpillFile> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(open);
    }
    left.forEach(SpillFile::close);
  }
}
