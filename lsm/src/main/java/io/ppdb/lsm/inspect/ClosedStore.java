package io.ppdb.lsm.inspect;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.StoreLock;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.vfs.RealVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of a store that nobody has open, locked while this is. Nothing is changed.
 *
 * <p>Not thread-safe.
 */
public final class ClosedStore implements Closeable {
  private final Vfs vfs;
  private final Path directory;
  private final VfsLock lock;

  private ClosedStore(Vfs vfs, Path directory, VfsLock lock) {
    this.vfs = vfs;
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * The store in {@code directory}.
   *
   * @throws PpdbException LOCKED if somebody has it open; INVALID_ARGUMENT if there is none
   */
  public static ClosedStore open(Path directory) {
    return open(RealVfs.INSTANCE, directory);
  }

  public static ClosedStore open(Vfs vfs, Path directory) {
    try {
      StoreLock.checkDirectory(vfs, directory);
      if (!vfs.exists(directory.resolve(Manifest.CURRENT))) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT, "directory " + directory + " holds no store");
      }
      return new ClosedStore(vfs, directory, StoreLock.take(vfs, directory));
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR, "cannot read store " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Reads every byte of the store and checks it; goes on behind what is damaged. */
  public VerifyReport verify() {
    return new StoreVerifier(vfs, directory).run();
  }

  /** Shows what the store consists of. */
  public void dump(Appendable out) throws IOException {
    new StoreDump(vfs, directory, out).store();
  }

  /**
   * Shows what is in one file: a manifest, a log segment or a table.
   *
   * @throws PpdbException INVALID_ARGUMENT if the name is that of no such file; CORRUPTION behind
   *     what could be read
   */
  public void dump(String fileName, Appendable out) throws IOException {
    new StoreDump(vfs, directory, out).file(fileName);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
