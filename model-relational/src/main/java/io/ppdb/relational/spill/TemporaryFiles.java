package io.ppdb.relational.spill;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.relational.type.ColumnType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The files in which statements put what does not fit into their memory: in a directory of their
 * own, which is made for the first of them.
 *
 * <p>A file is deleted when it is closed or, where the system allows it, at once: then nobody else
 * sees it. What a crash left behind is deleted when the directory is opened the next time.
 * Thread-safe.
 */
public final class TemporaryFiles implements AutoCloseable {
  private static final String SUFFIX = ".tmp";

  private final Path directory;
  private final AtomicLong fileCount;
  private final AtomicLong openCount;

  /** Is told the bytes of each file when it is closed. */
  private final LongConsumer listener;

  private TemporaryFiles(Path directory) {
    this(directory, new AtomicLong(), new AtomicLong(), bytes -> {});
  }

  private TemporaryFiles(
      Path directory, AtomicLong fileCount, AtomicLong openCount, LongConsumer listener) {
    this.directory = directory;
    this.fileCount = fileCount;
    this.openCount = openCount;
    this.listener = listener;
  }

  /**
   * Files in {@code directory}, which nobody else uses, and which need not exist; what is left
   * there of an earlier process is deleted.
   */
  public static TemporaryFiles in(Path directory) {
    TemporaryFiles files = new TemporaryFiles(directory);
    files.clear();
    return files;
  }

  /** Files where the system keeps temporary ones, for what has no directory. */
  public static TemporaryFiles ofSystem() {
    String name = "ppdb-" + UUID.randomUUID();
    return new TemporaryFiles(Path.of(System.getProperty("java.io.tmpdir"), name));
  }

  /** The same files, of which those made from now on tell {@code listener} their bytes at last. */
  public TemporaryFiles noting(LongConsumer listener) {
    return new TemporaryFiles(directory, fileCount, openCount, listener);
  }

  /** A new file for rows of {@code types}. */
  public BatchFile create(List<ColumnType> types) {
    Path path = directory.resolve(fileCount.incrementAndGet() + SUFFIX);
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      openCount.incrementAndGet();
      return new BatchFile(path, channel, types, this::noteClosed);
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR, "cannot make the temporary file " + path + ": " + e.getMessage(), e);
    }
  }

  private void noteClosed(long bytes) {
    openCount.decrementAndGet();
    listener.accept(bytes);
  }

  /** How many files were made. */
  public long fileCount() {
    return fileCount.get();
  }

  /** How many files are not closed. */
  public long openCount() {
    return openCount.get();
  }

  private void clear() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      return; // there is no such directory, as it should be
    } catch (IOException e) {
      throw new PpdbException(
          ErrorCode.IO_ERROR,
          "cannot delete temporary files in " + directory + ": " + e.getMessage(),
          e);
    }
    close();
  }

  /** Deletes the directory; files that are still open go when they are closed. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Something is still in it: the next one to open the directory deletes it.
    }
  }
}
