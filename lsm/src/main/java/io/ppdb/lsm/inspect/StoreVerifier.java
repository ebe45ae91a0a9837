package io.ppdb.lsm.inspect;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.StoreLock;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.ByteText;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.LogReplay;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.SegmentScan;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads every byte that a store consists of, and collects what is wrong instead of stopping there.
 */
final class StoreVerifier {
  private final Vfs vfs;
  private final Path directory;
  private final BlobFiles blobs;

  /** The blob files that tables or log refer to, and the tables that were read, by name. */
  private final Set<String> referredNames = new HashSet<>();

  private final List<String> problems = new ArrayList<>();
  private long entryCount;
  private long tableBytes;
  private long commitCount;

  StoreVerifier(Vfs vfs, Path directory) {
    this.vfs = vfs;
    this.directory = directory;
    this.blobs = BlobFiles.readOnly(vfs, directory);
  }

  VerifyReport run() {
    ManifestState state = new ManifestState();
    List<String> leftovers = List.of();
    try {
      state = Manifest.read(vfs, directory);
      for (TableMeta table : state.tables()) {
        verify(table, state.versionCeiling(), "the manifest");
      }
      verifyLevels(state);
      verifyLog(state);
      leftovers = leftovers(state);
    } catch (PpdbException | IOException e) {
      problems.add(messageOf(e));
    }
    return new VerifyReport(
        state.tables().size(),
        entryCount,
        tableBytes,
        state.wals().size() + state.log().kept().size(),
        commitCount,
        leftovers,
        List.copyOf(problems));
  }

  private void verify(TableMeta meta, long versionCeiling, String namedBy) {
    referredNames.add(meta.fileName());
    for (BlobReference blob : meta.properties().blobs()) {
      referredNames.add(BlobFiles.fileName(blob.fileNumber()));
    }
    Path path = directory.resolve(meta.fileName());
    try {
      long size = vfs.size(path);
      tableBytes += size;
      if (size != meta.sizeInBytes()) {
        throw new CorruptionException(
            path, "it has " + size + " bytes, expected " + meta.sizeInBytes());
      }
      try (SsTable table = SsTable.open(vfs, path, new BlockCache(0), meta.globalVersion())) {
        if (!table.properties().isSameAs(meta.properties())) {
          throw new CorruptionException(path, "it is another table than " + namedBy + " names");
        }
        table.verify();
        table.verifyBlobs(blobs);
        entryCount += table.properties().entryCount();
      }
      long maxVersion = meta.properties().maxVersion();
      if (maxVersion > versionCeiling) {
        throw new CorruptionException(
            path, "version " + maxVersion + " is above the ceiling of " + versionCeiling);
      }
    } catch (NoSuchFileException e) {
      problems.add(path + " is missing, though " + namedBy + " names it");
    } catch (PpdbException | IOException e) {
      problems.add(messageOf(e));
    }
  }

  /** Below level 0 the bounds of the tables of a level do not overlap. */
  private void verifyLevels(ManifestState state) {
    List<TableMeta> sorted =
        state.tables().stream()
            .filter(table -> table.level() > 0)
            .sorted(
                Comparator.comparingInt(TableMeta::level)
                    .thenComparing(
                        table -> table.properties().bounds().start(), Arrays::compareUnsigned))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      TableMeta before = sorted.get(i - 1);
      TableMeta table = sorted.get(i);
      KeyRange bounds = table.properties().bounds();
      if (before.level() == table.level() && before.properties().bounds().overlaps(bounds)) {
        problems.add(
            before.fileName()
                + " and "
                + table.fileName()
                + " of level "
                + table.level()
                + " overlap at key "
                + ByteText.of(bounds.start()));
      }
    }
  }

  private void verifyLog(ManifestState state) throws IOException {
    new LogReplay(vfs, directory, RecoveryMode.SALVAGE, problems::add)
        .run(
            state.wals(),
            state.isClosed(),
            (path, commit) -> verify(path, commit, state.versionCeiling()));
    for (KeptSegment segment : state.log().kept()) {
      try {
        verify(segment, state.versionCeiling());
      } catch (PpdbException | IOException e) {
        problems.add(messageOf(e));
      }
    }
  }

  private void verify(Path segment, WalReader.Commit commit, long versionCeiling) {
    commitCount++;
    byte[] tables = commit.tables();
    if (tables != null) {
      for (TableMeta table : LoggedTables.decode(tables, commit.version(), segment)) {
        if (!referredNames.contains(table.fileName())) {
          verify(table, versionCeiling, segment.toString());
        }
      }
    }
    for (Entry entry : commit.entries()) {
      if (entry.kind() == EntryKind.BLOB) {
        try {
          BlobHandle handle = BlobHandle.decode(new Slice(entry.value()), segment);
          referredNames.add(BlobFiles.fileName(handle.fileNumber()));
          blobs.verify(handle);
        } catch (PpdbException | IOException e) {
          problems.add(messageOf(e));
        }
      }
    }
  }

  /** Of a segment that is kept for changes every record is there, up to its end. */
  private void verify(KeptSegment segment, long versionCeiling) throws IOException {
    Path path = directory.resolve(WalSegments.fileName(segment.number()));
    SegmentScan scan = new SegmentScan(vfs, path, segment.number());
    SegmentScan.Stop stop;
    do {
      stop =
          scan.next(
              segment.endOffset(),
              0,
              Long.MAX_VALUE,
              commit -> verify(path, commit, versionCeiling));
    } while (stop == SegmentScan.Stop.MORE);
    if (stop == SegmentScan.Stop.NO_RECORD && scan.offset() != segment.endOffset()) {
      throw new CorruptionException(
          path, scan.offset(), "no intact record, expected some up to " + segment.endOffset());
    }
  }

  private List<String> leftovers(ManifestState state) throws IOException {
    Set<String> named = new HashSet<>(Set.of(Manifest.CURRENT, StoreLock.FILE_NAME));
    named.add(Manifest.currentName(vfs, directory));
    state.wals().forEach(number -> named.add(WalSegments.fileName(number)));
    state.log().kept().forEach(kept -> named.add(WalSegments.fileName(kept.number())));
    List<String> others = new ArrayList<>(vfs.list(directory));
    others.removeIf(
        name -> named.contains(name) || referredNames.contains(name) || WalSegments.isSpare(name));
    return others;
  }

  private static String messageOf(Exception e) {
    return e instanceof IOException
        ? "cannot read: " + e.getMessage()
        : String.valueOf(e.getMessage());
  }
}
