package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store says a range holds: keys that are there, not entries that were written. */
class RangeEstimatesTest {
  private static final int MANY = 60_000;
  private static final long SEED = Long.getLong("ppdb.seed", 1);

  private final ManualClock clock = new ManualClock();
  private LsmStore store = open();

  private LsmStore open() {
    return LsmStore.open(
        MemDirectory.PATH,
        LsmOptions.of(StoreOptions.DEFAULT.withClock(clock)).withVfs(MemDirectory.fresh()));
  }

  @BeforeEach
  void keepThePast() {
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ofHours(1)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void ofFewEntriesOnlyTheLiveKeysAreCounted() {
    put(0, 1_000, 1);
    store.flush();
    put(0, 500, 2);
    delete(900, 1_000);
    store.flush();
    put(0, 100, 3);
    delete(800, 900);
    assertThat(store.statistics(KeyRange.all())).isEqualTo(new RangeStatistics(800, 800 * 14));
    assertThat(store.statistics(range(850, 950)).entryCount()).isZero();
    assertThat(store.statistics(range(50, 60)).entryCount()).isEqualTo(10);
    deleteRange(100, 300);
    assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(600);
    store.flush();
    assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(600);
  }

  @Test
  void keysWithManyVersionsCountOnce() {
    put(0, 3, 0);
    for (int i = 1; i <= 700; i++) {
      put(1, 3, i);
    }
    put(5, 6, 0);
    assertThat(store.statistics(KeyRange.all())).isEqualTo(new RangeStatistics(4, 4 * 14));
    delete(1, 2);
    assertThat(store.statistics(range(0, 5)).entryCount()).isEqualTo(2);
    assertThat(store.statistics(range(2, 6)).entryCount()).isEqualTo(2);
    store.flush();
    assertThat(store.statistics(range(0, 9)).entryCount()).isEqualTo(3);
  }

  @Test
  void eachCommitShowsInASmallRange() {
    for (int i = 0; i < 50; i++) {
      put(i, i + 1, 0);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(i + 1);
    }
    for (int i = 0; i < 50; i++) {
      delete(i, i + 1);
      assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(49 - i);
    }
  }

  @Test
  void expiredEntriesAreNotThereAndNoneIsRememberedForLong() {
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withUse(RangePolicy.Use.EXPIRABLE));
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 2_000; i++) {
      long expiry = clock.instant().toEpochMilli() + (i % 2 == 0 ? 10_000 : 1_000_000);
      batch.put(key(i), value(i, 0), expiry);
    }
    store.write(batch, Durability.ASYNC);
    store.flush();
    assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(2_000);
    clock.advance(11_000);
    assertThat(store.statistics(KeyRange.all()).entryCount()).isEqualTo(1_000);
  }

  @Test
  void ofManyEntriesTheShareThatIsAliveIsSampled() {
    put(0, MANY, 1);
    store.flush();
    assertThat((double) store.statistics(KeyRange.all()).entryCount())
        .as("without garbage")
        .isCloseTo(MANY, within(0.01 * MANY));
    put(0, MANY, 2);
    store.flush();
    Random random = new Random(SEED);
    int alive = MANY;
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < MANY; i++) {
      if (random.nextInt(3) == 0) {
        batch.delete(key(i));
        alive--;
      }
    }
    store.write(batch, Durability.ASYNC);
    int entries = 3 * MANY - alive;
    RangeStatistics all = store.statistics(KeyRange.all());
    // Four standard deviations, see docs/design/estimates.md.
    assertThat((double) all.entryCount())
        .as("seed %d", SEED)
        .isCloseTo(alive, within(4 * 0.008 * entries));
    assertThat((double) all.sizeInBytes()).isCloseTo(14.0 * alive, within(0.05 * 14 * entries));
    assertThat((double) store.statistics(range(0, MANY / 2)).entryCount())
        .as("half of it, seed %d", SEED)
        .isCloseTo(alive / 2.0, within(4 * 0.008 * entries / 2));
  }

  @Test
  void aDeletedStretchCountsByItsShare() {
    put(0, MANY, 1);
    store.flush();
    deleteRange(0, MANY / 4);
    assertThat((double) store.statistics(KeyRange.all()).entryCount())
        .isCloseTo(0.75 * MANY, within(0.125 * MANY));
  }

  private void put(int from, int to, int round) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put(key(i), value(i, round));
    }
    store.write(batch, Durability.ASYNC);
  }

  private void delete(int from, int to) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.delete(key(i));
    }
    store.write(batch, Durability.ASYNC);
  }

  private void deleteRange(int from, int to) {
    try (Transaction transaction = store.begin()) {
      transaction.deleteRange(range(from, to));
      transaction.commit();
    }
  }

  private static KeyRange range(int from, int to) {
    return KeyRange.of(key(from), key(to));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static byte[] value(int number, int round) {
    return ByteBuffer.allocate(10).putInt(number * 31).putInt(round).array();
  }
}
