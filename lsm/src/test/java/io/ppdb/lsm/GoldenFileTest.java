package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.Entry;
import io.ppdb.kv.engine.EntryCursor;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.kv.engine.RangeTombstones;
import io.ppdb.kv.engine.TimeIndex;
import io.ppdb.lsm.blob.BlobAppender;
import io.ppdb.lsm.blob.BlobBatch;
import io.ppdb.lsm.blob.BlobFile;
import io.ppdb.lsm.blob.BlobFiles;
import io.ppdb.lsm.blob.BlobHandle;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.manifest.CommitTimes;
import io.ppdb.lsm.manifest.LogFiles;
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
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.KeptSegment;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Files of each format version, kept for ever: they are still read, and the current version is
 * still written byte for byte. {@code -Dppdb.rewrite=DIR} writes those of the current version anew.
 *
 * <p>The files of the current version are the worked examples of {@code docs/format}.
 */
class GoldenFileTest {
  private static final Path STORE = MemDirectory.PATH;

  private static final Horizons HORIZONS =
      Horizons.of(
          new byte[][] {{}, bytes("e/"), bytes("e0")},
          new Horizon[] {
            new Horizon(5, Long.MIN_VALUE),
            new Horizon(9, 1_700_000_000_000L),
            new Horizon(5, Long.MIN_VALUE)
          });

  @Test
  void theLogIsWrittenAndReadAsInEachVersion() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Wal wal = new Wal(new WalSegments(disk, STORE, 256, 1 << 20).create(7), failure -> {});
    Entry[] entries = {
      Entry.put(bytes("apple"), bytes("red"), Limits.NO_EXPIRY),
      Entry.delete(bytes("pear")),
      Entry.merge(bytes("plum"), MergeOperators.encodeLong(2), 1)
    };
    KeyRange[] ranges = {KeyRange.of(bytes("fig"), bytes("kiwi")), KeyRange.of(bytes("q"), null)};
    WalRecord record = WalRecord.commit(CommitOrigin.USER, ranges, entries, true);
    record.assign(42, 1_700_000_000_000L);
    wal.enqueue(record);
    wal.await(record);
    wal.close();
    checkWritten("000007.wal", disk.bytes(STORE.resolve("000007.wal")));

