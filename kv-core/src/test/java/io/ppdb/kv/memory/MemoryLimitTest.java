package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperator;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory engine within its memory. */
class MemoryLimitTest {
  private static final long LIMIT = 4 << 20;
  private static final byte[] VALUE = new byte[10_000];

  private static MemoryStore open(MemoryOptions options) {
    MemoryStore store = new MemoryStore(StoreOptions.DEFAULT.withChangeLogBytes(0), options);
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static void put(MemoryStore store, int i) {
    store.write(new WriteBatch().put(key(i), VALUE), Durability.MEMORY);
  }

  /** Puts new keys until one is refused; its number. */
  private static int fill(MemoryStore store) {
    for (int i = 0; ; i++) {
      int number = i;
      PpdbException refused = catchThrowableOfType(PpdbException.class, () -> put(store, number));
      if (refused != null) {
        assertThat(refused.code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
        assertThat(refused).hasMessageContaining("of at most " + LIMIT + " bytes");
        return number;
      }
    }
  }

  @Test
  void aCommitThatDoesNotFitChangesNothingAndDeletesMakeRoom() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      int refused = fill(store);
      assertThat(refused).isBetween(300, 420);
      assertThat(store.sizeInBytes()).isLessThanOrEqualTo(LIMIT);
      assertThat(store.get(key(refused))).isNull();
      assertThat(store.get(key(refused - 1))).hasSize(VALUE.length);
      for (int i = 0; i < 100; i++) {
        store.write(new WriteBatch().delete(key(i)), Durability.MEMORY);
      }
      for (int i = 0; i < 90; i++) {
        put(store, i);
      }
      assertThat(store.sizeInBytes()).isLessThanOrEqualTo(LIMIT);
      assertThat(store.get(key(89))).hasSize(VALUE.length);
    }
  }

  /** They make room, but not where a snapshot holds it: then they take room like all else. */
  @Test
  void deletesExceedTheLimitByASixteenthAtMost() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      put(store, 0);
      try (Snapshot snapshot = store.snapshot()) {
        PpdbException refused = null;
        for (int i = 1; refused == null && i < 200_000; i++) {
          WriteBatch batch = new WriteBatch().delete(key(i));
          refused =
              catchThrowableOfType(
                  PpdbException.class, () -> store.write(batch, Durability.MEMORY));
        }
        assertThat(Objects.requireNonNull(refused).code()).isEqualTo(ErrorCode.MEMORY_LIMIT);
        assertThat(store.sizeInBytes()).isBetween(LIMIT / 2, LIMIT + LIMIT / 16);
        assertThat(snapshot.get(key(0))).hasSize(VALUE.length);
      }
      store.write(new WriteBatch().delete(key(0)), Durability.MEMORY);
      put(store, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryOptions.Strategy.class)
  void theCopyOfAShardFitsInTheLimit(MemoryOptions.Strategy strategy) {
    MemoryOptions options =
        strategy == MemoryOptions.Strategy.HASH ? MemoryOptions.hash(4) : MemoryOptions.DEFAULT;
    try (MemoryStore store = open(options.withMaxBytes(LIMIT))) {
      fill(store);
      long copy = strategy == MemoryOptions.Strategy.HASH ? LIMIT / 5 : LIMIT / 16;
      assertThat(store.sizeInBytes()).isBetween(LIMIT / 2, LIMIT - copy);
    }
  }

