package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.inspect.ClosedStore;
import io.ppdb.lsm.inspect.VerifyReport;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Stores with loads in tables: opened again, compacted, copied, looked at, followed. */
class LoadedStoreTest {
  private static final int COUNT = 400;

  /** Loads of this store take several tables, which have blobs. */
  private static final LsmOptions OPTIONS =
      LsmOptions.of(StoreOptions.DEFAULT)
          .withWalGrowthBytes(4 << 10)
          .withBlockBytes(256)
          .withBlobs(new BlobOptions(60, 4 << 10))
          .withCompaction(new CompactionOptions(4, 1 << 20, 10, 2 << 10))
          .withMaxLoadBytesInMemory(0);

  private final MemVfs disk = MemDirectory.fresh();

  private LsmStore open() {
    return LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(disk));
  }

  private static byte[] key(int number) {
    return String.format("%05d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int number, String text) {
    return (number + text + "x".repeat(number % 80)).getBytes(StandardCharsets.US_ASCII);
  }

  private static long load(LsmStore store, int from, int to, String text) {
    try (BulkLoad load = store.bulkLoad()) {
      for (int i = from; i < to; i++) {
        load.put(key(i), value(i, text));
      }
      return load.commit(Durability.SYNC);
    }
  }

  private static void check(LsmStore store, int from, int to, String text) {
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = from; i < to; i++) {
        assertThat(snapshot.get(key(i))).isEqualTo(value(i, text));
      }
    }
  }

  private List<String> tables() throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
  }

  @Test
  void loadsAreThereAfterEachReopening() throws IOException {
    long version;
    try (LsmStore store = open()) {
      load(store, 0, COUNT, "old");
      version = load(store, 100, 300, "new");
      store.write(new WriteBatch().put(key(150), value(150, "put")), Durability.SYNC);
    }
    for (int round = 0; round < 3; round++) {
      try (LsmStore store = open()) {
        check(store, 0, 100, "old");
        check(store, 100, 150, "new");
        check(store, 150, 151, "put");
        check(store, 151, 300, "new");
        check(store, 300, COUNT, "old");
        try (Snapshot past = store.snapshotAt(version)) {
          assertThat(past.get(key(150))).isEqualTo(value(150, "new"));
        }
        try (Snapshot past = store.snapshotAt(version - 1)) {
          assertThat(past.get(key(150))).isEqualTo(value(150, "old"));
        }
        store.verify();
        if (round == 1) {
          store.compact();
        }
      }
    }
  }

  private static final Duration DELETE_WITHIN = Duration.ofHours(10);

  /** A store that keeps no change log, for which it would keep the tables of loads. */
  private LsmStore open(ManualClock clock, RangePolicy policy) {
    clock.advance(2 * DELETE_WITHIN.toMillis()); // what has no time is taken for old
    CompactionOptions compaction = OPTIONS.compaction().withDeleteWithin(DELETE_WITHIN);
    LsmStore store =
        LsmStore.open(
            MemDirectory.PATH,
            OPTIONS
                .withStore(OPTIONS.store().withClock(clock).withChangeLogBytes(0))
                .withCompaction(compaction)
                .withVfs(disk));
    store.setPolicy(KeyRange.all(), policy);
    return store;
  }

  /** Nor are the tables of the load rewritten at once, though their deletes are of no use. */
  @Test
  void deletesOfALoadAreGoneInTime() throws IOException {
    ManualClock clock = new ManualClock();
    RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ofHours(1));
    try (LsmStore store = open(clock, policy)) {
      load(store, 0, COUNT, "old");
      store.compact();
      try (BulkLoad load = store.bulkLoad()) {
        for (int i = 0; i < COUNT; i++) {
          load.delete(key(i));
        }
        load.commit(Durability.SYNC);
      }
      store.flush();
      List<String> before = tables();
      clock.advance(Duration.ofHours(1).toMillis());
      store.flush();
      store.compactDue();
      assertThat(tables()).as("not at once").isEqualTo(before);
      clock.advance(DELETE_WITHIN.toMillis());
      store.compactDue();
      assertThat(tables()).isEmpty();
    }
  }

  /** Long before the time is up within which they have to be. */
  @Test
  void whatExpiresOfALoadIsGoneWhenThatIsWorthWhile() throws IOException {
    ManualClock clock = new ManualClock();
    RangePolicy policy =
        RangePolicy.DEFAULT.withHistory(Duration.ZERO).withUse(RangePolicy.Use.EXPIRABLE);
    try (LsmStore store = open(clock, policy)) {
      long expiryMillis = clock.millis() + Duration.ofMinutes(1).toMillis();
      try (BulkLoad load = store.bulkLoad()) {
        for (int i = 0; i < COUNT; i++) {
          load.put(key(i), value(i, "old"), expiryMillis);
        }
        load.commit(Durability.SYNC);
      }
      store.flush();
      store.compactDue();
      assertThat(tables()).isNotEmpty();
      clock.advance(Duration.ofMinutes(2).toMillis());
      store.flush();
      store.compactDue();
      assertThat(tables()).isEmpty();
    }
    try (ClosedStore closed = ClosedStore.open(disk, MemDirectory.PATH)) {
      assertThat(closed.verify().problems()).isEmpty();
    }
  }

  @Test
  void rangeDeletesAndDroppedRangesTakeLoadedEntriesWithThem() {
    try (LsmStore store = open()) {
      load(store, 0, COUNT, "old");
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.of(key(50), key(100)));
        transaction.commit();
      }
      store.dropRange(KeyRange.of(key(200), key(300)));
      load(store, 60, 70, "new");
      check(store, 0, 50, "old");
      check(store, 60, 70, "new");
      check(store, 100, 200, "old");
      check(store, 300, COUNT, "old");
      for (int gone : new int[] {50, 59, 70, 99, 200, 299}) {
        assertThat(store.get(key(gone))).as("key " + gone).isNull();
      }
    }
    try (LsmStore store = open()) {
      store.compact();
      check(store, 60, 70, "new");
      assertThat(store.get(key(75))).isNull();
      assertThat(store.get(key(250))).isNull();
    }
  }

  @Test
  void statisticsCountALoadBeforeAndAfterItsFlush() {
    try (LsmStore store = open()) {
      load(store, 0, COUNT, "load");
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(COUNT);
      store.flush();
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(COUNT);
    }
  }

  private static List<String> changes(LsmStore store, long from) {
    List<String> seen = new ArrayList<>();
    try (ChangeCursor cursor = store.changes(from)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        for (WriteBatch.Write write : commit.writes()) {
          seen.add(
              commit.version()
                  + " "
                  + new String(write.key(), StandardCharsets.US_ASCII)
                  + "="
                  + new String(write.value(), StandardCharsets.US_ASCII));
        }
      }
    }
    return seen;
  }

  @Test
  void changesShowALoadAsLongAsItsSegmentIsKept() throws IOException {
    List<String> expected;
    List<String> loaded;
    try (LsmStore store = open()) {
      long version = load(store, 0, COUNT, "load");
      loaded = tables();
      store.write(new WriteBatch().put(key(1), value(1, "put")), Durability.SYNC);
      expected = changes(store, 0);
      assertThat(expected).hasSize(COUNT + 1);
      assertThat(expected.get(COUNT - 1)).startsWith(version + " 00399=399load");
      store.compact();
      assertThat(changes(store, 0)).isEqualTo(expected);
    }
    for (int round = 0; round < 2; round++) {
      try (LsmStore store = open()) {
        assertThat(changes(store, 0)).isEqualTo(expected);
        assertThat(tables()).containsAll(loaded);
        store.compact();
      }
    }
    LsmOptions keepsNone = OPTIONS.withVfs(disk).withStore(OPTIONS.store().withChangeLogBytes(0));
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, keepsNone)) {
      load(store, 0, 1, "next");
      store.flush(); // the segments before are given up with the one that ends here
      assertThat(tables()).doesNotContainAnyElementsOf(loaded);
      check(store, 2, COUNT, "load");
      assertThatThrownBy(() -> changes(store, 0))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
    }
  }

  @Test
  void writesOfALoadAreAListThatIsReadUntilTheNextPoll() {
    try (LsmStore store = open();
        ChangeCursor cursor = store.changes(0)) {
      load(store, 0, COUNT, "load");
      store.write(new WriteBatch().put(key(1), value(1, "put")), Durability.SYNC);
      List<WriteBatch.Write> writes = Objects.requireNonNull(cursor.poll()).writes();
      assertThat(writes).hasSize(COUNT);
      assertThat(writes.get(217).key()).isEqualTo(key(217));
      ListIterator<WriteBatch.Write> walk = writes.listIterator(100);
      assertThat(walk.next().key()).isEqualTo(key(100));
      assertThat(walk.next().key()).isEqualTo(key(101));
      assertThat(walk.previous().key()).isEqualTo(key(101));
      assertThat(walk.previous().key()).isEqualTo(key(100));
      assertThat(walk.previous().value()).isEqualTo(value(99, "load"));
      assertThat(walk.nextIndex()).isEqualTo(99);
      assertThat(writes.listIterator(COUNT).previous().key()).isEqualTo(key(COUNT - 1));
      assertThat(Objects.requireNonNull(cursor.poll()).writes()).hasSize(1);
      assertThatThrownBy(() -> writes.get(0))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }
  }

  @Test
  void aCheckpointHasTheLoadAndIsWhole() throws IOException {
    Path copy = Path.of("/copy");
    try (LsmStore store = open()) {
      load(store, 0, COUNT, "old");
      load(store, 50, 60, "new");
      store.checkpoint(copy);
      load(store, 0, COUNT, "later");
    }
    try (ClosedStore closed = ClosedStore.open(disk, copy)) {
      assertThat(closed.verify().problems()).isEmpty();
      assertThat(closed.verify().leftovers()).isEmpty();
    }
    try (LsmStore store = LsmStore.open(copy, OPTIONS.withVfs(disk))) {
      check(store, 0, 50, "old");
      check(store, 50, 60, "new");
      check(store, 60, COUNT, "old");
      store.compact();
      check(store, 50, 60, "new");
    }
  }

  @Test
  void verifyAndDumpKnowLoads() throws IOException {
    try (LsmStore store = open()) {
      store.write(new WriteBatch().put(key(1), value(1, "put")), Durability.SYNC);
      load(store, 0, COUNT, "load");
      store.compact(); // the tables of the load are the log's alone
    }
    VerifyReport report;
    StringBuilder text = new StringBuilder();
    String segment =
        disk.list(MemDirectory.PATH).stream()
            .filter(name -> name.endsWith(".wal"))
            .findFirst()
            .orElseThrow();
    try (ClosedStore closed = ClosedStore.open(disk, MemDirectory.PATH)) {
      report = closed.verify();
      closed.dump(segment, text);
    }
    assertThat(report.problems()).isEmpty();
    assertThat(report.leftovers()).isEmpty();
    assertThat(report.commitCount()).isEqualTo(2);
    assertThat(text.toString()).contains("LOAD ").contains("keys \"00000\" to ");
    String named = text.substring(text.indexOf("LOAD ") + 5, text.indexOf(".sst") + 4);
    disk.delete(MemDirectory.PATH.resolve(named));
    try (ClosedStore closed = ClosedStore.open(disk, MemDirectory.PATH)) {
      assertThat(closed.verify().problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem).contains(named).contains("missing"));
    }
  }
}
