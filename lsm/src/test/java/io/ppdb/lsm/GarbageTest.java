package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.table.Codec;
import io.ppdb.lsm.vfs.MemVfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What no view can see any more is gone from the disk, by the bytes of its files: for what reason,
 * how soon, and not before.
 */
class GarbageTest {
  private static final Duration DELETE_WITHIN = Duration.ofHours(10);
  private static final int KEY_COUNT = 1000;

  private final MemVfs disk = MemDirectory.fresh();
  private final ManualClock clock = new ManualClock();

  private LsmStore open(int runsPerLevel, RangePolicy policy) {
    CompactionOptions compaction =
        new CompactionOptions(4, 64 << 10, 4, 8 << 10)
            .withDeleteWithin(DELETE_WITHIN)
            .withRunsPerLevel(runsPerLevel);
    LsmStore store =
        LsmStore.open(
            MemDirectory.PATH,
            LsmOptions.of(StoreOptions.DEFAULT.withClock(clock))
                .withVfs(disk)
                .withCodecs(Codec.NONE, Codec.NONE)
                .withBlockBytes(256)
                .withCompaction(compaction));
    store.setPolicy(KeyRange.all(), policy);
    return store;
  }

  private static RangePolicy history(Duration history) {
    return RangePolicy.DEFAULT.withHistory(history);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] key(int i) {
    return bytes(String.format("key-%04d", i));
  }

