package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shards that are changed while they are used: nothing is lost, nothing is seen twice. */
class ShardsTest {
  private static final int KEY_COUNT = 2_000;

  private static MemoryStore open(MemoryOptions options) {
    MemoryStore store = new MemoryStore(StoreOptions.DEFAULT, options);
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >>> 8), (byte) i};
  }

  private static int number(Cursor cursor) {
    return ((cursor.key().byteAt(0) & 0xFF) << 8) | (cursor.key().byteAt(1) & 0xFF);
  }

  private static void fill(MemoryStore store) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < KEY_COUNT; i++) {
      batch.put(key(i), MergeOperators.encodeLong(1));
    }
    store.write(batch, Durability.MEMORY);
  }

  /**
   * Transactions move amounts between two keys while shards are split, joined, grown, shrunk and
   * rewritten; every scan, both ways, must see each key once, in order, and the same total.
   */
  @ParameterizedTest
  @EnumSource(MemoryOptions.Strategy.class)
  void nothingIsLostOrSeenTwiceWhileShardsChange(MemoryOptions.Strategy strategy)
      throws InterruptedException {
    MemoryOptions options =
        strategy == MemoryOptions.Strategy.HASH ? MemoryOptions.hash(2) : MemoryOptions.DEFAULT;
    try (MemoryStore store = open(options)) {
      fill(store);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        int seed = t;
        threads.add(start(failure, () -> transfer(store, stop, new Random(seed))));
      }
      threads.add(start(failure, () -> check(store, stop)));
      threads.add(start(failure, () -> get(store, stop)));
      Random random = new Random(42);
      for (int i = 0; i < 60 && failure.get() == null; i++) {
        change(store, strategy, random);
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      assertWhole(store);
    }
  }

  private static void change(MemoryStore store, MemoryOptions.Strategy strategy, Random random) {
    Shards shards = store.shards();
    int count = shards.current().shards().size();
    switch (strategy) {
      case HASH -> {
        store.resize(1 + random.nextInt(6));
        shards.rewrite(random.nextInt(shards.current().shards().size()));
      }
      case RANGE -> {
        int shard = random.nextInt(count);
        switch (random.nextInt(4)) {
          case 0, 1 -> shards.split(shard);
          case 2 -> shards.rewrite(shard);
          default -> {
            if (shard + 1 < count) {
              shards.join(shard);
            }
          }
        }
      }
    }
  }

  private static void transfer(MemoryStore store, AtomicBoolean stop, Random random) {
    while (!stop.get()) {
      byte[] from = key(random.nextInt(KEY_COUNT));
      byte[] to = key(random.nextInt(KEY_COUNT));
      store.transact(
          transaction -> {
            long amount = random.nextLong(1, 6);
            add(transaction, from, -amount);
            add(transaction, to, amount);
            return null;
          });
    }
  }

  private static void add(Transaction transaction, byte[] key, long amount) {
    byte[] value = transaction.get(key);
    if (value == null) {
      throw new IllegalStateException("a key is missing");
    }
    transaction.put(key, MergeOperators.encodeLong(MergeOperators.decodeLong(value) + amount));
  }

  /** Keys are changed all the time, but never absent. */
  private static void get(MemoryStore store, AtomicBoolean stop) {
    while (!stop.get()) {
      for (int i = 0; i < KEY_COUNT; i++) {
        assertThat(store.get(key(i))).isNotNull();
      }
    }
  }

  private static void check(MemoryStore store, AtomicBoolean stop) {
    while (!stop.get()) {
      assertWhole(store);
    }
  }

  private static void assertWhole(MemoryStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      for (ScanOptions options : List.of(ScanOptions.ASCENDING, ScanOptions.DESCENDING)) {
        long total = 0;
        int count = 0;
        try (Cursor cursor = snapshot.scan(KeyRange.all(), options)) {
          while (cursor.next()) {
            int expected = options.equals(ScanOptions.ASCENDING) ? count : KEY_COUNT - 1 - count;
            assertThat(number(cursor)).isEqualTo(expected);
            total += MergeOperators.decodeLong(cursor.value().toByteArray());
            count++;
          }
        }
        assertThat(count).isEqualTo(KEY_COUNT);
        assertThat(total).isEqualTo(KEY_COUNT);
      }
    }
  }

  private interface Work {
    void run();
  }

  private static Thread start(AtomicReference<Throwable> failure, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, e);
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void aRewrittenShardKeepsWhatAnOpenSnapshotSeesAndDropsTheRestLater() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      fill(store);
      try (Snapshot snapshot = store.snapshot()) {
        for (int round = 0; round < 5; round++) {
          fill(store);
        }
        store.transact(
            transaction -> {
              transaction.delete(key(7));
              return null;
            });
        store.shards().rewrite(0);
        assertThat(snapshot.get(key(7))).isEqualTo(MergeOperators.encodeLong(1));
        assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(6 * KEY_COUNT + 1);
      }
      store.shards().rewrite(0);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(KEY_COUNT - 1);
    }
  }

  @Test
  void garbageIsCollectedWithoutBeingAskedFor() throws InterruptedException {
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      byte[] value = new byte[10_000];
      for (int i = 0; i < 20_000; i++) {
        WriteBatch batch = new WriteBatch();
        batch.put(key(i % 50), value);
        store.write(batch, Durability.MEMORY);
      }
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (store.sizeInBytes() > 8 << 20 && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      assertThat(store.sizeInBytes()).isLessThanOrEqualTo(8 << 20);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isLessThan(1000);
    }
  }

  /** Who keeps shards in shape may have looked at a map that others have changed since. */
  @Test
  void aShardThatIsGoneIsLeftAlone() {
    try (MemoryStore store = open(MemoryOptions.hash(2))) {
      fill(store);
      store.resize(1);
      store.shards().rewrite(1);
      assertWhole(store);
    }
    try (MemoryStore store = open(MemoryOptions.DEFAULT)) {
      fill(store);
      Shards shards = store.shards();
      int count = shards.current().shards().size();
      shards.rewrite(count);
      assertThat(shards.split(count)).isFalse();
      shards.join(count - 1);
      assertThat(shards.current().shards()).hasSize(count);
      assertWhole(store);
    }
  }

  @Test
  void largeRangesAreSplitAndSmallOnesJoined() throws InterruptedException {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxShardBytes(64 << 10))) {
      fill(store);
      awaitShardCount(store, 3, Integer.MAX_VALUE);
      assertWhole(store);
      store.dropRange(KeyRange.all());
      assertThat(store.statistics(KeyRange.all()).entryCount()).isZero();
      awaitShardCount(store, 1, 1);
    }
  }

  private static void awaitShardCount(MemoryStore store, int least, int most)
      throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    int count;
    do {
      Thread.sleep(20);
      count = store.shards().current().shards().size();
    } while ((count < least || count > most) && System.nanoTime() < deadline);
    assertThat(count).isBetween(least, most);
  }

  @Test
  void dropRangeRemovesTheRangeOnly() {
    for (MemoryOptions options : List.of(MemoryOptions.DEFAULT, MemoryOptions.hash(4))) {
      try (MemoryStore store = open(options)) {
        fill(store);
        store.dropRange(KeyRange.of(key(100), key(200)));
        assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(KEY_COUNT - 100);
        try (Snapshot snapshot = store.snapshot()) {
          assertThat(snapshot.get(key(99))).isNotNull();
          assertThat(snapshot.get(key(100))).isNull();
          assertThat(snapshot.get(key(200))).isNotNull();
        }
      }
    }
  }

  /** An operator that cannot fold what it was given. */
  private enum BrokenOperator implements MergeOperator {
    INSTANCE;

    @Override
    public int id() {
      return 1001;
    }

    @Override
    public byte[] apply(byte @Nullable [] value, byte[] operand) {
      throw new IllegalStateException("broken");
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void aStoreThatCannotBeKeptInShapeSaysSoAndStaysReadable() throws InterruptedException {
    StoreOptions options =
        StoreOptions.DEFAULT.withMergeOperators(List.of(BrokenOperator.INSTANCE));
    try (MemoryStore store = new MemoryStore(options)) {
      store.setPolicy(
          KeyRange.all(),
          RangePolicy.DEFAULT.withHistory(Duration.ZERO).withUse(RangePolicy.Use.MERGEABLE));
      store.write(new WriteBatch().put(key(1), new byte[] {1}), Durability.MEMORY);
      @Nullable PpdbException refused = null;
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (refused == null && System.nanoTime() < deadline) {
        refused =
            catchThrowableOfType(
                PpdbException.class,
                () ->
                    store.write(
                        new WriteBatch().merge(BrokenOperator.INSTANCE, key(2), new byte[10_000]),
                        Durability.MEMORY));
        Thread.sleep(1);
      }
      assertThat(refused)
          .hasMessageContaining("shards could not be kept in shape")
          .extracting(PpdbException::code)
          .isEqualTo(ErrorCode.READ_ONLY);
      assertThat(store.get(key(1))).isEqualTo(new byte[] {1});
    }
  }
}
