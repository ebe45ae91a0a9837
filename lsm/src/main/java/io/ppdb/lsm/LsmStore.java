package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.EngineContext;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.LocalStore;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.events.RecoveryEvent;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.placement.EntryCache;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.tree.TableFile;
import io.ppdb.lsm.tree.TableSource;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.vfs.VfsLock;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalSegment;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A durable store in a directory: a log-structured merge tree.
 *
 * <p>One process may have it open, once. Closing it makes everything durable, or fails; a store
 * that was not closed is recovered when it is opened. This class only wires the parts. Thread-safe.
 */
public final class LsmStore extends LocalStore {
  private final LsmStorage storage;
  private final List<String> losses;

  private LsmStore(EngineContext context, LsmStorage storage, List<String> losses) {
    super(context, storage);
    this.storage = storage;
    this.losses = losses;
  }

  /**
   * Opens the store in {@code directory}; an empty directory becomes one.
   *
   * @throws PpdbException LOCKED if it is open already; INVALID_ARGUMENT if the directory does not
   *     exist or holds something else, a merge operator is missing, or options contradict;
   *     CORRUPTION naming file and offset if it is damaged; FORMAT_NOT_SUPPORTED if a newer program
   *     wrote it
   */
  public static LsmStore open(Path directory, LsmOptions options) {
    options.check();
    Vfs vfs = options.vfs();
    try {
      StoreLock.checkDirectory(vfs, directory);
      VfsLock lock = StoreLock.take(vfs, directory);
      boolean opened = false;
      try {
        LsmStore store = open(directory, options, lock);
        opened = true;
        return store;
      } finally {
        if (!opened) {
          lock.close();
        }
      }
    } catch (IOException e) {
      ErrorCode code = e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR;
      throw new PpdbException(code, "cannot open store " + directory + ": " + e.getMessage(), e);
    }
  }

  private static LsmStore open(Path directory, LsmOptions options, VfsLock lock)
      throws IOException {
    Vfs vfs = options.vfs();
    OperatorRegistry operators = new OperatorRegistry(options.store().mergeOperators());
    WalSegments segments =
        new WalSegments(vfs, directory, options.walGrowthBytes(), options.maxSpareSegmentBytes());
    Recovery recovery = new Recovery(options, directory, operators);
    RecoveryEvent event = new RecoveryEvent();
    event.directory = directory.toString();
    event.begin();
    Recovery.Recovered recovered = recovery.run();
    event.segmentCount = recovered.manifest().state().wals().size();
    event.memtableBytes = recovered.replayed().replayedBytes();
    Manifest manifest = recovered.manifest();
    EngineContext context =
        new EngineContext(options.store(), recovered.lastVersion(), recovered.lastTickMillis());
    manifest
        .state()
        .policies()
        .assignments()
        .forEach(assignment -> context.policies().set(assignment.range(), assignment.policy()));
    keepHistory(context, recovered);
    BlockCache cache = new BlockCache(options.store().blockCacheBytes(), options.pinnedBytes());
    LiveState live =
        new LiveState(
            manifest,
            new TableSource(vfs, directory, cache, new BlobFiles(vfs, directory)),
            new EntryCache(options.entryCacheBytes()),
            options.manifestGrowthBytes());
    LogArchiver archiver = new LogArchiver(options, live);
    boolean settled = false;
    try {
      WalSegment segment = settle(recovered, options, context, live, segments, archiver);
      try {
        recovery.deleteLeftovers(manifest, live.loggedFiles().fileNames());
        event.commit();
        settled = true;
      } finally {
        if (!settled) {
          segment.close();
        }
      }
      return start(options, lock, recovered, context, live, segments, segment, archiver);
    } finally {
      if (!settled) {
        live.source().blobs().close();
        live.close(null);
      }
    }
  }

  private static void keepHistory(EngineContext context, Recovery.Recovered recovered) {
    TimeIndex times = recovered.times();
    Horizons horizons = recovered.manifest().state().horizons();
    if (times == null || horizons == null) {
      context.keepHistory(); // new, or of format 1: what was before is not known
    } else {
      context.keepHistory(times, horizons);
    }
  }

  /** Wires what takes commits, and lets the background work begin. */
  private static LsmStore start(
      LsmOptions options,
      VfsLock lock,
      Recovery.Recovered recovered,
      EngineContext context,
      LiveState live,
      WalSegments segments,
      WalSegment segment,
      LogArchiver archiver) {
    Wal wal = new Wal(segment, context::makeReadOnly);
    MemtableRotation rotation =
        new MemtableRotation(
            context,
            live,
            segments,
            wal,
            segment.number(),
            MemtableRotation.ceilingAbove(recovered.lastVersion()));
    Maintenance maintenance = new Maintenance(options, context, live, segments, rotation, archiver);
    rotation.onWork(maintenance::signalFlush);
    Residency residency = new Residency(context, live);
    LsmStorage storage =
        new LsmStorage(options, context, lock, live, rotation, maintenance, residency, archiver);
    maintenance.start();
    residency.start();
    archiver.start();
    return new LsmStore(context, storage, recovered.losses());
  }

