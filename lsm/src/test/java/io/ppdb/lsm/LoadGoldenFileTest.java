package io.ppdb.lsm;

import static io.ppdb.lsm.GoldenFileTest.checkWritten;
import static io.ppdb.lsm.GoldenFileTest.golden;
import static io.ppdb.lsm.GoldenFileTest.since;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.manifest.LoggedTables;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What there is of loads, from format 3 on, as {@link GoldenFileTest} has the rest. */
class LoadGoldenFileTest {
  private static final Path STORE = MemDirectory.PATH;
  private static final String TABLE = "000020.sst";
  private static final String SEGMENT = "000021.wal";
  private static final String MANIFEST = "MANIFEST-000022";
  private static final long VERSION = 42;
  private static final long TIME = 1_700_000_000_000L;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the table. */
  private static TableMeta writeTable(MemVfs disk) throws IOException {
    TableFormat format = new TableFormat(4096, 10, Codec.NONE);
    try (SsTableWriter writer = new SsTableWriter(disk, STORE.resolve(TABLE), format)) {
      Slice red = new Slice(bytes("red"));
      writer.add(new Slice(bytes("apple")), 0, EntryKind.PUT, 0, Limits.NO_EXPIRY, red);
      Slice nothing = new Slice(new byte[0]);
      writer.add(new Slice(bytes("pear")), 0, EntryKind.DELETE, 0, Limits.NO_EXPIRY, nothing);
      SsTableWriter.FinishedTable finished = writer.finish(null);
      return new TableMeta(20, 0, finished.sizeInBytes(), finished.properties());
    }
  }

  @Test
  void anUnversionedTableIsWrittenAndReadAtTheVersionOfItsCommit() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    writeTable(disk);
    checkWritten(TABLE, disk.bytes(STORE.resolve(TABLE)));
    for (FormatVersion format : since(FormatVersion.V3)) {
      checkTable(golden(format, TABLE));
    }
  }

  private static void checkTable(MemVfs kept) throws IOException {
    List<String> seen = new ArrayList<>();
    try (SsTable table = SsTable.open(kept, STORE.resolve(TABLE), new BlockCache(0), VERSION);
        EntryCursor cursor = table.cursor(false)) {
      table.verify();
      assertThat(table.properties().minVersion()).isEqualTo(VERSION);
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        seen.add(cursor.kind() + " " + cursor.key() + "@" + cursor.version());
      }
    }
    assertThat(seen).containsExactly("PUT 6170706c65@42", "DELETE 70656172@42");
  }

  @Test
  void aTableWithVersionsIsNotTakenForOneWithout() throws IOException {
    MemVfs kept = golden(FormatVersion.V3, "000009.sst");
    Path path = STORE.resolve("000009.sst");
    assertThatThrownBy(() -> SsTable.open(kept, path, new BlockCache(0), VERSION))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("has versions");
  }

  @Test
  void theRecordOfALoadIsWrittenAndRead() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    TableMeta table = writeTable(disk);
    Wal wal = new Wal(new WalSegments(disk, STORE, 256, 1 << 20).create(21), failure -> {});
    KeyRange[] ranges = {KeyRange.of(bytes("fig"), bytes("kiwi"))};
    WalRecord record =
        WalRecord.load(CommitOrigin.USER, ranges, LoggedTables.encode(List.of(table)), true);
    record.assign(VERSION, TIME);
    wal.enqueue(record);
    wal.await(record);
    wal.close();
    checkWritten(SEGMENT, disk.bytes(STORE.resolve(SEGMENT)));

    for (FormatVersion format : since(FormatVersion.V3)) {
      checkLog(golden(format, SEGMENT), ranges, table);
    }
  }

  private static void checkLog(MemVfs kept, KeyRange[] ranges, TableMeta table) throws IOException {
    List<WalReader.Commit> commits = new ArrayList<>();
    Path path = STORE.resolve(SEGMENT);
    new WalReader(kept, path, 21).read(commits::add);
    assertThat(commits).hasSize(1);
    WalReader.Commit commit = commits.get(0);
    assertThat(commit.version()).isEqualTo(VERSION);
    assertThat(commit.deletedRanges()).containsExactly(ranges);
    assertThat(commit.entries()).isEmpty();
    byte[] tables = Objects.requireNonNull(commit.tables());
    TableMeta read = LoggedTables.decode(tables, VERSION, path).get(0);
    assertThat(read.number()).isEqualTo(20);
    assertThat(read.sizeInBytes()).isEqualTo(table.sizeInBytes());
    assertThat(read.globalVersion()).isEqualTo(VERSION);
    assertThat(read.properties().isSameAs(table.properties().atVersion(VERSION))).isTrue();
  }

  @Test
  void theManifestHasTheVersionOfATableWithout() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    TableMeta table = writeTable(disk);
    ManifestEdit edit =
        new ManifestEdit()
            .nextFileNumber(23)
            .versionCeiling(100)
            .addTable(table.atVersion(VERSION));
    Manifest.create(disk, STORE, 22, new ManifestState().after(edit)).close();
    checkWritten(MANIFEST, disk.bytes(STORE.resolve(MANIFEST)));

    for (FormatVersion format : since(FormatVersion.V3)) {
      checkManifest(golden(format, MANIFEST));
    }
  }

  private static void checkManifest(MemVfs kept) throws IOException {
    List<TableMeta> read = new ArrayList<>();
    Manifest.read(
        kept, STORE.resolve(MANIFEST), (offset, field) -> read.addAll(field.addedTables()));
    assertThat(read).hasSize(1);
    assertThat(read.get(0).globalVersion()).isEqualTo(VERSION);
    assertThat(read.get(0).properties().maxVersion()).isEqualTo(VERSION);
  }
}
