package io.ppdb.lsm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.format.FormatVersion;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a store that nobody has open. */
class ClosedStoreTest {
  private static final LsmOptions OPTIONS =
      LsmOptions.of(StoreOptions.DEFAULT)
          .withWalGrowthBytes(4 << 10)
          .withBlockBytes(256)
          .withCompaction(new CompactionOptions(2, 2 << 10, 2, 1 << 10));
  private static final int KEY_COUNT = 100;

  @Test
  void aWholeStoreHasNoProblems() throws IOException {
    VerifyReport report = verify(killed());
    assertThat(report.problems()).isEmpty();
    assertThat(report.isWhole()).isTrue();
    assertThat(report.tableCount()).isGreaterThan(1);
    assertThat(report.entryCount()).isEqualTo(KEY_COUNT);
    assertThat(report.tableBytes()).isGreaterThan(KEY_COUNT);
    assertThat(report.segmentCount()).as("the log, and what is kept for changes").isEqualTo(2);
    assertThat(report.commitCount()).isEqualTo(KEY_COUNT + 3);
    assertThat(report.leftovers()).isEmpty();
  }

  @Test
  void everyDamagedFileIsNamed() throws IOException {
    MemVfs disk = killed();
    List<String> tables = names(disk, ".sst");
    String segment = names(disk, ".wal").get(0);
    disk.flipBit(MemDirectory.PATH.resolve(tables.get(0)), 8 * 20);
    disk.delete(MemDirectory.PATH.resolve(tables.get(1)));
    disk.flipBit(MemDirectory.PATH.resolve(segment), 8 * 80);
    VerifyReport report = verify(disk);
    assertThat(report.isWhole()).isFalse();
    assertThat(report.problems())
        .hasSize(3)
        .anyMatch(problem -> problem.contains(tables.get(0)) && problem.contains("offset"))
        .anyMatch(problem -> problem.contains(tables.get(1)) && problem.contains("missing"))
        .anyMatch(problem -> problem.contains(segment) && problem.contains("offset"));
  }

  @Test
  void aDamagedManifestIsAProblemToo() throws IOException {
    MemVfs disk = killed();
    String manifest = names(disk, "MANIFEST").get(0);
    disk.flipBit(MemDirectory.PATH.resolve(manifest), 8 * 30);
    assertThat(verify(disk).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(manifest));
  }

  @Test
  void leftoversAreNoDamage() throws IOException {
    MemVfs disk = killed();
    disk.create(MemDirectory.PATH.resolve("000999.sst")).close();
    VerifyReport report = verify(disk);
    assertThat(report.isWhole()).isTrue();
    assertThat(report.leftovers()).containsExactly("000999.sst");
  }

  @Test
  void nothingIsChanged() throws IOException {
    MemVfs disk = killed();
    List<String> before = disk.list(MemDirectory.PATH);
    verify(disk);
    try (ClosedStore store = ClosedStore.open(disk, MemDirectory.PATH)) {
      store.dump(new StringBuilder());
    }
    assertThat(disk.list(MemDirectory.PATH)).isEqualTo(before);
  }

