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
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive in a directory: in it one for each log, and there a file {@code AFTER-LAST-NUMBER.wal}
 * for each segment, named by its versions and its number, and the blob files and tables that
 * segments refer to. A file gets its name when it is complete, and a segment when all that it
 * refers to is there.
 */
public final class DirectoryArchive implements WalArchive {
  private static final int COPY_BYTES = 256 << 10;
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final Pattern NAME = Pattern.compile("(\\d{19})-(\\d{19})-(\\d+)\\.wal");
  private static final Pattern LOG =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final Vfs vfs;
  private final Path directory;

  /** An archive in {@code directory}, which is there. */
  public DirectoryArchive(Vfs vfs, Path directory) {
    this.vfs = vfs;
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  @Override
  public void archive(SealedSegment segment) throws IOException {
    Path log = directory.resolve(segment.log().toString());
    if (!vfs.exists(log)) {
      vfs.createDirectory(log);
    }
    vfs.syncDirectory(directory);
    String name =
        String.format(
            Locale.ROOT,
            "%019d-%019d-%06d.wal",
            segment.afterVersion(),
            segment.lastVersion(),
            segment.number());
    Path path = log.resolve(name);
    if (vfs.exists(path)) {
      checkSame(segment, path);
      return;
    }
    for (Path file : segment.otherFiles()) {
      // A blob file may have grown since it was copied for an earlier segment.
      copy(file, vfs.size(file), log, String.valueOf(file.getFileName()));
    }
    copy(segment.path(), segment.lengthInBytes(), log, name);
  }

  /** The logs of which there is something. */
  public List<UUID> logs() throws IOException {
    List<UUID> logs = new ArrayList<>();
    for (String name : vfs.list(directory)) {
      if (LOG.matcher(name).matches() && vfs.isDirectory(directory.resolve(name))) {
        logs.add(UUID.fromString(name));
      }
    }
    return logs;
  }

  /** The segments of {@code log}, by their first version. */
  public List<SealedSegment> segments(UUID log) throws IOException {
    List<SealedSegment> segments = new ArrayList<>();
    Path place = directory.resolve(log.toString());
    for (String name : vfs.list(place)) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches()) {
        Path path = place.resolve(name);
        segments.add(
            new SealedSegment(
                path,
                log,
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

  /** The names of the files that segments of {@code log} refer to; they lie beside them. */
  public List<String> otherFiles(UUID log) throws IOException {
    return vfs.list(directory.resolve(log.toString())).stream()
        .filter(name -> BlobFiles.isBlobFile(name) || TableMeta.isTable(name))
        .toList();
  }

  /** Fails unless the copy in {@code path} is that of {@code segment}: nothing is ever replaced. */
  private void checkSame(SealedSegment segment, Path path) throws IOException {
    long length = segment.lengthInBytes();
    try (VfsFile source = vfs.openRead(segment.path());
        VfsFile copy = vfs.openRead(path)) {
      ByteBuffer expected = ByteBuffer.allocate(COPY_BYTES);
      ByteBuffer seen = ByteBuffer.allocate(COPY_BYTES);
      boolean same = copy.size() == length;
      for (long at = 0; same && at < length; at += COPY_BYTES) {
        int count = (int) Math.min(COPY_BYTES, length - at);
        source.read(expected.clear().limit(count), at);
        copy.read(seen.clear().limit(count), at);
        same = expected.flip().equals(seen.flip());
      }
      if (!same) {
        throw new IOException(
            path
                + " is archived already, and differs from "
                + segment.path()
                + ": two stores write"
                + " to copies of one log");
      }
    }
  }

  private void copy(Path from, long length, Path place, String name) throws IOException {
    Path temporary = place.resolve(name + TEMPORARY_SUFFIX);
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
    vfs.rename(temporary, place.resolve(name));
    vfs.syncDirectory(place);
  }
}