  /** Brings the commits found in the log into tables, and begins a new log. */
  private static WalSegment settle(
      Recovery.Recovered recovered,
      LsmOptions options,
      EngineContext context,
      LiveState live,
      WalSegments segments,
      LogArchiver archiver)
      throws IOException {
    WalSegment segment = segments.create(live.newFileNumber());
    boolean applied = false;
    try {
      ManifestEdit edit =
          new ManifestEdit()
              .versionCeiling(MemtableRotation.ceilingAbove(recovered.lastVersion()))
              .addWal(segment.number());
      holdLoads(recovered, live);
      List<Long> givenUp =
          endSegments(recovered, options.vfs(), context, live, segments, edit, archiver);
      recovered.replayed().tables().forEach(edit::addTable);
      recovered.replayed().loaded().forEach(edit::addTable);
      boolean flushed = false;
      try {
        new Flusher(options, context, live).flush(recovered.replayed().memtable(), edit);
        flushed = true;
      } finally {
        if (!flushed) {
          recovered.replayed().discard();
        }
      }
      live.apply(edit);
      givenUp.forEach(live.loggedFiles()::giveUp);
      applied = true;
      return segment;
    } finally {
      if (!applied) {
        segment.close();
      }
    }
  }

  /** The tables of loads are the same for the tree, which gets them, and for who reads changes. */
  private static void holdLoads(Recovery.Recovered recovered, LiveState live) {
    List<TableFile> loaded =
        recovered.replayed().loaded().stream()
            .map(meta -> new TableFile(meta, live.source()))
            .toList();
    live.hold(loaded);
    loaded.forEach(TableFile::release);
  }

  /**
   * Lets changes be read from the segments that were found, as far as they are kept.
   *
   * @return the numbers of those that are not
   */
  private static List<Long> endSegments(
      Recovery.Recovered recovered,
      Vfs vfs,
      EngineContext context,
      LiveState live,
      WalSegments segments,
      ManifestEdit edit,
      LogArchiver archiver)
      throws IOException {
    LogFiles log = recovered.manifest().state().log();
    List<KeptSegment> ended = recovered.ended();
    List<KeptSegment> before = log.kept();
    if (log.changesFrom() < 0 || !recovered.losses().isEmpty()) {
      // New, or of a program that kept none, or damaged: commits may be missing.
      edit.changesFrom(recovered.lastVersion());
      before.forEach(segment -> edit.removeWal(segment.number()));
      before = List.of();
      ended = List.of();
    }
    for (KeptSegment segment : ended) {
      // After the death of a process the end of its log may be in memory only.
      try (VfsFile file = vfs.openWrite(segments.path(segment.number()))) {
        file.force();
      }
    }
    live.loggedFiles().recover(before, live.peek().tree());
    live.loggedFiles().recover(ended, live.peek().tree());
    List<Long> givenUp =
        new ChangeRetention(context, live.loggedFiles(), archiver::mayGiveUp)
            .keep(before, ended, edit);
    Set<Long> kept = new HashSet<>();
    ended.forEach(segment -> kept.add(segment.number()));
    for (long number : log.needed()) {
      if (!kept.contains(number)) {
        edit.removeWal(number);
      }
    }
    return givenUp;
  }

  /**
   * What was damaged when the store was opened and has been left out, in a line each: nothing,
   * unless another {@link RecoveryMode} than STRICT was asked for. The log, tables and blob files
   * that nothing refers to any more are kept as {@code *.damaged} then: what was left out is in
   * them.
   */
  public List<String> losses() {
    return losses;
  }

  /**
   * Makes a store in {@code target}, which is new or empty, out of a checkpoint and an archive of
   * the log ({@link io.ppdb.lsm.archive.DirectoryArchive}): what the archived store was at {@code
   * point}.
   *
   * @return the version of the last commit in it
   * @throws PpdbException INVALID_ARGUMENT if the archive has not the log that the checkpoint is
   *     of, the point is before the checkpoint or behind the archive's end, or segments are missing
   *     between; CORRUPTION if one is damaged; DISK_FULL or IO_ERROR if the store cannot be
   *     written. Then the directory is left empty
   */
  public static long restore(
      Path checkpoint, Path archive, RestorePoint point, Path target, LsmOptions options) {
    try {
      return new PointInTimeRestore(options.vfs(), checkpoint, archive, target, point).run();
    } catch (IOException e) {
      ErrorCode code = e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR;
      throw new PpdbException(code, "cannot restore to " + target + ": " + e.getMessage(), e);
    }
  }

  /** What is kept in memory of tables, to be read faster. */
  public CachedBytes cachedBytes() {
    checkOpen();
    return storage.cachedBytes();
  }

  /** What the store has done since it was opened, and what it consists of. */
  public LsmStatistics statistics() {
    checkOpen();
    return storage.statistics();
  }

  /** Brings everything committed so far from memory and log into tables. */
  public void flush() {
    checkOpen();
    storage.flush();
  }

  /** Flushes, merges all tables into one level, and gives back what the log has reserved. */
  public void compact() {
    checkOpen();
    storage.compact();
  }

  /**
   * Does at once what would be done in the background by now: flushes that are due, and compactions
   * until there is nothing more that calls for one.
   */
  public void compactDue() {
    checkOpen();
    storage.compactDue();
  }

  /** Reads every byte of every table and checks it; fails with CORRUPTION naming the file. */
  public void verify() {
    checkOpen();
    storage.verify();
  }
}
