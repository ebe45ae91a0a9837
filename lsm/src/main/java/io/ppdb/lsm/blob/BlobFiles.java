package io.ppdb.lsm.blob;

import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The blob files of a store that something refers to, by number.
 *
 * <p>A file whose last use goes is deleted: what used it, and was replaced, was replaced durably.
 * It is not when the store closes, for then uses go though handles stay. Thread-safe.
 */
public final class BlobFiles {
  private final Vfs vfs;
  private final Path directory;
  private final ConcurrentHashMap<Long, BlobFile> files = new ConcurrentHashMap<>();

  /** Whether files are kept though nobody uses them any more. */
  private volatile boolean closed;

  public BlobFiles(Vfs vfs, Path directory) {
    this.vfs = vfs;
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  /** The blob files of a store that is not open, for one who only reads. */
  public static BlobFiles readOnly(Vfs vfs, Path directory) {
    BlobFiles files = new BlobFiles(vfs, directory);
    files.close();
    return files;
  }

  /** The name of blob file {@code number}. */
  public static String fileName(long number) {
    return BlobFormat.fileName(number);
  }

  public static boolean isBlobFile(String name) {
    return BlobFormat.isBlobFile(name);
  }

  public Path path(long number) {
    return directory.resolve(fileName(number));
  }

  /** A use of the file with that number, made known now if it was not: then it is sealed. */
  public BlobFile retain(long number) {
    return files.compute(
        number, (key, known) -> known != null && known.tryRetain() ? known : file(number, true));
  }

  /** A use of the file with that number by handles that are in no table. */
  public BlobFile pin(long number) {
    BlobFile file = retain(number);
    file.pin();
    file.release();
    return file;
  }

  /** A use of the file with that number; null if nothing in the store refers to it any more. */
  public @Nullable BlobFile tryRetain(long number) {
    BlobFile file = files.get(number);
    return file != null && file.tryRetain() ? file : null;
  }

  /** Begins file {@code number}. */
  BlobWriter create(long number) throws IOException {
    BlobFile file = file(number, false);
    files.put(number, file);
    boolean created = false;
    try {
      BlobWriter writer = BlobWriter.create(vfs, directory, file);
      created = true;
      return writer;
    } finally {
      if (!created) {
        file.release();
      }
    }
  }

  private BlobFile file(long number, boolean sealed) {
    return new BlobFile(vfs, path(number), number, sealed, this::unused);
  }

  /** Reads the value of a handle from the disk and checks it. */
  public void verify(BlobHandle handle) throws IOException {
    BlobFile file = retain(handle.fileNumber());
    try {
      file.verify(handle);
    } finally {
      file.release();
    }
  }

  /** Reads the value of a handle; fails with CORRUPTION if nothing uses its file any more. */
  public byte[] read(BlobHandle handle) throws IOException {
    BlobFile file = tryRetain(handle.fileNumber());
    if (file == null) {
      throw missing(handle);
    }
    try {
      return file.read(handle);
    } finally {
      file.release();
    }
  }

  /** The error for a handle to a file that is not there. */
  public CorruptionException missing(BlobHandle handle) {
    return new CorruptionException(
        path(handle.fileNumber()), "the file is missing, though there is a handle to it");
  }

  private void unused(BlobFile file) {
    files.remove(file.number(), file);
    if (!closed) {
      try {
        vfs.delete(file.path());
      } catch (IOException e) {
        // Untidy, not harmful: opening the store deletes what no table names.
        System.getLogger(BlobFiles.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot delete " + file.path(), e);
      }
    }
  }

  /** Deletes no file any more; reads under way finish. */
  public void close() {
    closed = true;
  }
}
