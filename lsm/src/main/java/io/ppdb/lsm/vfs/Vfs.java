package io.ppdb.lsm.vfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system: files addressed by position, directories whose changes need a sync of their own.
 *
 * <p>What survives power loss is only what was forced: the bytes of a file by {@link
 * VfsFile#force}, the names in a directory (creation, rename, link, deletion) by {@link
 * #syncDirectory}. A full disk is reported as {@link DiskFullException}. Thread-safe.
 */
public interface Vfs {
  /** Creates {@code path}, which must not exist, and opens it for reading and writing. */
  VfsFile create(Path path) throws IOException;

  /** Opens an existing file for reading. */
  VfsFile openRead(Path path) throws IOException;

  /** Opens an existing file for reading and writing. */
  VfsFile openWrite(Path path) throws IOException;

  /** Gives {@code from} the name {@code to} in one step, replacing a file of that name. */
  void rename(Path from, Path to) throws IOException;

  /** Gives the file {@code existing} the second name {@code link}, which must not exist. */
  void link(Path existing, Path link) throws IOException;

  void delete(Path path) throws IOException;

  /** The names of the files and directories in {@code directory}, sorted. */
  List<String> list(Path directory) throws IOException;

  void createDirectory(Path directory) throws IOException;

  /** Makes the names in {@code directory} survive power loss. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * Takes the lock that the file {@code path} stands for, creating the file if need be, and writes
   * the id of this process into it.
   *
   * @throws LockedException if somebody else, in this process or another, holds it
   */
  VfsLock lock(Path path) throws IOException;

  boolean exists(Path path) throws IOException;

  /** The path without symbolic links, as far as it leads to something; absolute and normalised. */
  default Path resolved(Path path) throws IOException {
    return path.toAbsolutePath().normalize();
  }

  boolean isDirectory(Path path) throws IOException;

  /** Length of a file, in bytes. */
  long size(Path path) throws IOException;
}
