package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.lsm.archive.DirectoryArchive;
import io.ppdb.lsm.archive.SealedSegment;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.EditText;
import io.ppdb.lsm.manifest.LogPosition;
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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Makes a store out of a checkpoint and what an archive has of the log: that of any version from
 * the checkpoint's on.
 *
 * <p>The commits after the checkpoint's last one, up to the point asked for, are written to a log
 * of the new store, which brings them into tables when it is opened. The manifest comes last, so
 * that a directory that is not complete is no store. Not thread-safe.
 */
final class PointInTimeRestore {
  private static final int GROWTH_BYTES = 1 << 20;

  private final Vfs vfs;
  private final Path checkpoint;
  private final DirectoryArchive archive;
  private final Path target;
  private final RestorePoint point;

  PointInTimeRestore(Vfs vfs, Path checkpoint, Path archive, Path target, RestorePoint point) {
    this.vfs = vfs;
    this.checkpoint = checkpoint;
    this.archive = new DirectoryArchive(vfs, archive);
    this.target = target;
    this.point = point;
  }

  /** Restores; returns the version of the last commit. */
  long run() throws IOException {
    Checkpoint.checkDirectory(vfs, "a restored store", target, checkpoint, archive.directory());
    if (!vfs.exists(checkpoint.resolve(Manifest.CURRENT))) {
      throw refused(checkpoint + " holds no store");
    }
    ManifestState state = Manifest.read(vfs, checkpoint);
    LogPosition base = state.checkpointOf();
    if (base == null) {
      throw refused(
          checkpoint
              + " is no checkpoint: it was opened since, or made by a program before format 4");
    }
    if (point.version() < base.version()) {
      throw refused(
          "version " + point.version() + " is before the checkpoint's, " + base.version());
    }
    if (point.millis() < state.tickMillis()) {
      throw refused(
          time(point.millis()) + " is before the checkpoint, " + time(state.tickMillis()));
    }
    List<SealedSegment> segments = segmentsAfter(base);
    Checkpoint.makeDirectory(vfs, target);
    boolean done = false;
    try {
      long reached = fill(state, segments, base);
      done = true;
      return reached;
    } finally {
      if (!done) {
        Checkpoint.empty(vfs, target);
      }
    }
  }

  private static PpdbException refused(String why) {
    return new PpdbException(ErrorCode.INVALID_ARGUMENT, why);
  }

  private static String time(long millis) {
    return EditText.instant(millis);
  }

  /** The segments that have the commits after {@code base}, each where the one before ends. */
  private List<SealedSegment> segmentsAfter(LogPosition base) throws IOException {
    List<UUID> logs = archive.logs();
    if (!logs.contains(base.log())) {
      throw refused(
          "archive "
              + archive.directory()
              + " has nothing of log "
              + base.log()
              + ", which checkpoint "
              + checkpoint
              + " is of; it has "
              + (logs.isEmpty() ? "no logs" : "logs " + logs));
    }
    List<SealedSegment> sorted = new ArrayList<>(archive.segments(base.log()));
    sorted.sort(
        Comparator.comparingLong(SealedSegment::afterVersion)
            .thenComparingLong(SealedSegment::lastVersion));
    List<SealedSegment> segments = new ArrayList<>();
    long position = base.version();
    for (SealedSegment segment : sorted) {
      if (segment.lastVersion() > base.version() && position < point.version()) {
        checkFollows(segment, segments, position);
        segments.add(segment);
        position = segment.lastVersion();
      }
    }
    if (point.version() != Long.MAX_VALUE && position < point.version()) {
      throw refused("the archive ends at version " + position + ", before " + point.version());
    }
    return segments;
  }

  private static void checkFollows(
      SealedSegment segment, List<SealedSegment> before, long position) {
    if (segment.afterVersion() > position) {
      throw refused(
          "the archive lacks the commits after version "
              + position
              + ", up to "
              + segment.afterVersion()
              + ", where "
              + segment.path()
              + " begins");
    }
    if (segment.afterVersion() < position && !before.isEmpty()) {
      throw refused(
          "the archive has two histories: "
              + before.get(before.size() - 1).path()
              + " ends at version "
              + position
              + ", but "
              + segment.path()
              + " begins after "
              + segment.afterVersion());
    }
  }