  @Test
  void aStoreThatIsOpenOrNoneIsRefused() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    assertRefused(disk, ErrorCode.INVALID_ARGUMENT, "holds no store");
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(disk))) {
      store.flush();
      assertRefused(disk, ErrorCode.LOCKED, "in use");
    }
  }

  @Test
  void theStoreIsShownWithTablesAndLog() throws IOException {
    MemVfs disk = killed();
    StringBuilder out = new StringBuilder();
    try (ClosedStore store = ClosedStore.open(disk, MemDirectory.PATH)) {
      store.dump(out);
    }
    assertThat(out.toString())
        .contains("manifest " + names(disk, "MANIFEST").get(0))
        .contains("not closed")
        .contains("log segment " + names(disk, ".wal").get(0))
        .contains("policy \"\" to the end: history PT10M");
    for (String table : names(disk, ".sst")) {
      assertThat(out).contains("table " + table + " level ");
    }
  }

  /** The worked examples of {@code docs/format}, shown. */
  @Test
  void goldenFilesAreShownWithEverythingTheySay() throws IOException {
    assertThat(dump("000007.wal"))
        .isEqualTo(
            """
            commit 42 at 32, 2023-11-14T22:13:20Z (1700000000000), USER
              DELETE "fig" to "kiwi"
              DELETE "q" to the end
              PUT "apple" = "red"
              DELETE "pear"
              MERGE by operator 1 "plum" = "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02"
            sealed at 133, commits: 1
            """);
    assertThat(dump("000009.sst"))
        .isEqualTo(
            """
            4 entries (1 deletes, 34 bytes), versions 2 to 7, keys "apple" to "plum",\
             expires from 2023-11-14T22:13:20Z (1700000000000), merge operators [1],\
             3 deleted ranges from "fig" to the end
            DELETE "fig" to "grape" @[7]
            DELETE "grape" to "kiwi" @[7, 2]
            DELETE "kiwi" to the end @[2]
            block at 16, 85 bytes, 4 entries, up to "plum"
            PUT "apple" @5 = "red"
            PUT expiring 2023-11-14T22:13:20Z (1700000000000) "apple" @3 = "green"
            DELETE "pear" @4
            MERGE by operator 1 "plum" @6 = "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02"
            """);
    assertThat(dump("MANIFEST-000003"))
        .startsWith(
            """
            edit at 16
              next file number 4
              version ceiling 100
            """)
        .contains("  tick 2023-11-14T22:13:20Z (1700000000000)\n")
        .contains("  table added: 000009.sst level 0, 265 bytes, 3 entries (1 deletes, 30 bytes)")
        .contains("  log segment added: 8\n")
        .contains("  policy \"c/\" to \"c0\": history PT1S, MERGEABLE, DISK\n")
        .contains("  times of versions 5 to 9: 2023-11-14T22:13:19Z (1699999999000) to ")
        .contains("  history from \"\" on begins at version 5\n");
  }

  @Test
  void aFileThatIsNoneOfTheStoresIsRefused() throws IOException {
    MemVfs disk = killed();
    try (ClosedStore store = ClosedStore.open(disk, MemDirectory.PATH)) {
      for (String name : List.of("LOCK", "nothing.sst", "x.wal", "000999.wal")) {
        assertThatThrownBy(() -> store.dump(name, new StringBuilder()))
            .as(name)
            .isInstanceOfSatisfying(
                PpdbException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
            .hasMessageContaining(name);
      }
    }
  }

  private static void assertRefused(MemVfs disk, ErrorCode code, String reason) {
    assertThatThrownBy(() -> ClosedStore.open(disk, MemDirectory.PATH))
        .isInstanceOfSatisfying(PpdbException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(reason);
  }

  /** Tables in more than one level, and three commits that are in the log only. */
  private static MemVfs killed() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(disk))) {
      for (int i = 0; i < KEY_COUNT; i++) {
        store.write(new WriteBatch().put(key(i), new byte[50]), Durability.ASYNC);
      }
      store.compact();
      for (int i = 0; i < 3; i++) {
        store.write(new WriteBatch().put(key(i), new byte[60]), Durability.SYNC);
      }
      return disk.killed();
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static VerifyReport verify(MemVfs disk) throws IOException {
    try (ClosedStore store = ClosedStore.open(disk, MemDirectory.PATH)) {
      return store.verify();
    }
  }

  private static List<String> names(MemVfs disk, String part) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.contains(part)).toList();
  }

  private static String dump(String golden) throws IOException {
    MemVfs disk = killed();
    Path path = MemDirectory.PATH.resolve(golden);
    if (disk.exists(path)) {
      disk.delete(path);
    }
    try (InputStream in =
            ClosedStoreTest.class.getResourceAsStream(
                "/golden/v" + FormatVersion.CURRENT.number() + "/" + golden);
        var file = disk.create(path)) {
      assertThat(in).isNotNull();
      file.write(ByteBuffer.wrap(in.readAllBytes()), 0);
    }
    StringBuilder out = new StringBuilder();
    try (ClosedStore store = ClosedStore.open(disk, MemDirectory.PATH)) {
      store.dump(golden, out);
    }
    assertThat(out.toString().getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(golden.length());
    return out.toString();
  }
}