  private static void put(LsmStore store, int from, int to, String value) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put(key(i), bytes(value + i));
    }
    store.write(batch, Durability.ASYNC);
  }

  private static void deleteRange(LsmStore store, int from, int to) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(KeyRange.of(key(from), key(to)));
      transaction.commit();
    }
  }

  private List<String> tables() throws IOException {
    return disk.list(MemDirectory.PATH).stream()
        .filter(name -> name.endsWith(".sst"))
        .sorted()
        .toList();
  }

  /** How many tables have {@code text} somewhere. */
  private long tablesWith(String text) throws IOException {
    long count = 0;
    for (String name : tables()) {
      byte[] content = disk.bytes(MemDirectory.PATH.resolve(name));
      count += new String(content, StandardCharsets.ISO_8859_1).contains(text) ? 1 : 0;
    }
    return count;
  }

  private void pass(Duration duration) {
    clock.advance(duration.toMillis());
  }

  @Test
  void aDeleteAndWhatItDeletedAreGoneInTime() throws IOException {
    for (int runsPerLevel : new int[] {1, 3}) {
      try (LsmStore store = open(runsPerLevel, history(Duration.ofHours(1)))) {
        put(store, 0, KEY_COUNT, "value-");
        store.compact();
        store.write(new WriteBatch().delete(key(500)), Durability.ASYNC);
        pass(Duration.ofHours(1));
        store.flush();
        store.compactDue();
        assertThat(tablesWith("value-500")).as("not at once").isOne();
        pass(DELETE_WITHIN);
        store.compactDue();
        assertThat(tablesWith("value-500")).as("what was deleted").isZero();
        assertThat(tablesWith("key-0500")).as("the delete").isZero();
        assertThat(tablesWith("value-501")).isOne();
      }
    }
  }

  /** The store is idle: only time passes. */
  @Test
  void aDeleteInMemoryIsFlushedInTime() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      put(store, 0, KEY_COUNT, "value-");
      store.compact();
      deleteRange(store, 100, 200);
      store.write(new WriteBatch().delete(key(500)), Durability.ASYNC);
      store.compactDue();
      assertThat(tablesWith("value-500")).isOne();
      pass(DELETE_WITHIN);
      store.compactDue();
      assertThat(tablesWith("key-0500")).isZero();
      assertThat(tablesWith("value-150")).isZero();
      assertThat(tablesWith("value-501")).isOne();
    }
  }

  /** Who says nothing of deletes is not asked to hurry. */
  @Test
  void aDeleteGoesDownWithoutBeingCountedAnew() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      for (int i = 0; i < 30; i++) {
        put(store, 0, KEY_COUNT, "value-" + i + "-");
        store.flush();
        store.compactDue();
      }
      store.write(new WriteBatch().delete(key(500)), Durability.ASYNC);
      store.flush();
      for (int hours = 0; hours < 10; hours++) {
        pass(Duration.ofHours(1));
        put(store, 600, KEY_COUNT, "later-" + hours + "-");
        store.flush();
        store.compactDue();
      }
      assertThat(tablesWith("key-0500")).isZero();
    }
  }

  @Test
  void whatHistoryHasKeptGoesWhenItHasPassed() throws IOException {
    try (LsmStore store = open(1, history(Duration.ofMinutes(10)))) {
      put(store, 0, KEY_COUNT, "old-");
      pass(Duration.ofSeconds(1));
      put(store, 0, KEY_COUNT, "new-");
      store.compact();
      pass(Duration.ofMinutes(9));
      store.compactDue();
      assertThat(tablesWith("old-500")).as("history").isOne();
      pass(Duration.ofMinutes(2));
      store.compactDue();
      assertThat(tablesWith("old-")).isZero();
      assertThat(tablesWith("new-500")).isOne();
    }
  }

  @Test
  void whatHasExpiredGoesWithItsHistory() throws IOException {
    RangePolicy expirable = history(Duration.ofMinutes(10)).withUse(RangePolicy.Use.EXPIRABLE);
    try (LsmStore store = open(1, expirable)) {
      WriteBatch batch = new WriteBatch();
      long expiry = clock.millis() + Duration.ofHours(1).toMillis();
      for (int i = 0; i < KEY_COUNT; i++) {
        if (i % 2 == 0) {
          batch.put(key(i), bytes("short-" + i), expiry);
        } else {
          batch.put(key(i), bytes("long-" + i));
        }
      }
      store.write(batch, Durability.ASYNC);
      store.compact();
      pass(Duration.ofMinutes(65));
      store.compactDue();
      assertThat(tablesWith("short-500")).as("history").isOne();
      pass(Duration.ofMinutes(6));
      store.compactDue();
      assertThat(tablesWith("short-")).isZero();
      assertThat(tablesWith("long-501")).isOne();
    }
  }

  /** Fewer than are worth a rewriting. */
  @Test
  void aFewExpiredEntriesGoInTimeLikeDeletes() throws IOException {
    RangePolicy expirable = history(Duration.ZERO).withUse(RangePolicy.Use.EXPIRABLE);
    try (LsmStore store = open(1, expirable)) {
      put(store, 0, KEY_COUNT, "value-");
      store.write(
          new WriteBatch().put(key(500), bytes("short"), clock.millis() + 1000), Durability.ASYNC);
      store.compact();
      pass(Duration.ofHours(1));
      store.compactDue();
      assertThat(tablesWith("short")).isOne();
      pass(DELETE_WITHIN);
      store.compactDue();
      assertThat(tablesWith("short")).isZero();
      assertThat(store.get(key(500))).isNull();
    }
  }

  @Test
  void tablesInADeletedRangeGoUnread() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      put(store, 0, KEY_COUNT, "value-");
      store.compact();
      List<String> before = tables();
      assertThat(before).hasSizeGreaterThan(2);
      for (String name : before.subList(0, before.size() - 1)) {
        damage(name);
      }
      deleteRange(store, 0, KEY_COUNT - 1);
      put(store, 300, 301, "fresh-");
      store.flush();
      store.compactDue();
      assertThat(tables())
          .as("%s", before)
          .doesNotContainAnyElementsOf(before.subList(0, before.size() - 1));
      assertThat(store.get(key(300))).isEqualTo(bytes("fresh-300"));
      assertThat(store.get(key(301))).isNull();
      assertThat(store.get(key(KEY_COUNT - 1))).isEqualTo(bytes("value-" + (KEY_COUNT - 1)));
    }
  }

  /** Whoever reads its first block finds out. */
  private void damage(String name) throws IOException {
    disk.flipBit(MemDirectory.PATH.resolve(name), 8 * 20);
  }

  @Test
  void aViewBelowARangeDeleteKeepsItsTables() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      put(store, 0, KEY_COUNT, "value-");
      store.compact();
      try (Snapshot before = store.snapshot()) {
        deleteRange(store, 0, KEY_COUNT);
        store.flush();
        pass(DELETE_WITHIN.multipliedBy(3));
        store.compactDue();
        for (int i = 0; i < KEY_COUNT; i += 50) {
          assertThat(before.get(key(i))).isEqualTo(bytes("value-" + i));
        }
      }
      store.compactDue();
      assertThat(tablesWith("value-")).isZero();
      assertThat(tables()).as("the tombstone has gone with what it hid").isEmpty();
    }
  }

  @Test
  void aTableThatLiesPartlyInADeletedRangeIsRewritten() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      put(store, 0, 150, "value-");
      store.compact();
      assertThat(tables()).hasSize(1);
      deleteRange(store, 50, 120);
      put(store, 60, 61, "fresh-");
      store.flush();
      store.compactDue();
      assertThat(tablesWith("value-70")).isZero();
      assertThat(tablesWith("value-130")).isOne();
      assertThat(store.get(key(60))).isEqualTo(bytes("fresh-60"));
      assertThat(store.get(key(70))).isNull();
      assertThat(store.get(key(120))).isEqualTo(bytes("value-120"));
    }
  }

  /** An open view keeps what is due; then, and when everything is done, files stay the same. */
  @Test
  void nothingIsRewrittenInVainAgainAndAgain() throws IOException {
    RangePolicy expirable = history(Duration.ofMinutes(10)).withUse(RangePolicy.Use.EXPIRABLE);
    try (LsmStore store = open(1, expirable)) {
      put(store, 0, KEY_COUNT, "old-");
      try (Snapshot snapshot = store.snapshot()) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < KEY_COUNT; i++) {
          if (i % 3 == 0) {
            batch.delete(key(i));
          } else {
            batch.put(key(i), bytes("dead-" + i), i % 3 == 1 ? 1 : clock.millis() + 1000);
          }
        }
        store.write(batch, Durability.ASYNC);
        store.compact();
        pass(DELETE_WITHIN.multipliedBy(4));
        store.compactDue();
        List<String> settled = tables();
        for (int i = 0; i < 5; i++) {
          pass(Duration.ofMinutes(1));
          store.compactDue();
        }
        assertThat(tables()).isEqualTo(settled);
        assertThat(snapshot.get(key(3))).isEqualTo(bytes("old-3"));
      }
      pass(DELETE_WITHIN);
      store.compactDue();
      assertThat(tables()).isEmpty();
    }
  }

  /** It looks as if it were overdue, but its version is within the history. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anEntryThatHadExpiredWhenItWasPutIsNotRewrittenWithoutEnd() throws IOException {
    RangePolicy expirable = history(Duration.ofMinutes(10)).withUse(RangePolicy.Use.EXPIRABLE);
    pass(DELETE_WITHIN.multipliedBy(2));
    try (LsmStore store = open(1, expirable)) {
      put(store, 0, 100, "value-");
      store.write(new WriteBatch().put(key(50), bytes("dead"), 1), Durability.ASYNC);
      store.compact();
      store.compactDue();
      List<String> settled = tables();
      pass(Duration.ofMinutes(5));
      store.compactDue();
      assertThat(tables()).isEqualTo(settled);
      assertThat(tablesWith("dead")).as("history").isOne();
      pass(DELETE_WITHIN);
      store.compactDue();
      assertThat(tablesWith("dead")).isZero();
    }
  }

  @Test
  void aStoreThatIsReopenedKnowsItsDeletes() throws IOException {
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      put(store, 0, KEY_COUNT, "value-");
      store.compact();
      store.write(new WriteBatch().delete(key(500)), Durability.ASYNC);
      store.flush();
    }
    pass(DELETE_WITHIN);
    try (LsmStore store = open(1, history(Duration.ZERO))) {
      store.compactDue();
      assertThat(tablesWith("key-0500")).isZero();
      assertThat(tablesWith("value-501")).isOne();
    }
  }
}
