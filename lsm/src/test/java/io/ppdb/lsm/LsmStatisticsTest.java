package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a store tells of its work, and how commits are slowed down. */
class LsmStatisticsTest {
  private final ManualClock clock = new ManualClock();
  private final LsmOptions options =
      LsmOptions.of(StoreOptions.DEFAULT.withClock(clock)).withVfs(MemDirectory.fresh());

  private static void put(LsmStore store, int from, int to) {
    WriteBatch batch = new WriteBatch();
    byte[] value = new byte[100];
    new Random(from).nextBytes(value);
    for (int i = from; i < to; i++) {
      batch.put(new byte[] {(byte) (i >>> 8), (byte) i}, value);
    }
    store.write(batch, Durability.ASYNC);
  }

  @Test
  void whatWasInMemoryIsTold() {
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      put(store, 0, 1000);
      store.flush();
      assertThat(store.statistics().caches()).isEqualTo(new LsmStatistics.Caches(0, 0, 0, 0, 0));
      byte[] key = {1, 2};
      store.get(key);
      assertThat(store.statistics().caches()).isEqualTo(new LsmStatistics.Caches(0, 1, 1, 0, 0));
      store.get(key);
      store.get(key);
      assertThat(store.statistics().caches()).isEqualTo(new LsmStatistics.Caches(2, 1, 1, 0, 0));
      store.setPolicy(
          KeyRange.all(), RangePolicy.DEFAULT.withPlacement(RangePolicy.Placement.TIERED));
      store.get(key);
      store.get(key);
      assertThat(store.statistics().caches()).isEqualTo(new LsmStatistics.Caches(3, 1, 1, 1, 1));
    }
  }

  @Test
  void flushesCompactionsAndLevelsAreTold() {
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ofMinutes(10)));
      assertThat(store.statistics().levels()).isEmpty();
      put(store, 0, 1000);
      store.flush();
      LsmStatistics flushed = store.statistics();
      assertThat(flushed.flushCount()).isOne();
      assertThat(flushed.flushedMemtableBytes()).isGreaterThan(100_000);
      assertThat(flushed.levels())
          .containsExactly(new LsmStatistics.Level(0, 1, flushed.flushWrittenBytes(), 1000));
      assertThat(flushed.compactionCount()).isZero();
      put(store, 0, 1000);
      store.compact();
      LsmStatistics compacted = store.statistics();
      assertThat(compacted.flushCount()).isEqualTo(2);
      assertThat(compacted.compactionCount()).isOne();
      assertThat(compacted.compactionReadBytes()).isEqualTo(compacted.flushWrittenBytes());
      assertThat(compacted.levels())
          .containsExactly(new LsmStatistics.Level(1, 1, compacted.compactionWrittenBytes(), 2000));
      assertThat(compacted.tableBytes()).isEqualTo(compacted.compactionWrittenBytes());
      assertThat(compacted.garbageBytes()).as("history").isZero();
      clock.advance(Duration.ofMinutes(11).toMillis());
      assertThat(store.statistics().garbageBytes()).isBetween(90_000L, 102_000L);
      store.compactDue();
      assertThat(store.statistics().garbageBytes()).isZero();
      assertThat(store.statistics().stopCount() + store.statistics().slowdownCount()).isZero();
    }
  }

  @Test
  void tablesThatGoUnreadAreTold() {
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      put(store, 0, 1000);
      store.compact();
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.all());
        transaction.commit();
      }
      store.flush();
      store.compactDue();
      assertThat(store.statistics().droppedTableCount()).isOne();
      assertThat(store.get(new byte[] {0, 1})).isNull();
    }
  }

  @Test
  void slowdownsAndWaitingForTheRateAreTold() {
    LsmOptions slow =
        options
            .withStalls(1, 20)
            .withCompaction(
                new CompactionOptions(4, 1 << 20, 10, 1 << 20).withBytesPerSecond(200_000));
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, slow)) {
      put(store, 0, 3000);
      store.flush();
      put(store, 3000, 6000);
      store.compact();
      LsmStatistics statistics = store.statistics();
      assertThat(statistics.slowdownCount()).isOne();
      assertThat(statistics.slowdownNanos()).isPositive();
      assertThat(statistics.compactionWrittenBytes()).isGreaterThan(40_000);
      assertThat(statistics.rateLimitNanos()).isGreaterThan(50_000_000);
    }
  }

  /** Continuously from a wait that is hardly felt to one that lets compactions catch up. */
  @Test
  void commitsAreSlowedDownTheMoreTheFartherCompactionsAreBehind() {
    assertThat(Backpressure.slowdownNanos(0)).isZero();
    long before = 0;
    for (int tenths = 1; tenths <= 10; tenths++) {
      long nanos = Backpressure.slowdownNanos(tenths / 10.0);
      assertThat(nanos).isGreaterThan(before);
      before = nanos;
    }
    assertThat(before).isEqualTo(10_000_000);
  }

  @Test
  void optionsByWhichCommitsWouldWaitForEverAreRefused() {
    LsmOptions stuck = options.withCompaction(new CompactionOptions(8, 1, 2, 1)).withStalls(4, 8);
    assertThatThrownBy(() -> LsmStore.open(MemDirectory.PATH, stuck))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("commits wait at 8 tables in level 0, expected more than the 8");
    assertThatThrownBy(() -> LsmStore.open(MemDirectory.PATH, options.withStalls(30, 20)))
        .hasMessageContaining("at least the 30 that slow them down");
  }
}
