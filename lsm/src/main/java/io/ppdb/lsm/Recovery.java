package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.LogFiles;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.LogReplay;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a directory holds: the manifest, and the commits that are in the log only.
 *
 * <p>Reads, and writes nothing but tables that no manifest names and then a fresh manifest, so that
 * a failing attempt changes nothing.
 */
final class Recovery {
  private static final String DAMAGED_SUFFIX = ".damaged";

  private final LsmOptions options;
  private final Vfs vfs;
  private final Path directory;
  private final OperatorRegistry operators;
  private final RecoveryMode mode;
  private final List<String> losses = new ArrayList<>();

  /** The lengths of the blob files that there are, by name. */
  private final Map<String, Long> blobSizes = new HashMap<>();

  private long lastVersion;
  private long lastTickMillis;

  /** Segments with commits, oldest first. */
  private List<KeptSegment> ended = List.of();

  /** Null if the store is new, or its manifest says nothing of times. */
  private @Nullable TimeIndex times;

  /**
   * What was found.
   *
   * @param manifest a fresh one
   * @param replayed the commits that are in the log only
   * @param lastVersion no version above this one was handed out
   * @param lastTickMillis a tick at or above all used
   * @param times which version was the newest when; null if that is not known
   * @param ended the segments that have commits, which recovery needs until these are in tables
   * @param losses what was damaged and left out, in a line each
   */
  record Recovered(
      Manifest manifest,
      ReplayedTables replayed,
      long lastVersion,
      long lastTickMillis,
      @Nullable TimeIndex times,
      List<KeptSegment> ended,
      List<String> losses) {}

  Recovery(LsmOptions options, Path directory, OperatorRegistry operators) {
    this.options = options;
    this.vfs = options.vfs();
    this.directory = directory;
    this.operators = operators;
    this.mode = options.recoveryMode();
  }

  Recovered run() throws IOException {
    ManifestState state =
        vfs.list(directory).contains(Manifest.CURRENT)
            ? Manifest.read(vfs, directory)
            : new ManifestState();
    lastVersion = state.versionCeiling();
    lastTickMillis = state.tickMillis();
    times = state.times();
    if (times != null) {
      lastVersion = Math.max(lastVersion, times.lastVersion());
    }
    for (String name : vfs.list(directory)) {
      if (BlobFiles.isBlobFile(name)) {
        blobSizes.put(name, vfs.size(directory.resolve(name)));
      }
    }
    checkTables(state);
    checkKept(state.log());
    AtomicLong numbers = new AtomicLong(Math.max(state.nextFileNumber(), greatestNumber() + 1));
    ReplayedTables replayed =
        new ReplayedTables(options, directory, operators, state, numbers::getAndIncrement);
    boolean done = false;
    try {
      replay(state, replayed);
      long number = numbers.getAndIncrement();
      ManifestEdit begin = new ManifestEdit().nextFileNumber(number + 1);
      if (state.logId() == null || !losses.isEmpty()) {
        begin.logId(UUID.randomUUID()); // what an archive has is not what this store has been
      }
      Manifest manifest = Manifest.create(vfs, directory, number, state.after(begin));
      done = true;
      return new Recovered(
          manifest, replayed, lastVersion, lastTickMillis, times, ended, List.copyOf(losses));
    } finally {
      if (!done) {
        replayed.discard();
      }
    }
  }

  private void checkTables(ManifestState state) throws IOException {
    for (TableMeta table : state.tables()) {
      checkTable(table, "the manifest");
      lastVersion = Math.max(lastVersion, table.properties().maxVersion());
    }
  }

  private void checkTable(TableMeta table, String namedBy) throws IOException {
    Path path = directory.resolve(table.fileName());
    long size;
    try {
      size = vfs.size(path);
    } catch (NoSuchFileException e) {
      throw new CorruptionException(path, "the file is missing, though " + namedBy + " names it");
    }
    if (size != table.sizeInBytes()) {
      throw new CorruptionException(
          path, "it has " + size + " bytes, expected " + table.sizeInBytes());
    }
    for (int id : table.properties().operatorIds()) {
      checkOperator(id, path);
    }
    for (BlobReference blob : table.properties().blobs()) {
      checkBlobFile(blob.fileNumber(), path);
    }
  }