  private static long numberOf(String fileName) {
    return Long.parseLong(fileName.substring(0, fileName.indexOf('.')));
  }

  private long fill(ManifestState state, List<SealedSegment> segments, LogPosition base)
      throws IOException {
    long number = state.nextFileNumber();
    for (String name : archive.otherFiles(base.log())) {
      number = Math.max(number, numberOf(name) + 1);
    }
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
    ManifestEdit edit = new ManifestEdit().logId(UUID.randomUUID());
    Log log = new Log(number, edit, base);
    log.write(segments);
    copyOtherFiles(log.otherFiles);
    vfs.syncDirectory(target);
    long manifestNumber = log.nextNumber;
    edit.nextFileNumber(manifestNumber + 1)
        .versionCeiling(Math.max(state.versionCeiling(), log.reached))
        .closed();
    Manifest.create(vfs, target, manifestNumber, state.after(edit)).close();
    return log.reached;
  }

  /** Copies from the archive what the commits refer to and the checkpoint has not. */
  private void copyOtherFiles(Map<Path, Path> otherFiles) throws IOException {
    for (Map.Entry<Path, Path> file : otherFiles.entrySet()) {
      Path from = file.getKey();
      Path to = target.resolve(String.valueOf(from.getFileName()));
      if (vfs.exists(to)) {
        continue;
      }
      if (!vfs.exists(from)) {
        throw new CorruptionException(
            from, "the file is missing, though " + file.getValue() + " refers to it");
      }
      Checkpoint.copy(vfs, from, to);
    }
  }

  /** The log of the new store: a segment for each of the archive. */
  private final class Log {
    private final WalSegments files = new WalSegments(vfs, target, GROWTH_BYTES, 0);
    private final ManifestEdit edit;
    private final LogPosition base;

    /** What the commits refer to, in the archive, and a segment that does. */
    private final Map<Path, Path> otherFiles = new TreeMap<>();

    private long nextNumber;
    private long reached;
    private long reachedMillis;

    /**
     * Whether a commit was seen that is not to be in the store: then it is known to be complete.
     */
    private boolean passed;

    Log(long firstNumber, ManifestEdit edit, LogPosition base) {
      this.nextNumber = firstNumber;
      this.edit = edit;
      this.base = base;
      this.reached = base.version();
    }

    /** Writes the commits after the checkpoint's, up to the point. */
    void write(List<SealedSegment> segments) throws IOException {
      Wal wal = new Wal(create(), failure -> {}); // whoever waits for a record is told
      boolean whole;
      try {
        for (int i = 0; i < segments.size() && !passed; i++) {
          copy(segments.get(i), wal);
          wal.await(wal.enqueueRotation(create()));
        }
      } finally {
        whole = wal.close();
      }
      if (!whole) {
        throw new IOException("the log of " + target + " could not be written");
      }
      if (point.millis() != Long.MAX_VALUE && !passed) {
        throw refused(
            "the archive ends at version "
                + reached
                + (reachedMillis == 0 ? "" : ", " + time(reachedMillis))
                + ", with no commit after "
                + time(point.millis()));
      }
    }

    private WalSegment create() throws IOException {
      long number = nextNumber++;
      edit.addWal(number);
      return files.create(number);
    }

    private void copy(SealedSegment segment, Wal wal) throws IOException {
      long[] last = {segment.afterVersion()};
      Set<String> names = new TreeSet<>();
      new WalReader(vfs, segment.path(), segment.number())
          .read(
              commit -> {
                if (commit.version() <= last[0]) {
                  throw new CorruptionException(
                      segment.path(),
                      commit.offset(),
                      "commit " + commit.version() + ", expected one after " + last[0]);
                }
                last[0] = commit.version();
                if (!point.includes(commit.version(), commit.timeMillis())) {
                  passed = true;
                } else if (commit.version() > base.version()) {
                  CommitFiles.addNames(commit, segment.path(), names);
                  append(wal, commit);
                  reached = commit.version();
                  reachedMillis = commit.timeMillis();
                }
              });
      if (last[0] != segment.lastVersion()) {
        throw new CorruptionException(
            segment.path(),
            "it ends at version " + last[0] + ", expected " + segment.lastVersion());
      }
      names.forEach(name -> otherFiles.put(segment.path().resolveSibling(name), segment.path()));
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
