package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.archive.DirectoryArchive;
import io.ppdb.lsm.archive.SealedSegment;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegment;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Makes a store out of a checkpoint and what an archive has of the log: that of any version from
 * the checkpoint's on.
 *
 * <p>The commits after the checkpoint's last one, up to the version asked for, are written to a log
 * of the new store, which brings them into tables when it is opened. The manifest comes last, so
 * that a directory that is not complete is no store. Not thread-safe.
 */
final class PointInTimeRestore {
  private static final int GROWTH_BYTES = 1 << 20;

  private final Vfs vfs;
  private final Path checkpoint;
  private final DirectoryArchive archive;
  private final Path target;

  PointInTimeRestore(Vfs vfs, Path checkpoint, Path archive, Path target) {
    this.vfs = vfs;
    this.checkpoint = checkpoint;
    this.archive = new DirectoryArchive(vfs, archive);
    this.target = target;
  }

  /** Restores; returns the version of the last commit. */
  long run(long throughVersion) throws IOException {
    Checkpoint.checkDirectory(vfs, checkpoint, target);
    ManifestState state = Manifest.read(vfs, checkpoint);
    if (!state.wals().isEmpty() || !state.log().kept().isEmpty()) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT, checkpoint + " is a store, but no checkpoint: it has a log");
    }
    long base = 0;
    for (TableMeta table : state.tables()) {
      base = Math.max(base, Math.max(table.properties().maxVersion(), table.globalVersion()));
    }
    if (throughVersion < base) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "version " + throughVersion + " is before the checkpoint's, " + base);
    }
    List<SealedSegment> segments = segmentsAfter(base, throughVersion);
    Checkpoint.makeDirectory(vfs, target);
    boolean done = false;
    try {
      long reached = fill(state, segments, base, throughVersion);
      done = true;
      return reached;
    } finally {
      if (!done) {
        Checkpoint.empty(vfs, target);
      }
    }
  }

  /** The segments that have the commits of {@code (base, throughVersion]}, without a gap. */
  private List<SealedSegment> segmentsAfter(long base, long throughVersion) throws IOException {
    List<SealedSegment> sorted = new ArrayList<>(archive.segments());
    sorted.sort(
        Comparator.comparingLong(SealedSegment::afterVersion)
            .thenComparingLong(SealedSegment::lastVersion));
    List<SealedSegment> segments = new ArrayList<>();
    long position = base;
    for (SealedSegment segment : sorted) {
      if (segment.lastVersion() <= position || position >= throughVersion) {
        continue;
      }
      if (segment.afterVersion() > position) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "the archive lacks the commits after version "
                + position
                + ", up to "
                + segment.afterVersion());
      }
      segments.add(segment);
      position = segment.lastVersion();
    }
    if (throughVersion != Long.MAX_VALUE && position < throughVersion) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          "the archive ends at version " + position + ", before " + throughVersion);
    }
    return segments;
  }

  private static long numberOf(String fileName) {
    return Long.parseLong(fileName.substring(0, fileName.indexOf('.')));
  }

  private long fill(
      ManifestState state, List<SealedSegment> segments, long base, long throughVersion)
      throws IOException {
    long number = state.nextFileNumber();
    TreeSet<Long> blobs = new TreeSet<>();
    for (TableMeta table : state.tables()) {
      Checkpoint.linkOrCopy(
          vfs, checkpoint.resolve(table.fileName()), target.resolve(table.fileName()));
      table.properties().blobs().stream().map(BlobReference::fileNumber).forEach(blobs::add);
    }
    for (long blob : blobs) {
      String name = BlobFiles.fileName(blob);
      Checkpoint.linkOrCopy(vfs, checkpoint.resolve(name), target.resolve(name));
    }
    for (Path file : archive.otherFiles()) {
      String name = String.valueOf(file.getFileName());
      if (!vfs.exists(target.resolve(name))) {
        Checkpoint.copy(vfs, file, target.resolve(name));
      }
      number = Math.max(number, numberOf(name) + 1);
    }
    ManifestEdit edit = new ManifestEdit();
    Log log = new Log(number, edit);
    long reached = log.write(segments, base, throughVersion);
    vfs.syncDirectory(target);
    long manifestNumber = log.nextNumber;
    edit.nextFileNumber(manifestNumber + 1)
        .versionCeiling(Math.max(state.versionCeiling(), reached))
        .closed();
    Manifest.create(vfs, target, manifestNumber, state.after(edit)).close();
    return reached;
  }

  /** The log of the new store: a segment for each of the archive. */
  private final class Log {
    private final WalSegments files = new WalSegments(vfs, target, GROWTH_BYTES, 0);
    private final ManifestEdit edit;
    private long nextNumber;
    private long reached;

    Log(long firstNumber, ManifestEdit edit) {
      this.nextNumber = firstNumber;
      this.edit = edit;
    }

    /**
     * Writes the commits of {@code (base, throughVersion]}; returns the version of the last one.
     */
    long write(List<SealedSegment> segments, long base, long throughVersion) throws IOException {
      reached = base;
      Wal wal = new Wal(create(), failure -> {}); // whoever waits for a record is told
      boolean whole;
      try {
        for (SealedSegment segment : segments) {
          copy(segment, wal, throughVersion);
          wal.await(wal.enqueueRotation(create()));
        }
      } finally {
        whole = wal.close();
      }
      if (!whole) {
        throw new IOException("the log of " + target + " could not be written");
      }
      return reached;
    }

    private WalSegment create() throws IOException {
      long number = nextNumber++;
      edit.addWal(number);
      return files.create(number);
    }

    private void copy(SealedSegment segment, Wal wal, long throughVersion) throws IOException {
      long[] last = {-1};
      new WalReader(vfs, segment.path(), segment.number())
          .read(
              commit -> {
                last[0] = commit.version();
                if (commit.version() > reached && commit.version() <= throughVersion) {
                  append(wal, commit);
                  reached = commit.version();
                }
              });
      if (last[0] != segment.lastVersion()) {
        throw new CorruptionException(
            segment.path(),
            "it ends at version " + last[0] + ", expected " + segment.lastVersion());
      }
    }

    private static void append(Wal wal, WalReader.Commit commit) {
      byte[] tables = commit.tables();
      WalRecord record =
          tables == null
              ? WalRecord.commit(commit.origin(), commit.deletedRanges(), commit.entries(), false)
              : WalRecord.load(commit.origin(), commit.deletedRanges(), tables, false);
      record.assign(commit.version(), commit.timeMillis());
      wal.enqueue(record);
      wal.await(record);
    }
  }
}
