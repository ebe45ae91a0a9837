package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangePolicy.Eviction;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Policies that let the memory engine forget what is used least.
 *
 * <p>But for one test that has it done by its thread, maintenance is done by the writers, so what
 * is evicted depends on the seed, and hardly on anything else.
 */
@Timeout(120)
class EvictionTest {
  private static final long LIMIT = 1 << 20;

  /** Entries leave room for the copy of a shard, and for what is known of keys. */
  private static final long MOST = LIMIT * 15 / 16;

  private static final long SEED = Long.getLong("ppdb.seed", 1);
  private static final byte[] VALUE = new byte[400];
  private static final RangePolicy PLAIN = RangePolicy.DEFAULT.withHistory(Duration.ZERO);

  private final ManualClock clock = new ManualClock();

  private MemoryStore open(Eviction eviction) {
    return open(eviction, MemoryOptions.DEFAULT);
  }

  private MemoryStore open(Eviction eviction, MemoryOptions options) {
    MemoryStore store =
        MemoryStore.repeatable(
            StoreOptions.DEFAULT.withClock(clock), options.withMaxBytes(LIMIT), SEED);
    store.setPolicy(KeyRange.all(), PLAIN.withEviction(eviction));
    return store;
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(5).put((byte) 'k').putInt(i).array();
  }

  private static void put(MemoryStore store, int i) {
    store.write(new WriteBatch().put(key(i), VALUE), Durability.MEMORY);
  }

  /** As long as it takes until views are held that were open before. */
  private void letASecondPass(MemoryStore store) {
    for (int i = 0; i < 3; i++) {
      store.maintain();
      clock.advance(1_000);
    }
  }

