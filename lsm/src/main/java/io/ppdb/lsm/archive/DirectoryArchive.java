package io.ppdb.lsm.archive;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive in a directory: a file {@code AFTER-LAST-NUMBER.wal} for each segment, named by its
 * versions and its number, and beside them the blob files and tables that they refer to. A file
 * gets its name when it is complete.
 */
public final class DirectoryArchive implements WalArchive {
  private static final int COPY_BYTES = 256 << 10;
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final Pattern NAME = Pattern.compile("(\\d{19})-(\\d{19})-(\\d+)\\.wal");

  private final Vfs vfs;
  private final Path directory;

  /** An archive in {@code directory}, which is there. */
  public DirectoryArchive(Vfs vfs, Path directory) {
    this.vfs = vfs;
    this.directory = directory;
  }

  @Override
  public void archive(SealedSegment segment) throws IOException {
    for (Path file : segment.otherFiles()) {
      // A blob file may have grown since it was copied for an earlier segment.
      copy(file, vfs.size(file), String.valueOf(file.getFileName()));
    }
    String name =
        String.format(
            Locale.ROOT,
            "%019d-%019d-%06d.wal",
            segment.afterVersion(),
            segment.lastVersion(),
            segment.number());
    copy(segment.path(), segment.lengthInBytes(), name);
  }

  /** The segments, by their first version. */
  public List<SealedSegment> segments() throws IOException {
    List<SealedSegment> segments = new ArrayList<>();
    for (String name : vfs.list(directory)) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches()) {
        Path path = directory.resolve(name);
        segments.add(
            new SealedSegment(
                path,
                number(parts, 3),
                number(parts, 1),
                number(parts, 2),
                vfs.size(path),
                List.of()));
      }
    }
    return segments;
  }

  private static long number(Matcher name, int group) {
    try {
      return Long.parseLong(name.group(group));
    } catch (NumberFormatException e) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, name.group() + " is no name in an archive", e);
    }
  }

  /** The files that segments refer to. */
  public List<Path> otherFiles() throws IOException {
    return vfs.list(directory).stream()
        .filter(name -> BlobFiles.isBlobFile(name) || TableMeta.isTable(name))
        .map(directory::resolve)
        .toList();
  }

  private void copy(Path from, long length, String name) throws IOException {
    Path temporary = directory.resolve(name + TEMPORARY_SUFFIX);
    if (vfs.exists(temporary)) {
      vfs.delete(temporary);
    }
    try (VfsFile source = vfs.openRead(from);
        VfsFile target = vfs.create(temporary)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      long at = 0;
      while (at < length) {
        buffer.clear().limit((int) Math.min(COPY_BYTES, length - at));
        int count = source.read(buffer, at);
        if (count == 0) {
          throw new IOException(from + " ends at " + at + ", expected " + length + " bytes");
        }
        target.write(buffer.flip(), at);
        at += count;
      }
      target.force();
    }
    vfs.rename(temporary, directory.resolve(name));
    vfs.syncDirectory(directory);
  }
}
