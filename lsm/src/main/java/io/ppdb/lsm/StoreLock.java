package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.LockedException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsLock;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The right to work on a directory: one process has it, and only where a store is or may be. */
public final class StoreLock {
  public static final String FILE_NAME = "LOCK";

  private StoreLock() {}

  /**
   * Takes the lock of the store in {@code directory}.
   *
   * @throws PpdbException LOCKED, naming who has it
   */
  public static VfsLock take(Vfs vfs, Path directory) throws IOException {
    try {
      return vfs.lock(directory.resolve(FILE_NAME));
    } catch (LockedException e) {
      throw new PpdbException(
          ErrorCode.LOCKED, "store " + directory + " is in use: " + e.getMessage(), e);
    }
  }

  /** Fails unless {@code directory} is there and holds a store, or nothing. */
  public static void checkDirectory(Vfs vfs, Path directory) throws IOException {
    if (!vfs.isDirectory(directory)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          vfs.exists(directory)
              ? directory + " is not a directory"
              : "directory " + directory + " does not exist");
    }
    List<String> names = vfs.list(directory);
    if (names.contains(Manifest.CURRENT)) {
      return;
    }
    for (String name : names) {
      if (TableMeta.isTable(name)
          || BlobFiles.isBlobFile(name)
          || WalSegments.isSegment(name)
          || WalSegments.isSpare(name)) {
        throw new CorruptionException(
            directory.resolve(Manifest.CURRENT), "the file is missing, though there is " + name);
      }
    }
    for (String name : names) {
      // A crash while the store was created leaves no more than these.
      if (!name.equals(FILE_NAME) && !Manifest.isManifest(name)) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "directory " + directory + " is no store and not empty: it holds " + name);
      }
    }
  }
}