  private static int count(MemoryStore store, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += store.get(key(i)) == null ? 0 : 1;
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource(MemoryOptions.Strategy.class)
  void writingGoesOnForEverAndTheSizeStaysWithinTheLimit(MemoryOptions.Strategy strategy) {
    MemoryOptions options =
        strategy == MemoryOptions.Strategy.HASH ? MemoryOptions.hash(8) : MemoryOptions.DEFAULT;
    try (MemoryStore store = open(Eviction.LRU, options)) {
      writeOn(store);
    }
  }

  @Test
  void writingGoesOnForEverWhileAThreadMakesRoom() {
    try (MemoryStore store =
        new MemoryStore(StoreOptions.DEFAULT, MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      store.setPolicy(KeyRange.all(), PLAIN.withEviction(Eviction.LRU));
      writeOn(store);
    }
  }

  private static void writeOn(MemoryStore store) {
    for (int i = 0; i < 6_000; i++) {
      put(store, i);
      if (i % 100 == 0) {
        assertThat(store.sizeInBytes()).isLessThanOrEqualTo(MOST);
      }
      assertThat(store.get(key(i))).as("just written").hasSize(VALUE.length);
    }
    assertThat(count(store, 0, 6_000)).isGreaterThan(500);
  }

  /** All the while shards are rewritten: what is known of use does not depend on where keys are. */
  @Test
  void lruKeepsWhatIsReadAndForgetsWhatIsNot() {
    try (MemoryStore store = open(Eviction.LRU)) {
      int hotCount = 150;
      for (int i = 0; i < hotCount; i++) {
        put(store, i);
      }
      for (int i = hotCount; i < 8_000; i++) {
        put(store, i);
        store.get(key(i % hotCount));
      }
      assertThat(count(store, 0, hotCount)).isGreaterThan(hotCount * 9 / 10);
      assertThat(count(store, hotCount, 5_000)).isLessThan(250);
    }
  }

  /** A cache of a Zipf distribution, through which somebody scans over and over. */
  @Test
  void lfuKeepsMoreHitsThanLruWhenScansPassThrough() {
    double lru = hitRate(Eviction.LRU);
    double lfu = hitRate(Eviction.LFU);
    assertThat(lfu).as("against %s of LRU", lru).isGreaterThan(lru + 0.03);
  }

  private double hitRate(Eviction eviction) {
    int popularCount = 10_000;
    int scannedCount = 20_000;
    double[] cumulative = new double[popularCount];
    double sum = 0;
    for (int i = 0; i < popularCount; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
    }
    Random random = new Random(11);
    int hits = 0;
    int asked = 0;
    int scanned = 0;
    try (MemoryStore store = open(eviction)) {
      for (int i = 0; i < 30_000; i++) {
        boolean isScan = i % 3 == 0;
        int number;
        if (isScan) {
          number = popularCount + scanned++ % scannedCount;
        } else {
          int at = Arrays.binarySearch(cumulative, random.nextDouble(sum));
          number = at < 0 ? -at - 1 : at;
        }
        boolean hit = store.get(key(number)) != null;
        if (!hit) {
          put(store, number);
        }
        if (!isScan && i > 10_000) {
          asked++;
          hits += hit ? 1 : 0;
        }
      }
    }
    return (double) hits / asked;
  }

  @Test
  void onlyRangesWithAPolicyAreEvicted() {
    try (MemoryStore store = open(Eviction.NONE)) {
      store.setPolicy(KeyRange.prefix(new byte[] {'k'}), PLAIN.withEviction(Eviction.LFU));
      for (int i = 0; i < 500; i++) {
        byte[] kept = ByteBuffer.allocate(5).put((byte) 'p').putInt(i).array();
        store.write(new WriteBatch().put(kept, VALUE), Durability.MEMORY);
      }
      for (int i = 0; i < 4_000; i++) {
        put(store, i);
      }
      assertThat(store.statistics(KeyRange.prefix(new byte[] {'p'})).entryCount()).isEqualTo(500);
    }
  }

  /** Nothing is evicted for nothing: the snapshot would hold the memory. */
  @Test
  void underAHeldSnapshotCommitsFailAndNothingThatItSeesGoes() {
    try (MemoryStore store = open(Eviction.LRU)) {
      for (int i = 0; i < 500; i++) {
        put(store, i);
      }
      try (Snapshot snapshot = store.snapshot()) {
        put(store, 500);
        letASecondPass(store);
        PpdbException refused = null;
        int written = 501;
        for (; refused == null && written < 10_000; written++) {
          int number = written;
          refused = catchThrowableOfType(PpdbException.class, () -> put(store, number));
        }
        assertThat(Objects.requireNonNull(refused).code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
        assertThat(store.sizeInBytes()).isBetween(LIMIT * 3 / 4, LIMIT);
        assertThat(count(store, 0, 500)).isEqualTo(500);
        for (int i = 0; i < 500; i++) {
          assertThat(snapshot.get(key(i))).hasSize(VALUE.length);
        }
      }
      for (int i = 0; i < 3_000; i++) {
        put(store, i);
      }
    }
  }

  /**
   * It would hold what is evicted for it, and in the end keep everybody's evictions from beginning.
   */
  @Test
  void transactionThatWaitsForRoomHoldsNoneItself() {
    try (MemoryStore store = open(Eviction.LRU)) {
      fill(store);
      try (Transaction transaction = store.begin()) {
        assertThat(transaction.get(key(-1))).isNull();
        for (int i = 0; i < 250; i++) {
          transaction.put(key(-1 - i), VALUE);
        }
        transaction.commit();
      }
      assertThat(count(store, -250, 0)).isEqualTo(250);
    }
  }

  /** Until a commit of 250 entries does not fit. */
  private static void fill(MemoryStore store) {
    for (int i = 0; store.sizeInBytes() < LIMIT * 3 / 4; i++) {
      put(store, i);
    }
  }

  @Test
  void usersNeverConflictWithEviction() {
    try (MemoryStore store = open(Eviction.LRU)) {
      put(store, 1);
      try (Transaction transaction = store.begin()) {
        assertThat(transaction.get(key(1))).hasSize(VALUE.length);
        long version = transaction.version();
        assertThat(store.evict(() -> List.of(key(1)))).isTrue();
        assertThat(store.get(key(1))).isNull();
        assertThat(transaction.get(key(1))).hasSize(VALUE.length);
        transaction.put(key(1), new byte[] {2});
        assertThat(transaction.commit()).isGreaterThan(version + 1);
      }
      assertThat(store.get(key(1))).containsExactly(2);
    }
  }

  @Test
  void anEvictedKeyIsUnchangedToThoseWhoRequireIt() {
    try (MemoryStore store = open(Eviction.LRU)) {
      put(store, 1);
      try (Transaction transaction = store.begin()) {
        long version = transaction.version();
        transaction.requireUnchanged(key(1));
        transaction.put(key(2), VALUE);
        assertThat(store.evict(() -> List.of(key(1)))).isTrue();
        transaction.commit();
        store.shards().rewrite(0);
        WriteBatch batch = new WriteBatch().put(key(3), VALUE).requireUnchanged(key(1), version);
        store.write(batch, Durability.MEMORY);
      }
      assertThat(count(store, 1, 4)).isEqualTo(2);
    }
  }

  @Test
  void evictionGivesWayToUsers() {
    try (MemoryStore store = open(Eviction.LRU)) {
      put(store, 1);
      boolean evicted =
          store.evict(
              () -> {
                store.write(new WriteBatch().put(key(1), new byte[] {2}), Durability.MEMORY);
                return List.of(key(1));
              });
      assertThat(evicted).isFalse();
      assertThat(store.get(key(1))).containsExactly(2);
    }
  }

  @Test
  void evictionIsMaintenanceInTheChangeLog() {
    try (MemoryStore store = open(Eviction.LRU)) {
      put(store, 1);
      store.evict(() -> List.of(key(1)));
      try (ChangeCursor changes = store.changes(1)) {
        ChangeCursor.Commit change = changes.poll();
        assertThat(Objects.requireNonNull(change).origin()).isEqualTo(CommitOrigin.MAINTENANCE);
      }
    }
  }

  @Test
  void aRangeWithEvictionCannotKeepHistory() {
    try (MemoryStore store = open(Eviction.LRU)) {
      assertThatThrownBy(
              () -> store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withEviction(Eviction.LFU)))
          .isInstanceOf(PpdbException.class)
          .hasMessageContaining("cannot keep history");
    }
  }
}
