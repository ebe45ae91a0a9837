package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.Memtable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a deleted range costs, and that what it deleted comes back. */
@Timeout(60)
class RangeDeleteMemoryTest {
  private static final int KEY_COUNT = 60_000;
  private static final int VALUE_BYTES = 50;
  private static final long DATA_BYTES = (long) KEY_COUNT * VALUE_BYTES;

  private static MemoryStore open(MemoryOptions options) {
    MemoryStore store = new MemoryStore(StoreOptions.DEFAULT, options);
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >>> 16), (byte) (i >>> 8), (byte) i};
  }

  private static void fill(MemoryStore store) {
    for (int i = 0; i < KEY_COUNT; ) {
      WriteBatch batch = new WriteBatch();
      for (int end = i + 1000; i < end; i++) {
        batch.put(key(i), new byte[VALUE_BYTES]);
      }
      store.write(batch, Durability.MEMORY);
    }
  }

  private static void deleteAll(MemoryStore store) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(KeyRange.all());
      transaction.commit();
    }
  }

  private static long count(MemoryStore store) {
    return store.statistics(KeyRange.all()).entryCount();
  }

  @ParameterizedTest
  @EnumSource
  void aRangeDeleteTakesTheSameWhateverItDeletes(MemoryOptions.Strategy strategy) {
    MemoryOptions options =
        strategy == MemoryOptions.Strategy.HASH ? MemoryOptions.hash(4) : MemoryOptions.DEFAULT;
    try (MemoryStore store = open(options)) {
      fill(store);
      try (Snapshot before = store.snapshot()) {
        long sizeBefore = store.sizeInBytes();
        deleteAll(store);
        assertThat(store.sizeInBytes() - sizeBefore).isBetween(1L, 4_000L);
        assertThat(count(store)).isZero();
        assertThat(before.get(key(1))).isNotNull();
      }
      assertThat(store.get(key(1))).isNull();
    }
  }

  @Test
  void whatWasDeletedComesBackWithoutBeingAskedFor() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      fill(store);
      deleteAll(store);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (store.sizeInBytes() > DATA_BYTES / 10 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(store.sizeInBytes()).isLessThan(DATA_BYTES / 10);
      assertThat(tombstoneCount(store)).isZero();
    }
  }

  /** Who finds the memory full just after it was emptied waits for it, and does not fail. */
  @Test
  void thereIsRoomAgainRightAfterARangeDelete() {
    long maxBytes = 4 << 20;
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(maxBytes))) {
      byte[] value = new byte[10_000];
      for (int round = 0; round < 5; round++) {
        int count = 0;
        try {
          for (; count < 2 * maxBytes / value.length; count++) {
            store.write(new WriteBatch().put(key(count), value), Durability.MEMORY);
          }
        } catch (PpdbException full) {
          assertThat(full.code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
        }
        assertThat(count).as("round %d", round).isGreaterThan((int) (maxBytes / 2 / value.length));
        assertThat(store.get(key(0))).isNotNull();
        deleteAll(store);
      }
    }
  }

  /** Maintenance is done when it is asked for here, so no threads race. */
  @Test
  void evictionSparesWhatIsLeftAfterARangeDelete() {
    long maxBytes = 4 << 20;
    MemoryOptions options = MemoryOptions.DEFAULT.withMaxBytes(maxBytes);
    try (MemoryStore store = MemoryStore.repeatable(StoreOptions.DEFAULT, options, 1)) {
      RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ZERO);
      store.setPolicy(KeyRange.all(), policy.withEviction(RangePolicy.Eviction.LRU));
      byte[] value = new byte[1_000];
      int kept = (int) (maxBytes / 2 / value.length);
      for (int i = 0; i < kept + kept / 2; i++) {
        store.write(new WriteBatch().put(key(i), value), Durability.MEMORY);
      }
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.of(key(kept), null));
        transaction.commit();
      }
      store.maintain();
      assertThat(count(store)).isEqualTo(kept);
      assertThat(tombstoneCount(store)).isZero();
    }
  }

  @Test
  void whatAnOpenSnapshotSeesStaysAndIsNotCountedAsReclaimable() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      fill(store);
      try (Snapshot before = store.snapshot()) {
        deleteAll(store);
        for (int round = 0; round < 3; round++) {
          store.shards().rewrite(0);
          store.shards().current().shards().get(0).countDeleted();
          assertThat(before.get(key(round))).isNotNull();
          assertThat(store.get(key(round))).isNull();
          assertThat(tombstoneCount(store)).isEqualTo(1);
          assertThat(garbage(store)).isGreaterThan(DATA_BYTES);
          assertThat(reclaimable(store)).isLessThan(DATA_BYTES / 10);
        }
      }
      assertThat(reclaimable(store)).isGreaterThan(DATA_BYTES);
      store.shards().rewrite(0);
      assertThat(tombstoneCount(store)).isZero();
      assertThat(store.sizeInBytes()).isLessThan(DATA_BYTES / 10);
    }
  }

  @Test
  void whatIsWrittenAgainIsGarbageOnce() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxGarbageBytes(1L << 40))) {
      fill(store);
      try (Snapshot before = store.snapshot()) {
        deleteAll(store);
        store.shards().current().shards().get(0).countDeleted();
        fill(store);
        // Another tombstone, so that all is counted again.
        deleteAll(store);
        fill(store);
        store.shards().current().shards().get(0).countDeleted();
        long size = store.sizeInBytes();
        assertThat(garbage(store)).isBetween(size / 2, size * 3 / 4);
        assertThat(before.get(key(1))).isNotNull();
      }
    }
  }

  @Test
  void droppingARangeDropsTheTombstonesInIt() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      fill(store);
      try (Snapshot before = store.snapshot()) {
        deleteAll(store);
        store.dropRange(KeyRange.of(key(100), key(KEY_COUNT - 100)));
        assertThat(before.get(key(99))).isNotNull();
        assertThat(store.get(key(99))).isNull();
        assertThat(store.get(key(KEY_COUNT - 100))).isNull();
        assertThat(tombstoneCount(store)).isEqualTo(2);
      }
    }
  }

  private static long garbage(MemoryStore store) {
    return store.shards().current().garbageBytes(store.horizons());
  }

  private static long reclaimable(MemoryStore store) {
    return store.shards().current().reclaimableBytes(store.horizons());
  }

  private static long tombstoneCount(MemoryStore store) {
    return store.shards().current().memtables().stream()
        .map(Memtable::tombstones)
        .filter(tombstones -> tombstones != null)
        .mapToLong(tombstones -> tombstones.fragmentCount())
        .sum();
  }
}
