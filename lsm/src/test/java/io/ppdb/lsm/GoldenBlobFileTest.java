package io.ppdb.lsm;

import static io.ppdb.lsm.GoldenFileTest.checkWritten;
import static io.ppdb.lsm.GoldenFileTest.golden;
import static io.ppdb.lsm.GoldenFileTest.since;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.blob.BlobReference;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What refers to blob files, and the longer forms of policies: golden files beside those of {@link
 * GoldenFileTest}, by the same rules.
 */
class GoldenBlobFileTest {
  private static final Path STORE = MemDirectory.PATH;

  /** That of {@code 000012.blob}: 13 bytes at offset 51. */
  private static final byte[] HANDLE = HexFormat.of().parseHex("0d0c051c34c46e");

  @Test
  void aTableHasHandlesAndSaysToWhichFiles() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Path path = STORE.resolve("000013.sst");
    try (SsTableWriter writer =
        new SsTableWriter(disk, path, new TableFormat(4096, 10, Codec.NONE))) {
      writer.add(
          new Slice(bytes("fruit")), 8, EntryKind.BLOB, 0, 1_700_000_000_000L, new Slice(HANDLE));
      writer.finish(null);
    }
    checkWritten("000013.sst", disk.bytes(path));
    for (FormatVersion format : since(FormatVersion.V3)) {
      checkTable(golden(format, "000013.sst"), path);
    }
  }

  private static void checkTable(MemVfs kept, Path path) throws IOException {
    try (SsTable table = SsTable.open(kept, path, new BlockCache(0));
        EntryCursor cursor = table.cursor(false)) {
      assertThat(cursor.seekToFirst()).isTrue();
      assertThat(cursor.kind()).isEqualTo(EntryKind.BLOB);
      assertThat(cursor.expiryMillis()).isEqualTo(1_700_000_000_000L);
      assertThat(BlobHandle.decode(cursor.value(), path).length()).isEqualTo(13);
      assertThat(table.properties().blobs()).containsExactly(new BlobReference(12, 13));
      assertThat(table.properties().rawBytes()).isEqualTo(18);
      table.verify();
    }
  }

  @Test
  void aRecordOfTheLogHasHandles() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Wal wal = new Wal(new WalSegments(disk, STORE, 256, 0).create(14), failure -> {});
    Entry[] entries = {
      Entry.blob(bytes("fruit"), HANDLE, 1_700_000_000_000L),
      Entry.blob(bytes("nut"), HANDLE, Limits.NO_EXPIRY)
    };
    WalRecord record = WalRecord.commit(CommitOrigin.MAINTENANCE, new KeyRange[0], entries, true);
    record.assign(8, 1_699_999_999_000L);
    wal.enqueue(record);
    wal.await(record);
    wal.close();
    checkWritten("000014.wal", disk.bytes(STORE.resolve("000014.wal")));
    for (FormatVersion format : since(FormatVersion.V3)) {
      checkLog(golden(format, "000014.wal"));
    }
  }

  private static void checkLog(MemVfs kept) throws IOException {
    List<String> seen = new ArrayList<>();
    new WalReader(kept, STORE.resolve("000014.wal"), 14)
        .read(
            commit -> {
              assertThat(commit.origin()).isEqualTo(CommitOrigin.MAINTENANCE);
              assertThat(commit.version()).isEqualTo(8);
              assertThat(commit.timeMillis()).isEqualTo(1_699_999_999_000L);
              for (Entry entry : commit.entries()) {
                assertThat(entry.value()).isEqualTo(HANDLE);
                seen.add(entry.kind() + " " + new String(entry.key(), StandardCharsets.US_ASCII));
              }
            });
    assertThat(seen).containsExactly("BLOB fruit", "BLOB nut");
  }

  @Test
  void theManifestHasBlobFilesAndEachFormOfAPolicy() throws IOException {
    RangePolicy plain = RangePolicy.DEFAULT;
    RangePolicy blobs = plain.withHistory(Duration.ZERO).withBlobThresholdBytes(4_096);
    RangePolicy all =
        blobs
            .withPlacement(RangePolicy.Placement.TIERED)
            .withUse(RangePolicy.Use.EXPIRABLE)
            .withCodec(RangePolicy.Codec.ZSTD)
            .withDefaultExpiry(Duration.ofHours(1));
    RangePolicy pinned =
        plain.withPlacement(RangePolicy.Placement.MEMORY).withCodec(RangePolicy.Codec.NONE);
    MemVfs disk = MemDirectory.fresh();
    Manifest manifest =
        Manifest.create(
            disk, STORE, 15, new ManifestState().after(new ManifestEdit().nextFileNumber(16)));
    TableProperties properties =
        new TableProperties(
            1,
            0,
            18,
            8,
            8,
            Limits.NO_EXPIRY,
            bytes("fruit"),
            bytes("fruit"),
            List.of(),
            0,
            null,
            List.of(new BlobReference(12, 13)));
    manifest.append(
        new ManifestEdit()
            .addTable(new TableMeta(13, 0, 200, properties))
            .policy(KeyRange.prefix(bytes("a")), blobs)
            .policy(KeyRange.prefix(bytes("b")), all)
            .policy(KeyRange.prefix(bytes("c")), pinned));
    manifest.close();
    checkWritten("MANIFEST-000015", disk.bytes(STORE.resolve("MANIFEST-000015")));

    for (FormatVersion format : since(FormatVersion.V3)) {
      ManifestState read = read(format);
      assertThat(read.policies().get(bytes("a"))).isEqualTo(blobs);
      assertThat(read.policies().get(bytes("b"))).isEqualTo(all);
      assertThat(read.policies().get(bytes("c"))).isEqualTo(pinned);
      assertThat(read.policies().get(bytes("d"))).isEqualTo(plain);
      assertThat(read.tables()).hasSize(1);
      assertThat(read.tables().iterator().next().properties().isSameAs(properties)).isTrue();
    }
  }

  private static ManifestState read(FormatVersion format) throws IOException {
    ManifestState read = new ManifestState();
    Path path = STORE.resolve("MANIFEST-000015");
    List<ManifestEdit> edits = new ArrayList<>();
    Manifest.read(golden(format, "MANIFEST-000015"), path, (offset, edit) -> edits.add(edit));
    for (ManifestEdit edit : edits) {
      read = read.after(edit);
    }
    return read;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