    for (FormatVersion format : FormatVersion.values()) {
      checkLog(format);
    }
  }

  private static void checkLog(FormatVersion format) throws IOException {
    List<String> seen = new ArrayList<>();
    WalReader.Outcome outcome =
        new WalReader(golden(format, "000007.wal"), STORE.resolve("000007.wal"), 7)
            .read(
                commit -> {
                  for (KeyRange range : commit.deletedRanges()) {
                    seen.add(range.toString());
                  }
                  for (Entry entry : commit.entries()) {
                    seen.add(entry.kind() + " " + text(entry.key()) + "@" + entry.version());
                  }
                  assertThat(commit.timeMillis()).isEqualTo(1_700_000_000_000L);
                  assertThat(commit.origin()).isEqualTo(CommitOrigin.USER);
                });
    if (format.compareTo(FormatVersion.V3) >= 0) {
      assertThat(seen.remove(0)).isEqualTo("[666967, 6b697769)");
      assertThat(seen.remove(0)).isEqualTo("[71, end)");
    }
    assertThat(seen).containsExactly("PUT apple@42", "DELETE pear@42", "MERGE plum@42");
    assertThat(outcome.sealed()).isTrue();
  }

  @Test
  void aTableIsWrittenAndReadAsInEachVersion() throws IOException {
    checkWritten("000009.sst", table(Codec.NONE));
    checkTable("000009.sst");
  }

  @Test
  void aTableWithLz4BlocksIsReadAsInEachVersion() throws IOException {
    rewrite("000010-lz4.sst", table(Codec.LZ4));
    checkTable("000010-lz4.sst");
  }

  @Test
  void aTableWithZstandardBlocksIsReadAsInEachVersion() throws IOException {
    rewrite("000011-zstd.sst", table(Codec.ZSTD));
    checkTable("000011-zstd.sst");
  }

  /** With a compressing codec the entries are many and alike, so that it does compress. */
  private static byte[] table(Codec codec) throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Path path = STORE.resolve("t.sst");
    try (SsTableWriter writer = new SsTableWriter(disk, path, new TableFormat(4096, 10, codec))) {
      add(writer, "apple", 5, EntryKind.PUT, 0, Limits.NO_EXPIRY, bytes("red"));
      add(writer, "apple", 3, EntryKind.PUT, 0, 1_700_000_000_000L, bytes("green"));
      if (codec != Codec.NONE) {
        for (int i = 0; i < 100; i++) {
          String key = String.format("fruit %03d", i);
          add(writer, key, 4, EntryKind.PUT, 0, Limits.NO_EXPIRY, bytes("of the season"));
        }
      }
      add(writer, "pear", 4, EntryKind.DELETE, 0, Limits.NO_EXPIRY, new byte[0]);
      byte[] two = MergeOperators.encodeLong(2);
      add(writer, "plum", 6, EntryKind.MERGE, 1, Limits.NO_EXPIRY, two);
      writer.finish(
          RangeTombstones.of(KeyRange.of(bytes("fig"), bytes("kiwi")), 7)
              .plus(RangeTombstones.of(KeyRange.of(bytes("grape"), null), 2)));
    }
    return disk.bytes(path);
  }

  private static void add(
      SsTableWriter writer,
      String key,
      long version,
      EntryKind kind,
      int operatorId,
      long expiryMillis,
      byte[] value)
      throws IOException {
    writer.add(new Slice(bytes(key)), version, kind, operatorId, expiryMillis, new Slice(value));
  }

  private static void checkTable(String name) throws IOException {
    for (FormatVersion format : FormatVersion.values()) {
      checkTable(format, golden(format, name), name);
    }
  }

  private static void checkTable(FormatVersion format, MemVfs disk, String name)
      throws IOException {
    List<String> seen = new ArrayList<>();
    try (SsTable table = SsTable.open(disk, STORE.resolve(name), new BlockCache(1 << 20));
        EntryCursor cursor = table.cursor(true)) {
      table.verify();
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        String key = text(cursor.key().toByteArray());
        if (!key.startsWith("fruit")) {
          seen.add(cursor.kind() + " " + key + "@" + cursor.version());
        }
      }
      RangeTombstones tombstones = table.tombstones();
      if (format.compareTo(FormatVersion.V3) < 0) {
        assertThat(tombstones).isNull();
      } else {
        assertThat(tombstones)
            .hasToString("[666967, 6772617065)[7] [6772617065, 6b697769)[7, 2] [6b697769, end)[2]");
      }
    }
    assertThat(seen).containsExactly("PUT apple@5", "PUT apple@3", "DELETE pear@4", "MERGE plum@6");
  }

  /** There are blob files from version 3 on. */
  @Test
  void aBlobFileIsWrittenAndReadAsInEachVersion() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    BlobAppender appender = new BlobAppender(new BlobFiles(disk, STORE), () -> 12, 1 << 20);
    BlobBatch batch = appender.begin();
    batch.append(bytes("red"));
    byte[] encoded = batch.append(bytes("of the season"));
    batch.sync();
    checkWritten("000012.blob", disk.bytes(STORE.resolve("000012.blob")));
    assertThat(encoded).isEqualTo(HexFormat.of().parseHex("0d0c051c34c46e"));
    BlobHandle handle = BlobHandle.decode(new Slice(encoded), STORE);
    for (FormatVersion format : since(FormatVersion.V3)) {
      BlobFile file = new BlobFiles(golden(format, "000012.blob"), STORE).retain(12);
      assertThat(text(file.read(handle))).isEqualTo("of the season");
    }
    batch.abandon();
    appender.close();
  }

  @Test
  void theManifestIsWrittenAndReadAsInEachVersion() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    ManifestState state =
        new ManifestState().after(new ManifestEdit().nextFileNumber(4).versionCeiling(100));
    Manifest manifest = Manifest.create(disk, STORE, 3, state);
    TableProperties properties =
        new TableProperties(
            3,
            1,
            30,
            5,
            9,
            Limits.NO_EXPIRY,
            bytes("apple"),
            bytes("plum"),
            List.of(1),
            0,
            null,
            List.of());
    KeyRange deleted = KeyRange.of(bytes("fig"), bytes("kiwi"));
    TableProperties withTombstones =
        new TableProperties(
            1,
            0,
            4,
            2,
            7,
            Limits.NO_EXPIRY,
            bytes("nut"),
            bytes("nut"),
            List.of(),
            2,
            deleted,
            List.of());
    manifest.append(
        new ManifestEdit()
            .nextFileNumber(10)
            .tickMillis(1_700_000_000_000L)
            .addTable(new TableMeta(9, 0, 265, properties))
            .addTable(new TableMeta(7, 1, 300, withTombstones))
            .addWal(8)
            .policy(
                KeyRange.prefix(bytes("c/")),
                new RangePolicy(
                    Duration.ofSeconds(1), RangePolicy.Use.MERGEABLE, RangePolicy.Placement.DISK))
            .times(CommitTimes.after(0, times()))
            .horizons(HORIZONS)
            .keepWal(new KeptSegment(6, 42, 1_700_000_000_000L, 109))
            .changesFrom(4));
    manifest.close();
    checkWritten("MANIFEST-000003", disk.bytes(STORE.resolve("MANIFEST-000003")));
    checkWritten("CURRENT", disk.bytes(STORE.resolve("CURRENT")));

    for (FormatVersion format : FormatVersion.values()) {
      MemVfs both = golden(format, "MANIFEST-000003");
      put(both, format, "CURRENT");
      checkManifest(format, Manifest.read(both, STORE));
    }
  }

  private static void checkManifest(FormatVersion format, ManifestState read) {
    assertThat(read.nextFileNumber()).isEqualTo(10);
    assertThat(read.versionCeiling()).isEqualTo(100);
    assertThat(read.tickMillis()).isEqualTo(1_700_000_000_000L);
    boolean keepsLog = format.compareTo(FormatVersion.V3) >= 0;
    KeptSegment kept = new KeptSegment(6, 42, 1_700_000_000_000L, 109);
    assertThat(read.log())
        .isEqualTo(
            new LogFiles(keepsLog ? 4 : -1, keepsLog ? List.of(kept) : List.of(), List.of(8L)));
    List<TableMeta> tables = new ArrayList<>(read.tables());
    if (format.compareTo(FormatVersion.V3) >= 0) {
      TableProperties first = tables.remove(0).properties();
      assertThat(first.rangeTombstoneCount()).isEqualTo(2);
      assertThat(first.deletedBounds()).isEqualTo(KeyRange.of(bytes("fig"), bytes("kiwi")));
      assertThat(first.bounds()).isEqualTo(KeyRange.of(bytes("fig"), bytes("nut\0")));
    }
    assertThat(tables).hasSize(1);
    assertThat(tables.get(0).properties().largestKey()).isEqualTo(bytes("plum"));
    assertThat(tables.get(0).properties().deletedBounds()).isNull();
    assertThat(read.policies().get(bytes("c/1")).use()).isEqualTo(RangePolicy.Use.MERGEABLE);
  }

  /** Version 1 says nothing of the past. */
  @Test
  void thePastIsInTheManifestFromVersion2On() throws IOException {
    MemVfs first = golden(FormatVersion.V1, "MANIFEST-000003");
    put(first, FormatVersion.V1, "CURRENT");
    ManifestState without = Manifest.read(first, STORE);
    assertThat(without.times()).isNull();
    assertThat(without.horizons()).isNull();

    MemVfs second = golden(FormatVersion.V2, "MANIFEST-000003");
    put(second, FormatVersion.V2, "CURRENT");
    ManifestState with = Manifest.read(second, STORE);
    List<String> seen = new ArrayList<>();
    Objects.requireNonNull(with.times())
        .forEachAfter(0, (version, millis) -> seen.add(version + " at " + millis));
    assertThat(seen)
        .containsExactly("5 at 1699999999000", "8 at 1699999999900", "9 at 1700000000000");
    Horizons horizons = Objects.requireNonNull(with.horizons());
    assertThat(horizons.of(bytes("apple")).version()).isEqualTo(5);
    assertThat(horizons.of(bytes("apple")).instantMillis()).isEqualTo(Long.MIN_VALUE);
    assertThat(horizons.of(bytes("e/x"))).isEqualTo(new Horizon(9, 1_700_000_000_000L));
    assertThat(horizons.of(bytes("e0")).version()).isEqualTo(5);
  }

  private static TimeIndex times() {
    TimeIndex times = new TimeIndex(5, 1_699_999_999_000L);
    times.append(7, 1_699_999_999_900L);
    times.append(8, 1_699_999_999_900L);
    times.append(9, 1_700_000_000_000L);
    return times;
  }

  /** The format versions from {@code first} on. */
  static Set<FormatVersion> since(FormatVersion first) {
    return EnumSet.range(first, FormatVersion.CURRENT);
  }

  /** A disk with one golden file on it. */
  static MemVfs golden(FormatVersion format, String name) throws IOException {
    MemVfs disk = MemDirectory.fresh();
    put(disk, format, name);
    return disk;
  }

  private static void put(MemVfs disk, FormatVersion format, String name) throws IOException {
    try (VfsFile file = disk.create(STORE.resolve(name))) {
      file.write(ByteBuffer.wrap(resource(format, name)), 0);
    }
  }

  static void checkWritten(String name, byte[] written) throws IOException {
    rewrite(name, written);
    assertThat(written).as(name).isEqualTo(resource(FormatVersion.CURRENT, name));
  }

  private static void rewrite(String name, byte[] written) throws IOException {
    String directory = System.getProperty("ppdb.rewrite");
    if (directory != null) {
      Files.write(Path.of(directory).resolve(name), written);
    }
  }

  private static byte[] resource(FormatVersion format, String name) throws IOException {
    String path = "/golden/v" + format.number() + "/" + name;
    try (InputStream in = GoldenFileTest.class.getResourceAsStream(path)) {
      assertThat(in).as("golden file %s", name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
