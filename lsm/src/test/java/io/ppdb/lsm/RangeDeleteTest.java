package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ranges that were deleted, through the log, tables, levels and compactions. */
class RangeDeleteTest {
  private static final int KEY_COUNT = 400;

  private final MemVfs disk = MemDirectory.fresh();

  /** Flushes and compacts all the time. */
  private final LsmOptions tiny =
      LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(8 << 10))
          .withVfs(disk)
          .withWalGrowthBytes(16 << 10)
          .withBlockBytes(256)
          .withCompaction(new CompactionOptions(2, 4 << 10, 2, 2 << 10));

  /** Flushes and compacts when it is told to. */
  private final LsmOptions calm = LsmOptions.of(StoreOptions.DEFAULT).withVfs(disk);

  /** Another shape in each life: leveled, tiered by 2, by 3, leveled again; in 1 to 4 pieces. */
  private LsmOptions shaped(int life) {
    return tiny.withCompaction(
        tiny.compaction().withRunsPerLevel(1 + life % 3).withMaxSubcompactions(1 + life));
  }

  /** Opens a store that keeps no more than open views need. */
  private static LsmStore open(LsmOptions options) {
    LsmStore store = LsmStore.open(MemDirectory.PATH, options);
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  private static byte[] key(int i) {
    return String.format("k%04d", i).getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyRange range(int from, int to) {
    return KeyRange.of(key(from), key(to));
  }

  private static void put(LsmStore store, int from, int to, String value) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put(key(i), value.getBytes(StandardCharsets.US_ASCII));
    }
    store.write(batch, Durability.ASYNC);
  }

  private static void delete(LsmStore store, KeyRange range) {
    TransactionOptions options = TransactionOptions.DEFAULT.withDurability(Durability.ASYNC);
    try (Transaction transaction = store.begin(options)) {
      transaction.deleteRange(range);
      transaction.commit();
    }
  }

  private static Map<Integer, String> scan(ReadView view, ScanOptions options) {
    Map<Integer, String> seen = new TreeMap<>();
    List<Integer> order = new ArrayList<>();
    try (Cursor cursor = view.scan(KeyRange.all(), options)) {
      while (cursor.next()) {
        String key = new String(cursor.key().toByteArray(), StandardCharsets.US_ASCII);
        order.add(Integer.parseInt(key.substring(1)));
        String value = new String(cursor.value().toByteArray(), StandardCharsets.US_ASCII);
        seen.put(order.get(order.size() - 1), value);
      }
    }
    if (options.descending()) {
      Collections.reverse(order);
    }
    assertThat(order).isEqualTo(List.copyOf(seen.keySet()));
    return seen;
  }

  private static void check(ReadView view, Map<Integer, String> expected, String context) {
    assertThat(scan(view, ScanOptions.ASCENDING)).as(context).isEqualTo(expected);
    assertThat(scan(view, ScanOptions.DESCENDING)).as(context).isEqualTo(expected);
    for (int i = 0; i < KEY_COUNT; i += 3) {
      byte[] value = view.get(key(i));
      assertThat(value == null ? null : new String(value, StandardCharsets.US_ASCII))
          .as(context + ", key " + i)
          .isEqualTo(expected.get(i));
    }
  }

  private static void check(LsmStore store, Map<Integer, String> expected, String context) {
    try (Snapshot now = store.snapshot()) {
      check(now, expected, context);
    }
  }

  private List<String> tables() throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
  }

  /** The tables once there are {@code count}: files go when a background thread has let go, too. */
  private List<String> tablesLeft(int count) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (tables().size() > count && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    return tables();
  }

  @Test
  void everyViewIsRightThroughFlushesCompactionsAndReopenings() {
    TreeMap<Integer, String> model = new TreeMap<>();
    long first = Long.getLong("ppdb.seed", 1);
    for (long seed = first; seed < first + 3; seed++) {
      Random random = new Random(seed);
      for (int life = 0; life < 4; life++) {
        List<Snapshot> views = new ArrayList<>();
        List<Map<Integer, String>> expected = new ArrayList<>();
        try (LsmStore store = open(shaped(life))) {
          String context = "seed " + seed + ", life " + life;
          check(store, model, context);
          for (int i = 0; i < 250; i++) {
            change(store, model, random, life + "." + i);
            if (random.nextInt(25) == 0) {
              views.add(store.snapshot());
              expected.add(new TreeMap<>(model));
            }
            if (random.nextInt(60) == 0 && !views.isEmpty()) {
              int at = random.nextInt(views.size());
              check(views.get(at), expected.remove(at), context + ", step " + i);
              views.remove(at).close();
            }
            switch (random.nextInt(80)) {
              case 0 -> store.flush();
              case 1 -> store.compact();
              default -> {}
            }
          }
          for (int i = 0; i < views.size(); i++) {
            check(views.get(i), expected.get(i), context + ", view " + i);
          }
          views.forEach(Snapshot::close);
          check(store, model, context);
          store.verify();
        }
      }
    }
  }

  private static void change(
      LsmStore store, SortedMap<Integer, String> model, Random random, String value) {
    int from = random.nextInt(KEY_COUNT);
    int to = from + 1 + random.nextInt(random.nextInt(5) == 0 ? KEY_COUNT : 20);
    if (random.nextInt(3) == 0) {
      delete(store, range(from, to));
      model.subMap(from, to).clear();
    } else {
      put(store, from, Math.min(to, KEY_COUNT), value);
      for (int i = from; i < Math.min(to, KEY_COUNT); i++) {
        model.put(i, value);
      }
    }
  }

  @Test
  void rangeDeletesAreInTheLogAndInTables() {
    Map<Integer, String> expected = new TreeMap<>(Map.of(0, "a", 1, "a", 3, "b", 9, "a"));
    try (LsmStore store = open(calm)) {
      put(store, 0, 10, "a");
      store.flush();
      delete(store, range(2, 9));
      put(store, 3, 4, "b");
    }
    try (LsmStore store = open(calm)) {
      check(store, expected, "from the log");
      store.flush();
      check(store, expected, "from a table");
    }
    try (LsmStore store = open(calm)) {
      check(store, expected, "from a table, reopened");
      store.verify();
    }
  }

  @Test
  void tableMayHaveNothingButARangeDelete() throws IOException {
    try (LsmStore store = open(calm)) {
      put(store, 0, 10, "a");
      store.flush();
      delete(store, range(5, 100));
      store.flush();
      assertThat(tables()).hasSize(2);
      check(store, Map.of(0, "a", 1, "a", 2, "a", 3, "a", 4, "a"), "flushed");
      store.verify();
    }
    try (LsmStore store = open(calm)) {
      check(store, Map.of(0, "a", 1, "a", 2, "a", 3, "a", 4, "a"), "reopened");
      delete(store, KeyRange.of(key(0), null));
      store.flush();
      check(store, Map.of(), "all deleted");
    }
    try (LsmStore store = open(calm)) {
      check(store, Map.of(), "all deleted, reopened");
      store.compact();
      assertThat(tablesLeft(0)).isEmpty();
    }
  }

  @Test
  void compactionRemovesWhatWasDeletedAndThenTheRangeDelete() throws IOException {
    try (LsmStore store = open(calm)) {
      put(store, 0, KEY_COUNT, "x".repeat(100));
      store.compact();
      try (Snapshot old = store.snapshot()) {
        delete(store, range(0, KEY_COUNT - 1));
        store.compact();
        assertThat(scan(old, ScanOptions.ASCENDING)).hasSize(KEY_COUNT);
        assertThat(store.statistics().entryCount()).isEqualTo(KEY_COUNT);
        check(store, Map.of(KEY_COUNT - 1, "x".repeat(100)), "under a snapshot");
      }
      store.compact();
      assertThat(store.statistics().entryCount()).isEqualTo(1);
      assertThat(tablesLeft(1)).hasSize(1);
      assertThat(disk.size(MemDirectory.PATH.resolve(tables().get(0)))).isLessThan(1_000);
      check(store, Map.of(KEY_COUNT - 1, "x".repeat(100)), "after it");
    }
  }

  @Test
  void droppedRangeTakesItsTombstonesWithItAndLeavesTheOthers() {
    try (LsmStore store = open(calm)) {
      put(store, 0, 100, "a");
      try (Snapshot old = store.snapshot()) {
        delete(store, range(10, 90));
        store.flush();
        store.dropRange(range(20, 80));
        TreeMap<Integer, String> expected = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
          if (i < 20 || i >= 80) {
            expected.put(i, "a");
          }
        }
        assertThat(scan(old, ScanOptions.ASCENDING)).isEqualTo(expected);
        expected.subMap(10, 90).clear();
        check(store, expected, "now");
        store.verify();
      }
    }
  }

  @Test
  void checkpointHasTheRangeDeletes() {
    LsmOptions options = calm;
    try (LsmStore store = open(options)) {
      put(store, 0, 10, "a");
      store.flush();
      delete(store, range(1, 10));
      store.checkpoint(MemDirectory.PATH.resolveSibling("copy"));
    }
    try (LsmStore copy = LsmStore.open(MemDirectory.PATH.resolveSibling("copy"), options)) {
      check(copy, Map.of(0, "a"), "copy");
      copy.verify();
    }
  }

  /** The log is zeros where nothing was written yet. */
  private long usedLogBytes() throws IOException {
    long count = 0;
    for (String name : disk.list(MemDirectory.PATH)) {
      if (name.endsWith(".wal")) {
        for (byte one : disk.bytes(MemDirectory.PATH.resolve(name))) {
          count += one == 0 ? 0 : 1;
        }
      }
    }
    return count;
  }

  @Test
  void rangeDeleteTakesTheSameInTheLogWhateverItDeletes() throws IOException {
    try (LsmStore store = open(calm)) {
      for (int i = 0; i < 20; i++) {
        put(store, i * 2_000, (i + 1) * 2_000, "a");
      }
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(40_000);
      long before = usedLogBytes();
      delete(store, KeyRange.all());
      assertThat(usedLogBytes() - before).isBetween(1L, 60L);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isZero();
      store.compact();
      assertThat(tablesLeft(0)).isEmpty();
    }
  }
}