  private void checkKept(LogFiles log) throws IOException {
    for (KeptSegment segment : log.kept()) {
      Path path = directory.resolve(WalSegments.fileName(segment.number()));
      if (!vfs.exists(path)) {
        CorruptionException e =
            new CorruptionException(path, "the file is missing, though the manifest names it");
        if (mode == RecoveryMode.STRICT) {
          throw e;
        }
        losses.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void replay(ManifestState state, ReplayedTables replayed) throws IOException {
    ended =
        new LogReplay(vfs, directory, mode, losses::add)
            .run(
                state.wals(),
                state.isClosed(),
                (path, commit) -> {
                  for (Entry entry : commit.entries()) {
                    if (entry.kind() == EntryKind.MERGE) {
                      checkOperator(entry.operatorId(), path);
                    }
                  }
                  List<TableMeta> tables = tables(commit, path);
                  if (!hasFiles(commit, tables, path)) {
                    return;
                  }
                  lastVersion = Math.max(lastVersion, commit.version());
                  lastTickMillis = Math.max(lastTickMillis, commit.timeMillis());
                  if (times != null && commit.version() > times.lastVersion()) {
                    times.append(commit.version(), commit.timeMillis());
                  }
                  replayed.flushIfFull();
                  Memtable memtable = replayed.memtable();
                  for (KeyRange range : commit.deletedRanges()) {
                    memtable.deleteRange(range, commit.version());
                  }
                  for (Entry entry : commit.entries()) {
                    memtable.insert(entry);
                  }
                  if (!tables.isEmpty()) {
                    replayed.load(tables);
                  }
                });
  }

  /** The tables that a commit brings. */
  private static List<TableMeta> tables(WalReader.Commit commit, Path segment) {
    byte[] encoded = commit.tables();
    return encoded == null ? List.of() : LoggedTables.decode(encoded, commit.version(), segment);
  }

  /** Whether the files that a commit names, which were durable before it, are there. */
  private boolean hasFiles(WalReader.Commit commit, List<TableMeta> tables, Path segment)
      throws IOException {
    try {
      for (TableMeta table : tables) {
        checkTable(table, segment.toString());
      }
      for (Entry entry : commit.entries()) {
        if (entry.kind() == EntryKind.BLOB) {
          checkBlob(BlobHandle.decode(new Slice(entry.value()), segment), segment);
        }
      }
      return true;
    } catch (CorruptionException e) {
      if (mode != RecoveryMode.SALVAGE) {
        throw e;
      }
      losses.add("commit " + commit.version() + ": " + e.getMessage());
      return false;
    }
  }

  private void checkBlob(BlobHandle handle, Path namedBy) {
    long size = checkBlobFile(handle.fileNumber(), namedBy);
    if (handle.end() > size) {
      throw new CorruptionException(
          directory.resolve(BlobFiles.fileName(handle.fileNumber())),
          "it has " + size + " bytes, though " + namedBy + " has a handle up to " + handle.end());
    }
  }

  /** The length of a blob file, which has to be there. */
  private long checkBlobFile(long number, Path namedBy) {
    String name = BlobFiles.fileName(number);
    Long size = blobSizes.get(name);
    if (size == null) {
      throw new CorruptionException(
          directory.resolve(name),
          "the file is missing, though " + namedBy + " has a handle to it");
    }
    return size;
  }

  private void checkOperator(int id, Path path) {
    if (!operators.isRegistered(id)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          path + " uses merge operator " + id + ", which is not among the options of the store");
    }
  }

  /** The greatest number in the name of any file. */
  private long greatestNumber() throws IOException {
    long greatest = 0;
    for (String name : vfs.list(directory)) {
      String digits = name.replaceAll("\\D", "");
      if (!digits.isEmpty() && digits.length() < 18) {
        greatest = Math.max(greatest, Long.parseLong(digits));
      }
    }
    return greatest;
  }

  /**
   * Deletes what crashes and earlier manifests left behind. If commits were left out, it keeps
   * under other names what these may consist of: segments, the tables of loads, blob files.
   *
   * @param keptFiles names of files that segments kept for changes refer to
   */
  void deleteLeftovers(Manifest manifest, Set<String> keptFiles) throws IOException {
    Set<String> named = new HashSet<>(keptFiles);
    for (TableMeta table : manifest.state().tables()) {
      named.add(table.fileName());
      for (BlobReference blob : table.properties().blobs()) {
        named.add(BlobFiles.fileName(blob.fileNumber()));
      }
    }
    manifest.state().wals().forEach(number -> named.add(WalSegments.fileName(number)));
    for (KeptSegment segment : manifest.state().log().kept()) {
      named.add(WalSegments.fileName(segment.number()));
    }
    named.add(String.valueOf(manifest.path().getFileName()));
    for (String name : new TreeSet<>(vfs.list(directory))) {
      boolean ours =
          TableMeta.isTable(name)
              || BlobFiles.isBlobFile(name)
              || WalSegments.isSegment(name)
              || WalSegments.isSpare(name)
              || SpillFiles.isSpillFile(name)
              || Manifest.isManifest(name);
      if (ours && !named.contains(name)) {
        Path path = directory.resolve(name);
        if (!losses.isEmpty() && mayBeLost(name)) {
          vfs.rename(path, directory.resolve(name + DAMAGED_SUFFIX));
        } else {
          vfs.delete(path);
        }
      }
    }
  }

  private static boolean mayBeLost(String name) {
    return WalSegments.isSegment(name) || TableMeta.isTable(name) || BlobFiles.isBlobFile(name);
  }
}
