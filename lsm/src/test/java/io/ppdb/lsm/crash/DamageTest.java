package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Missing, cut and mistaken files of a store that was closed: noticed, or without effect. */
class DamageTest {
  private static final LsmOptions TINY = CrashTest.TINY;
  private static final LsmOptions CALM = LsmOptions.of(TINY.store());
  private static final int KEY_COUNT = 60;

  /** Only a segment that was spare, or a table that a compaction had just replaced, may go. */
  @Test
  void aMissingFileIsNamedOrWasNotNeeded() throws IOException {
    MemVfs disk = store();
    Map<String, String> expected = read(disk.killed());
    Set<String> kindsNoticed = new TreeSet<>();
    for (String name : disk.list(MemDirectory.PATH)) {
      if (name.equals("LOCK")) {
        continue;
      }
      MemVfs damaged = disk.killed();
      damaged.delete(MemDirectory.PATH.resolve(name));
      try {
        assertThat(read(damaged)).as("without %s", name).isEqualTo(expected);
      } catch (PpdbException e) {
        assertThat(e.code()).as("without %s: %s", name, e).isEqualTo(ErrorCode.CORRUPTION);
        assertThat(e).hasMessageContaining(name);
        kindsNoticed.add(name.replaceAll("[0-9]+|[-.]", ""));
      }
    }
    assertThat(kindsNoticed).containsExactly("CURRENT", "MANIFEST", "blob", "sst", "wal");
  }

  /** Closing writes a seal behind the last record; that both are gone is no torn tail. */
  @Test
  void aClosedLogThatLostItsEndIsNoticed() throws IOException {
    MemVfs disk = store();
    List<String> damaged = new ArrayList<>();
    for (String name : disk.list(MemDirectory.PATH)) {
      if (name.endsWith(".wal")) {
        MemVfs cut = disk.killed();
        Path path = MemDirectory.PATH.resolve(name);
        try (VfsFile file = cut.openWrite(path)) {
          int start = 200; // amid the records
          file.write(ByteBuffer.allocate((int) file.size() - start), start);
        }
        try {
          read(cut);
        } catch (CorruptionException e) {
          assertThat(e).hasMessageContaining(name);
          damaged.add(name);
        }
      }
    }
    assertThat(damaged).isNotEmpty();
  }

  @Test
  void verifyReadsTheDiskAndNotTheCache() throws IOException {
    MemVfs disk = store();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, TINY.withVfs(disk))) {
      store.compact();
      try (Snapshot snapshot = store.snapshot();
          Cursor cursor = snapshot.scan(KeyRange.all())) {
        while (cursor.next()) {
          assertThat(cursor.key().length()).isPositive();
        }
      }
      store.verify();
      for (String name : disk.list(MemDirectory.PATH)) {
        if (name.endsWith(".sst")) {
          disk.flipBit(MemDirectory.PATH.resolve(name), 8 * 20);
        }
      }
      assertThatThrownBy(store::verify).isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void aTableInThePlaceOfAnotherIsNoticed() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, CALM.withVfs(disk))) {
      for (int i = 0; i < 2; i++) {
        store.write(new WriteBatch().put(Script.key(i), Script.value(i, 20)), Durability.ASYNC);
        store.flush();
      }
    }
    List<String> tables =
        disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
    assertThat(tables).hasSize(2);
    Path first = MemDirectory.PATH.resolve(tables.get(0));
    assertThat(disk.size(first)).isEqualTo(disk.size(MemDirectory.PATH.resolve(tables.get(1))));
    try (VfsFile file = disk.openWrite(first)) {
      byte[] other = disk.bytes(MemDirectory.PATH.resolve(tables.get(1)));
      file.write(ByteBuffer.wrap(other), 0);
    }
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, CALM.withVfs(disk));
        Snapshot snapshot = store.snapshot()) {
      assertThatThrownBy(() -> snapshot.get(Script.key(0)))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(tables.get(0));
    }
  }

  /** A store with tables in several levels and something in the log, closed. */
  private static MemVfs store() {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, TINY.withVfs(disk))) {
      for (int i = 0; i < KEY_COUNT; i++) {
        store.write(new WriteBatch().put(Script.key(i), Script.value(i, 60 + i)), Durability.ASYNC);
        if (i == KEY_COUNT / 2) {
          store.compact();
          deleteRange(store, 5, 8);
        }
        if (i == KEY_COUNT - 10) {
          deleteRange(store, 20, 24);
          store.flush();
          deleteRange(store, 30, 33);
        }
      }
    }
    return disk;
  }

  private static void deleteRange(LsmStore store, int from, int to) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(KeyRange.of(Script.key(from), Script.key(to)));
      transaction.commit();
    }
  }

  private static Map<String, String> read(MemVfs disk) {
    Map<String, String> seen = new TreeMap<>();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, TINY.withVfs(disk))) {
      store.verify();
      try (Snapshot snapshot = store.snapshot();
          Cursor cursor = snapshot.scan(KeyRange.all())) {
        while (cursor.next()) {
          seen.put(cursor.key().toString(), cursor.value().toString());
        }
      }
    }
    return seen;
  }
}
