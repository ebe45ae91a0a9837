package io.ppdb.lsm.inspect;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.format.ByteText;
import io.ppdb.lsm.manifest.EditText;
import io.ppdb.lsm.manifest.LogPosition;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Writes what the files of a store say, as lines of text. */
final class StoreDump {
  private final Vfs vfs;
  private final Path directory;
  private final Appendable out;

  StoreDump(Vfs vfs, Path directory, Appendable out) {
    this.vfs = vfs;
    this.directory = directory;
    this.out = out;
  }

  /** What the manifest in force amounts to. */
  void store() throws IOException {
    ManifestState state = Manifest.read(vfs, directory);
    line("manifest " + Manifest.currentName(vfs, directory));
    line("next file number " + state.nextFileNumber());
    line("version ceiling " + state.versionCeiling());
    line("tick " + EditText.instant(state.tickMillis()));
    line(state.isClosed() ? "closed" : "not closed: the log is replayed when it is opened");
    LogPosition checkpointOf = state.checkpointOf();
    if (checkpointOf != null) {
      line(EditText.of(checkpointOf));
    } else if (state.logId() != null) {
      line("log " + state.logId());
    }
    List<TableMeta> tables =
        state.tables().stream()
            .sorted(Comparator.comparingInt(TableMeta::level).thenComparing(TableMeta::number))
            .toList();
    for (TableMeta table : tables) {
      line("table " + EditText.of(table));
    }
    for (KeptSegment segment : state.log().kept()) {
      line("log segment " + WalSegments.fileName(segment.number()) + ", kept for changes");
    }
    for (long number : state.wals()) {
      line("log segment " + WalSegments.fileName(number));
    }
    state.policies().assignments().stream().map(EditText::of).forEach(p -> line("policy " + p));
  }

  /** What is in one file. */
  void file(String name) throws IOException {
    Path path = directory.resolve(name);
    try {
      if (Manifest.isManifest(name)) {
        Manifest.read(
            vfs,
            path,
            (offset, edit) -> {
              line("edit at " + offset);
              EditText.of(edit).forEach(text -> line("  " + text));
            });
      } else if (WalSegments.isSegment(name)) {
        segment(path, WalSegments.number(name));
      } else if (TableMeta.isTable(name)) {
        try (SsTable table = SsTable.open(vfs, path, new BlockCache(0))) {
          table(table);
        }
      } else {
        throw new PpdbException(
            ErrorCode.INVALID_ARGUMENT,
            name + " is no manifest, log segment (.wal) or table (.sst)");
      }
    } catch (NoSuchFileException e) {
      throw new PpdbException(ErrorCode.INVALID_ARGUMENT, "there is no file " + path, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void segment(Path path, long number) throws IOException {
    WalReader.Outcome outcome = new WalReader(vfs, path, number).read(this::commit);
    line(
        (outcome.sealed() ? "sealed at " : "ends without a seal at ")
            + outcome.endOffset()
            + ", commits: "
            + outcome.recordCount());
  }

  private void commit(WalReader.Commit commit) {
    line(
        "commit "
            + commit.version()
            + " at "
            + commit.offset()
            + ", "
            + EditText.instant(commit.timeMillis())
            + ", "
            + commit.origin());
    for (KeyRange range : commit.deletedRanges()) {
      line("  DELETE " + EditText.of(range));
    }
    byte[] tables = commit.tables();
    if (tables != null) {
      LoggedTables.decode(tables, commit.version(), directory)
          .forEach(table -> line("  LOAD " + EditText.of(table)));
    }
    for (Entry entry : commit.entries()) {
      line(
          "  "
              + head(entry.kind(), entry.operatorId(), entry.expiryMillis())
              + ByteText.of(entry.key())
              + value(entry.kind(), new Slice(entry.value())));
    }
  }

  private void table(SsTable table) throws IOException {
    line(EditText.of(table.properties()));
    RangeTombstones tombstones = table.tombstones();
    if (tombstones != null) {
      tombstones.forEach(
          (range, versions) ->
              line("DELETE " + EditText.of(range) + " @" + Arrays.toString(versions)));
    }
    for (SsTable.BlockSummary block : table.blocks()) {
      line(
          "block at "
              + block.offset()
              + ", "
              + block.sizeInBytes()
              + " bytes, "
              + block.entryCount()
              + " entries, up to "
              + ByteText.of(block.separator()));
    }
    try (EntryCursor cursor = table.cursor(false)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        line(
            head(cursor.kind(), cursor.operatorId(), cursor.expiryMillis())
                + ByteText.of(cursor.key())
                + " @"
                + cursor.version()
                + value(cursor.kind(), cursor.value()));
      }
    }
  }

  private String value(EntryKind kind, Slice value) {
    return switch (kind) {
      case DELETE -> "";
      case PUT, MERGE -> " = " + ByteText.of(value.toByteArray());
      case BLOB -> {
        BlobHandle handle = BlobHandle.decode(value, directory);
        yield " = "
            + handle.length()
            + " bytes in "
            + BlobFiles.fileName(handle.fileNumber())
            + " at "
            + handle.offset();
      }
    };
  }

  private static String head(EntryKind kind, int operatorId, long expiryMillis) {
    return kind
        + (kind == EntryKind.MERGE ? " by operator " + operatorId : "")
        + (expiryMillis == Limits.NO_EXPIRY
            ? " "
            : " expiring " + EditText.instant(expiryMillis) + " ");
  }

  private void line(String text) {
    try {
      out.append(text).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