  @Test
  void overwritingGoesOnForEverWithinTheLimit() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      for (int i = 0; i < 5_000; i++) {
        put(store, i % 100);
      }
      assertThat(store.sizeInBytes()).isLessThanOrEqualTo(LIMIT);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isLessThan(420);
    }
  }

  @Test
  void anOpenSnapshotKeepsItsMemoryUntilItIsClosed() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      put(store, 1);
      try (Snapshot snapshot = store.snapshot()) {
        PpdbException refused = null;
        for (int i = 0; refused == null && i < 1_000; i++) {
          refused = catchThrowableOfType(PpdbException.class, () -> put(store, 1));
        }
        assertThat(refused).isNotNull().hasMessageContaining("for open snapshots and history");
        assertThat(snapshot.get(key(1))).hasSize(VALUE.length);
      }
      put(store, 1);
    }
  }

  /** Which it may: it reads no more. */
  @Test
  void aCommitIsNotRefusedForWhatItsOwnViewHolds() {
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxBytes(LIMIT))) {
      put(store, 1);
      try (Transaction transaction = store.begin()) {
        assertThat(transaction.get(key(1))).hasSize(VALUE.length);
        PpdbException refused = null;
        for (int i = 0; refused == null && i < 1_000; i++) {
          refused = catchThrowableOfType(PpdbException.class, () -> put(store, 1));
        }
        assertThat(refused).isNotNull();
        transaction.put(key(2), VALUE);
        transaction.commit();
      }
      assertThat(store.get(key(2))).hasSize(VALUE.length);
    }
  }

  /** Maintenance is held in a merge operator, so nobody gives anything back. */
  @Test
  void whoWaitsForMemoryIsToldThatTheStoreIsClosed() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    MergeOperator holding =
        new MergeOperator() {
          @Override
          public int id() {
            return 1_000;
          }

          @Override
          public String name() {
            return "holding";
          }

          @Override
          public byte[] apply(byte @Nullable [] value, byte[] operand) {
            held.countDown();
            try {
              assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return operand;
          }

          @Override
          public byte[] combine(byte[] left, byte[] right) {
            return apply(left, right);
          }
        };
    MemoryStore store =
        new MemoryStore(
            StoreOptions.DEFAULT.withMergeOperators(List.of(holding)),
            MemoryOptions.DEFAULT.withMaxBytes(LIMIT));
    store.setPolicy(
        KeyRange.all(),
        RangePolicy.DEFAULT.withHistory(Duration.ZERO).withUse(RangePolicy.Use.MERGEABLE));
    store.write(new WriteBatch().merge(holding, key(0), new byte[1]), Durability.MEMORY);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                while (true) {
                  put(store, 1);
                }
              } catch (Throwable e) {
                end.set(e);
              }
            });
    writer.start();
    assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
    while (writer.isAlive() && writer.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    Thread closer = new Thread(store::close);
    closer.start();
    writer.join(60_000);
    assertThat(end.get())
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    goOn.countDown();
    closer.join(60_000);
    assertThat(closer.isAlive()).isFalse();
  }

  /** Two threads make garbage as fast as they can; without waiting they would make much more. */
  @Test
  void committersWaitWhenGarbageIsNotRewrittenFastEnough() throws InterruptedException {
    long maxGarbageBytes = 2 << 20;
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxGarbageBytes(maxGarbageBytes))) {
      List<Thread> threads = new ArrayList<>();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      for (int t = 0; t < 2; t++) {
        int thread = t;
        threads.add(
            new Thread(
                () -> {
                  try {
                    for (int i = 0; i < 8_000; i++) {
                      put(store, 2 * (i % 20) + thread);
                    }
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                }));
      }
      threads.forEach(Thread::start);
      long most = 0;
      while (threads.stream().anyMatch(Thread::isAlive)) {
        most = Math.max(most, store.sizeInBytes());
        Thread.sleep(1);
      }
      assertThat(failure.get()).isNull();
      assertThat(most).isLessThan(8 << 20);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isLessThan(1_000);
    }
  }

  @Test
  void sizeIsWhatTheHeapHolds() {
    int entryCount = 250_000;
    Random random = new Random(1);
    byte[] value = new byte[100];
    byte[] keyBytes = new byte[16];
    long before = usedBytes();
    // In one shard: while a split copies, the heap holds both copies.
    try (MemoryStore store = open(MemoryOptions.DEFAULT.withMaxShardBytes(1 << 30))) {
      for (int i = 0; i < entryCount; i += 100) {
        WriteBatch batch = new WriteBatch();
        for (int j = 0; j < 100; j++) {
          random.nextBytes(keyBytes);
          batch.put(keyBytes.clone(), value);
        }
        store.write(batch, Durability.MEMORY);
      }
      long measured = usedBytes() - before;
      assertThat((double) store.sizeInBytes() / measured).isBetween(0.85, 1.15);
    }
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
