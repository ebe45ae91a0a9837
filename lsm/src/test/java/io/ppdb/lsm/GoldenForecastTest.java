package io.ppdb.lsm;

import static io.ppdb.lsm.GoldenFileTest.checkWritten;
import static io.ppdb.lsm.GoldenFileTest.golden;
import static io.ppdb.lsm.GoldenFileTest.since;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Slice;
import io.ppdb.kv.engine.EntryKind;
import io.ppdb.kv.engine.Horizon;
import io.ppdb.kv.engine.Horizons;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.table.BlockCache;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.table.GarbageCounter;
import io.ppdb.lsm.table.GarbageForecast;
import io.ppdb.lsm.table.SsTable;
import io.ppdb.lsm.table.SsTableWriter;
import io.ppdb.lsm.table.TableFormat;
import io.ppdb.lsm.table.TableGarbage;
import io.ppdb.lsm.table.TableProperties;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files that forecast garbage, from format 3 on, kept for ever: see {@link GoldenFileTest}, whose
 * files say nothing of it. {@code -Dppdb.rewrite=DIR} writes them anew.
 */
class GoldenForecastTest {
  private static final Path STORE = MemDirectory.PATH;
  private static final String TABLE = "000014.sst";
  private static final String MANIFEST = "MANIFEST-000017";
  private static final long TICK = 1_700_000_000_000L;

  /** 8 bytes superseded at version 5, 16 at version 6; 5 that expire; the oldest delete is 2. */
  private static final TableGarbage GARBAGE =
      new TableGarbage(
          2,
          TICK + 2,
          new GarbageForecast(24, List.of(5L, 5L, 5L, 5L, 6L, 6L, 6L, 6L)),
          new GarbageForecast(5, Collections.nCopies(8, TICK + 1000)));

  @Test
  void aTableWithAForecastIsWrittenAndRead() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Path path = STORE.resolve(TABLE);
    GarbageCounter counter =
        new GarbageCounter(
            Horizons.everywhere(new Horizon(3, Long.MIN_VALUE)), version -> TICK + version, null);
    try (SsTableWriter writer =
        new SsTableWriter(disk, path, new TableFormat(4096, 10, Codec.NONE))) {
      writer.forecastGarbage(counter);
      add(writer, "apple", 5, EntryKind.PUT, Limits.NO_EXPIRY, "red");
      add(writer, "apple", 3, EntryKind.PUT, Limits.NO_EXPIRY, "old");
      add(writer, "apple", 2, EntryKind.DELETE, Limits.NO_EXPIRY, "");
      add(writer, "fig", 6, EntryKind.PUT, Limits.NO_EXPIRY, "blue");
      add(writer, "fig", 4, EntryKind.PUT, Limits.NO_EXPIRY, "somewhat green");
      add(writer, "nut", 4, EntryKind.PUT, TICK + 1000, "ok");
      writer.finish(null);
    }
    checkWritten(TABLE, disk.bytes(path));
    for (FormatVersion format : since(FormatVersion.V3)) {
      checkTable(golden(format, TABLE), path);
    }
  }

  private static void checkTable(MemVfs kept, Path path) throws IOException {
    try (SsTable table = SsTable.open(kept, path, new BlockCache(0))) {
      table.verify();
      TableGarbage read = table.properties().garbage();
      assertThat(read.oldestDeleteVersion()).isEqualTo(2);
      assertThat(read.oldestDeleteMillis()).isEqualTo(TICK + 2);
      assertThat(read.superseded().bytes())
          .as("what was garbage already is not forecast")
          .isEqualTo(8 + 17);
      assertThat(read.superseded().bytesBy(4)).isZero();
      assertThat(read.superseded().bytesBy(6)).isEqualTo(24);
      assertThat(read.expiring().bytes()).isEqualTo(5);
    }
  }

  private static void add(
      SsTableWriter writer, String key, long version, EntryKind kind, long expiry, String value)
      throws IOException {
    writer.add(new Slice(bytes(key)), version, kind, 0, expiry, new Slice(bytes(value)));
  }

  @Test
  void aManifestWithAForecastIsWrittenAndRead() throws IOException {
    TableProperties properties =
        new TableProperties(
                6,
                1,
                44,
                2,
                6,
                TICK + 1000,
                bytes("apple"),
                bytes("nut"),
                List.of(),
                0,
                null,
                List.of())
            .withGarbage(GARBAGE);
    MemVfs disk = MemDirectory.fresh();
    Manifest manifest = Manifest.create(disk, STORE, 17, new ManifestState());
    manifest.append(new ManifestEdit().addTable(new TableMeta(14, 15, 300, properties)));
    manifest.close();
    checkWritten(MANIFEST, disk.bytes(STORE.resolve(MANIFEST)));
    for (FormatVersion format : since(FormatVersion.V3)) {
      checkManifest(golden(format, MANIFEST));
    }
  }

  private static void checkManifest(MemVfs kept) throws IOException {
    List<TableMeta> tables = new ArrayList<>();
    Manifest.read(
        kept, STORE.resolve(MANIFEST), (offset, edit) -> tables.addAll(edit.addedTables()));
    assertThat(tables)
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.properties().garbage()).isEqualTo(GARBAGE);
              assertThat(table.level()).isEqualTo(15);
            });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
