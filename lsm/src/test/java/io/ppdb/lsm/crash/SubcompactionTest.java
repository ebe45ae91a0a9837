package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.TableMeta;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Compactions in pieces: the same result as in one, and nothing left of those that fail. */
class SubcompactionTest {
  private static final int KEY_COUNT = 3000;

  private final MemVfs disk = MemDirectory.fresh();
  private final Set<String> tableWriters = ConcurrentHashMap.newKeySet();

  /** Counts down with each new table; the one with which it reaches 0 cannot be made. */
  private final AtomicInteger untilFailure = new AtomicInteger(Integer.MAX_VALUE);

  private LsmStore open() {
    return open(disk);
  }

  private LsmStore open(MemVfs on) {
    ForwardingVfs vfs =
        new ForwardingVfs(on) {
          @Override
          VfsFile wrap(VfsFile file, Path path) {
            return file;
          }

          @Override
          public VfsFile create(Path path) throws IOException {
            if (path.toString().endsWith(".sst")) {
              tableWriters.add(Thread.currentThread().getName());
              if (untilFailure.decrementAndGet() == 0) {
                throw new IOException("no new table");
              }
            }
            return super.create(path);
          }
        };
    return LsmStore.open(
        MemDirectory.PATH,
        LsmOptions.of(StoreOptions.DEFAULT)
            .withVfs(vfs)
            .withBlockBytes(256)
            .withCompaction(
                new CompactionOptions(8, 1 << 20, 4, 4 << 10).withMaxSubcompactions(4)));
  }

  private static byte[] key(int i) {
    return String.format("k%05d", i).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int i, String text) {
    return (text + i).getBytes(StandardCharsets.US_ASCII);
  }

  /** Two versions of everything, a deleted range over several pieces, and one version above it. */
  private static void fill(LsmStore store) {
    for (String text : List.of("old value ", "new value ")) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < KEY_COUNT; i++) {
        batch.put(key(i), value(i, text));
      }
      store.write(batch, Durability.ASYNC);
      store.flush();
    }
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(KeyRange.of(key(500), key(2500)));
      transaction.commit();
    }
    store.write(new WriteBatch().put(key(1500), value(1500, "later ")), Durability.ASYNC);
    store.flush();
  }

  private static void check(LsmStore store) {
    for (int i = 0; i < KEY_COUNT; i++) {
      byte[] expected = i >= 500 && i < 2500 ? null : value(i, "new value ");
      assertThat(store.get(key(i)))
          .as("key %d", i)
          .isEqualTo(i == 1500 ? value(1500, "later ") : expected);
    }
  }

  private List<String> tables() throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(TableMeta::isTable).sorted().toList();
  }

  @Test
  void piecesAreMergedAtTheSameTimeAndMakeOneRun() throws IOException {
    try (LsmStore store = open()) {
      fill(store);
      store.compact();
      check(store);
      assertThat(tableWriters).contains("ppdb-subcompaction");
      store.verify();
    }
    List<TableMeta> tables = List.copyOf(Manifest.read(disk, MemDirectory.PATH).tables());
    assertThat(tables).hasSizeGreaterThan(4).allMatch(table -> table.level() == 1);
    assertThat(tables).anyMatch(table -> table.properties().deletedBounds() != null);
    for (TableMeta table : tables) {
      for (TableMeta other : tables) {
        assertThat(
                table.number() == other.number()
                    || !table.properties().bounds().overlaps(other.properties().bounds()))
            .as("%s and %s", table.fileName(), other.fileName())
            .isTrue();
      }
    }
    try (LsmStore store = open()) {
      check(store);
    }
  }

  /** Also if other pieces are done by then. */
  @Test
  void nothingIsLeftIfAnyPieceFails() throws IOException {
    try (LsmStore store = open()) {
      fill(store);
    }
    untilFailure.set(Integer.MAX_VALUE);
    try (LsmStore store = open(disk.killed())) {
      store.compact();
    }
    int tableCount = Integer.MAX_VALUE - untilFailure.get();
    assertThat(tableCount).isGreaterThan(8);
    for (int failing = 1; failing <= tableCount; failing++) {
      try (LsmStore store = open()) {
        List<String> before = tables();
        untilFailure.set(failing);
        assertThatThrownBy(store::compact)
            .as("table %d", failing)
            .isInstanceOf(PpdbException.class)
            .hasMessageContaining("no new table");
        untilFailure.set(Integer.MAX_VALUE);
        assertThat(tables()).as("table %d", failing).isEqualTo(before);
        check(store);
      }
    }
  }
}
