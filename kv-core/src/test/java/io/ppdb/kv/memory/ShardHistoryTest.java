package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rewriting of shards keeps what history needs, and no more. */
@Timeout(60)
class ShardHistoryTest {
  private static final int HISTORY_MILLIS = 1000;
  private static final int KEY_COUNT = 20;

  private final ManualClock clock = new ManualClock();

  private MemoryStore open(MemoryOptions options) {
    MemoryStore store = new MemoryStore(StoreOptions.DEFAULT.withClock(clock), options);
    RangePolicy policy =
        RangePolicy.DEFAULT
            .withHistory(Duration.ofMillis(HISTORY_MILLIS))
            .withUse(RangePolicy.Use.MERGEABLE);
    store.setPolicy(KeyRange.all(), policy);
    return store;
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }

  @ParameterizedTest
  @EnumSource
  void everyVersionWithinHistorySurvivesRewriting(MemoryOptions.Strategy strategy) {
    int shardCount = strategy == MemoryOptions.Strategy.HASH ? 4 : 1;
    MemoryOptions options =
        strategy == MemoryOptions.Strategy.HASH
            ? MemoryOptions.hash(shardCount)
            : MemoryOptions.DEFAULT;
    try (MemoryStore store = open(options)) {
      int versionCount = 400;
      for (int version = 1; version <= versionCount; version++) {
        clock.advance(10);
        store.write(
            new WriteBatch()
                .merge(
                    MergeOperators.LONG_ADD,
                    key(version % KEY_COUNT),
                    MergeOperators.encodeLong(version)),
            Durability.MEMORY);
        if (version % 50 == 0) {
          for (int shard = 0; shard < shardCount; shard++) {
            store.shards().rewrite(shard);
          }
          assertReads(store, version);
        }
      }
      int keptVersions = HISTORY_MILLIS / 10;
      assertThat(store.statistics(KeyRange.all()).entryCount())
          .isBetween((long) keptVersions, (long) keptVersions + KEY_COUNT);
    }
  }

  /** Every version of the last {@link #HISTORY_MILLIS}. */
  private static void assertReads(MemoryStore store, int newest) {
    for (int version = Math.max(1, newest - HISTORY_MILLIS / 10); version <= newest; version++) {
      try (Snapshot past = store.snapshotAt(version)) {
        for (int k = 0; k < KEY_COUNT; k++) {
          long sum = 0;
          for (int v = version; v > 0; v--) {
            sum += v % KEY_COUNT == k ? v : 0;
          }
          byte[] value = past.get(key(k));
          assertThat(value == null ? 0 : MergeOperators.decodeLong(value))
              .as("key %d at version %d", k, version)
              .isEqualTo(sum);
        }
      }
    }
  }

  @Test
  void historyThatHasPassedIsGivenBackWithoutFurtherWrites() throws InterruptedException {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      byte[] value = new byte[10_000];
      for (int i = 1; i <= 2000; i++) {
        value[0] = (byte) i;
        store.write(new WriteBatch().put(key(i % KEY_COUNT), value), Durability.MEMORY);
      }
      store.shards().rewrite(0);
      assertThat(store.sizeInBytes()).as("all of it is history").isGreaterThan(20_000_000);
      try (Snapshot past = store.snapshotAt(KEY_COUNT)) {
        byte[] first = past.get(key(1));
        assertThat(first == null ? 0 : first[0]).isEqualTo((byte) 1);
      }
      clock.advance(HISTORY_MILLIS);
      while (store.sizeInBytes() > 2_000_000) {
        Thread.sleep(20);
      }
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(KEY_COUNT);
    }
  }
}
