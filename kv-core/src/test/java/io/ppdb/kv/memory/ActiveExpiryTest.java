package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Expired entries go by themselves: from the statistics, and from memory. */
class ActiveExpiryTest {
  private static final int KEY_COUNT = 10_000;

  private static byte[] key(int i) {
    return ByteBuffer.allocate(16).putInt(12, i).array();
  }

  private static MemoryStore open(StoreOptions options, Duration history) {
    MemoryStore store = new MemoryStore(options);
    store.setPolicy(
        KeyRange.all(),
        RangePolicy.DEFAULT.withHistory(history).withUse(RangePolicy.Use.EXPIRABLE));
    return store;
  }

  private static long count(MemoryStore store) {
    return store.statistics(KeyRange.all()).entryCount();
  }

  /**
   * Keys expire over one second. Three readers go on all the time: of single keys, of a snapshot,
   * and of short scans. That they wait for nothing would be seen as well if the machine was busy.
   */
  @Test
  void tenThousandKeysOfOneSecondAreGoneWithinTwoAndNoReaderWaitsTenMilliseconds()
      throws InterruptedException {
    try (MemoryStore store = open(StoreOptions.DEFAULT, Duration.ZERO)) {
      long firstMillis = System.currentTimeMillis() + 700;
      for (int from = 0; from < KEY_COUNT; from += 100) {
        WriteBatch batch = new WriteBatch();
        for (int i = from; i < from + 100; i++) {
          batch.put(key(i), new byte[100], firstMillis + i / 10);
        }
        store.write(batch, Durability.MEMORY);
      }
      long fullBytes = store.sizeInBytes();
      assertThat(count(store)).isEqualTo(KEY_COUNT);
      try (MeasuredReader points = new MeasuredReader(i -> readPoint(store, i));
          MeasuredReader snapshots = new MeasuredReader(i -> readSnapshot(store, i));
          MeasuredReader scans = new MeasuredReader(i -> scan(store, i))) {
        long deadlineMillis = firstMillis + 1_000 + 2_000;
        while ((count(store) > 0 || store.sizeInBytes() > fullBytes / 20)
            && System.currentTimeMillis() < deadlineMillis) {
          Thread.sleep(20);
        }
        assertThat(count(store)).isZero();
        assertThat(store.sizeInBytes()).isLessThanOrEqualTo(fullBytes / 20);
        points.assertKeptForAtMost(10);
        snapshots.assertKeptForAtMost(10);
        scans.assertKeptForAtMost(10);
      }
    }
  }

  private static void readPoint(MemoryStore store, int i) {
    byte[] value = store.get(key(i % KEY_COUNT));
    assertThat(value == null || value.length == 100).isTrue();
  }

  private static void readSnapshot(MemoryStore store, int i) {
    try (Snapshot snapshot = store.snapshot()) {
      byte[] value = snapshot.get(key(i % KEY_COUNT));
      assertThat(Arrays.equals(snapshot.get(key(i % KEY_COUNT)), value)).isTrue();
    }
  }

  private static void scan(MemoryStore store, int i) {
    byte[] first = key(i * 50 % KEY_COUNT);
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.of(first, null))) {
      for (int j = 0; j < 50 && cursor.next(); j++) {
        assertThat(cursor.value().length()).isEqualTo(100);
      }
    }
  }

  @Test
  void expiredKeysLeaveTheStatisticsAlsoWhereRewritingDoesNotPay() {
    ManualClock clock = new ManualClock();
    try (MemoryStore store = open(StoreOptions.DEFAULT.withClock(clock), Duration.ZERO)) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < KEY_COUNT; i++) {
        if (i % 100 == 0) {
          batch.put(key(i), new byte[100], clock.millis() + 1_000);
        } else {
          batch.put(key(i), new byte[100]);
        }
      }
      store.write(batch, Durability.MEMORY);
      assertThat(count(store)).isEqualTo(KEY_COUNT);
      clock.advance(1_000);
      assertThat(count(store)).isEqualTo(KEY_COUNT - KEY_COUNT / 100);
    }
  }

  @Test
  void whatHistoryOrAnOpenSnapshotCanSeeDoesNotGo() {
    ManualClock clock = new ManualClock();
    Duration history = Duration.ofMinutes(1);
    try (MemoryStore store = open(StoreOptions.DEFAULT.withClock(clock), history)) {
      long version =
          store.write(
              new WriteBatch().put(key(1), new byte[] {7}, clock.millis() + 1_000),
              Durability.MEMORY);
      clock.advance(30_000);
      store.shards().rewrite(0);
      assertThat(store.get(key(1))).isNull();
      assertThat(count(store)).isEqualTo(1);
      try (Snapshot past = store.snapshotAt(version)) {
        clock.advance(100_000);
        store.shards().rewrite(0);
        assertThat(past.get(key(1))).containsExactly(7);
        assertThat(count(store)).isEqualTo(1);
      }
      clock.advance(1_000);
      assertThat(count(store)).isZero();
      assertThat(store.shards().current().reclaimableBytes(store.horizons())).isPositive();
      store.shards().rewrite(0);
      assertThat(store.shards().current().reclaimableBytes(store.horizons())).isZero();
      assertThat(store.shards().current().memtables()).allMatch(table -> table.entryCount() == 0);
    }
  }

  @Test
  void aKeyWrittenAgainDoesNotExpireByItsOldExpiry() {
    ManualClock clock = new ManualClock();
    try (MemoryStore store = open(StoreOptions.DEFAULT.withClock(clock), Duration.ZERO)) {
      for (int i = 0; i < 100; i++) {
        long expiryMillis = clock.millis() + 1_000;
        store.write(new WriteBatch().put(key(i), new byte[100], expiryMillis), Durability.MEMORY);
        if (i % 2 == 0) {
          store.shards().rewrite(0);
        }
        store.write(new WriteBatch().put(key(i), new byte[] {1}), Durability.MEMORY);
      }
      store.shards().rewrite(0);
      clock.advance(5_000);
      assertThat(store.shards().current().garbageBytes(store.horizons())).isZero();
      assertThat(count(store)).isEqualTo(100);
      assertThat(store.get(key(42))).containsExactly(1);
    }
  }

  @Test
  void expiryIsNotAChange() {
    ManualClock clock = new ManualClock();
    try (MemoryStore store = open(StoreOptions.DEFAULT.withClock(clock), Duration.ZERO)) {
      long version =
          store.write(
              new WriteBatch().put(key(1), new byte[] {7}, clock.millis() + 1_000),
              Durability.MEMORY);
      clock.advance(2_000);
      store.shards().rewrite(0);
      try (ChangeCursor changes = store.changes(version)) {
        assertThat(changes.poll()).isNull();
      }
    }
  }
}
