package io.ppdb.lsm;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Memtable;
import io.ppdb.kv.engine.OperatorRegistry;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a directory holds: the manifest, and the commits that are in the log only.
 *
 * <p>Reads, and writes nothing but a fresh manifest, so that a failing attempt changes nothing.
 */
final class Recovery {
  private static final String LOCK = "LOCK";

  private final Vfs vfs;
  private final Path directory;
  private final OperatorRegistry operators;
  private final WalSegments segments;

  private final Memtable memtable = new Memtable();
  private long lastVersion;
  private long lastTickMillis;

  /** Null if the store is new, or its manifest says nothing of times. */
  private @Nullable TimeIndex times;

  /**
   * What was found.
   *
   * @param manifest a fresh one
   * @param memtable the commits that are in the log only
   * @param lastVersion no version above this one was handed out
   * @param lastTickMillis a tick at or above all used
   * @param times which version was the newest when; null if that is not known
   */
  record Recovered(
      Manifest manifest,
      Memtable memtable,
      long lastVersion,
      long lastTickMillis,
      @Nullable TimeIndex times) {}

  Recovery(Vfs vfs, Path directory, OperatorRegistry operators, WalSegments segments) {
    this.vfs = vfs;
    this.directory = directory;
    this.operators = operators;
    this.segments = segments;
  }

  /** The path of the lock file of the store in {@code directory}. */
  static Path lockPath(Path directory) {
    return directory.resolve(LOCK);
  }

  /** Fails unless {@code directory} is there and holds a store, or nothing. */
  static void checkDirectory(Vfs vfs, Path directory) throws IOException {
    if (!vfs.isDirectory(directory)) {
      throw new PpdbException(
          ErrorCode.INVALID_ARGUMENT,
          vfs.exists(directory)
              ? directory + " is not a directory"
              : "directory " + directory + " does not exist");
    }
    List<String> names = vfs.list(directory);
    if (names.contains(Manifest.CURRENT)) {
      return;
    }
    for (String name : names) {
      if (TableMeta.isTable(name) || WalSegments.isSegment(name) || WalSegments.isSpare(name)) {
        throw new CorruptionException(
            directory.resolve(Manifest.CURRENT), "the file is missing, though there is " + name);
      }
    }
    for (String name : names) {
      // A crash while the store was created leaves no more than these.
      if (!name.equals(LOCK) && !Manifest.isManifest(name)) {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            "directory " + directory + " is no store and not empty: it holds " + name);
      }
    }
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
    checkTables(state);
    replay(state);
    long number = Math.max(state.nextFileNumber(), greatestNumber() + 1);
    Manifest manifest =
        Manifest.create(
            vfs, directory, number, state.after(new ManifestEdit().nextFileNumber(number + 1)));
    return new Recovered(manifest, memtable, lastVersion, lastTickMillis, times);
  }

  private void checkTables(ManifestState state) throws IOException {
    for (TableMeta table : state.tables()) {
      Path path = directory.resolve(table.fileName());
      long size;
      try {
        size = vfs.size(path);
      } catch (NoSuchFileException e) {
        throw new CorruptionException(path, "the file is missing, though the manifest names it");
      }
      if (size != table.sizeInBytes()) {
        throw new CorruptionException(
            path, "it has " + size + " bytes, expected " + table.sizeInBytes());
      }
      lastVersion = Math.max(lastVersion, table.properties().maxVersion());
      for (int id : table.properties().operatorIds()) {
        checkOperator(id, path);
      }
    }
  }

  private void replay(ManifestState state) throws IOException {
    long previousVersion = 0;
    Path unsealed = null;
    long unsealedEnd = 0;
    for (long number : state.wals()) {
      Path path = segments.path(number);
      Replay replay = new Replay(path, previousVersion);
      WalReader.Outcome outcome;
      try {
        outcome = WalReader.read(vfs, path, number, replay);
      } catch (NoSuchFileException e) {
        throw new CorruptionException(path, "the file is missing, though the manifest names it");
      }
      if (unsealed != null && (outcome.recordCount() > 0 || outcome.sealed())) {
        // A segment is written to only when the one before is sealed and synced.
        throw new CorruptionException(
            unsealed, unsealedEnd, "the segment ends here, though " + path + " goes on");
      }
      if (state.isClosed() && !outcome.sealed()) {
        throw new CorruptionException(
            path, outcome.endOffset(), "the log ends here without a seal, though it was closed");
      }
      if (!outcome.sealed() && unsealed == null) {
        unsealed = path;
        unsealedEnd = outcome.endOffset();
      }
      previousVersion = replay.version;
    }
  }

  /** Puts the commits of one segment into the memtable. */
  private final class Replay implements WalReader.Visitor {
    private final Path path;
    private long version;

    Replay(Path path, long version) {
      this.path = path;
      this.version = version;
    }

    @Override
    public void commit(long newVersion, long timeMillis, Entry[] entries) {
      if (newVersion <= version) {
        throw new CorruptionException(
            path, "commit " + newVersion + " follows commit " + version + " of a segment before");
      }
      version = newVersion;
      lastVersion = Math.max(lastVersion, newVersion);
      lastTickMillis = Math.max(lastTickMillis, timeMillis);
      if (times != null && newVersion > times.lastVersion()) {
        times.append(newVersion, timeMillis);
      }
      for (Entry entry : entries) {
        if (entry.kind() == EntryKind.MERGE) {
          checkOperator(entry.operatorId(), path);
        }
        memtable.insert(entry);
      }
    }
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

  /** Deletes what crashes and earlier manifests left behind. */
  void deleteLeftovers(Manifest manifest) throws IOException {
    Set<String> named = new HashSet<>();
    manifest.state().tables().forEach(table -> named.add(table.fileName()));
    manifest.state().wals().forEach(number -> named.add(WalSegments.fileName(number)));
    named.add(String.valueOf(manifest.path().getFileName()));
    for (String name : new TreeSet<>(vfs.list(directory))) {
      boolean ours =
          TableMeta.isTable(name)
              || WalSegments.isSegment(name)
              || WalSegments.isSpare(name)
              || Manifest.isManifest(name);
      if (ours && !named.contains(name)) {
        vfs.delete(directory.resolve(name));
      }
    }
  }
}
