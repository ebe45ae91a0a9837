package io.ppdb.kv.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StripedLockTest {
  private final StripedLock lock = new StripedLock(16);

  @Test
  void stripeCountIsAPowerOfTwo() {
    for (int count : new int[] {-1, 0, 3, 12, StripedLock.MAX_STRIPE_COUNT * 2}) {
      assertThatThrownBy(() -> new StripedLock(count))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(count + " stripes");
    }
    assertThat(new StripedLock(1).stripeCount()).isEqualTo(1);
    assertThat(new StripedLock(StripedLock.MAX_STRIPE_COUNT).stripeCount()).isEqualTo(4096);
  }

  @Test
  void equalKeysHaveTheSameStripe() {
    assertThat(lock.stripeOf(new byte[] {1, 2, 3})).isEqualTo(lock.stripeOf(new byte[] {1, 2, 3}));
    assertThat(new StripedLock(1).stripeOf(-1)).isZero();
  }

  @Test
  void consecutiveKeysSpreadOverAllStripes() {
    int[] counts = new int[lock.stripeCount()];
    int keys = 16_000;
    for (int i = 0; i < keys; i++) {
      counts[lock.stripeOf(ByteBuffer.allocate(12).putInt(7).putLong(i).array())]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(keys / 16 / 2, keys / 16 * 2);
    }
  }

  @Test
  void stripesOfKeysAreAscendingAndDistinct() {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(new byte[] {(byte) i});
    }
    int[] stripes = lock.stripesOf(keys);
    assertThat(stripes).isSorted().doesNotHaveDuplicates();
    assertThat(stripes).contains(lock.stripeOf(new byte[] {42}));
    lock.lockAll(stripes);
    lock.unlockAll(stripes);
    assertThat(lock.stripesOf(List.of())).isEmpty();
  }

  @Test
  void heldStripeIsRefusedToOthersAndFreeOnesAreNot() {
    lock.lock(3);
    Threads.run(
        1,
        thread -> {
          assertThat(lock.tryLock(3)).isFalse();
          assertThat(lock.tryLock(4)).isTrue();
          lock.unlock(4);
        });
    lock.unlock(3);
    assertThat(lock.tryLock(3)).isTrue();
    lock.unlock(3);
  }

  @Test
  void secondStripeIsTakenByTryLockOnly() {
    lock.lock(3);
    assertThatThrownBy(() -> lock.lock(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stripe 3");
    assertThatThrownBy(() -> lock.lock(3)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> lock.lockAll(new int[] {5})).isInstanceOf(IllegalStateException.class);
    assertThat(lock.tryLock(3)).isFalse();
    assertThat(lock.tryLock(4)).isTrue();
    lock.unlock(4);
    lock.unlock(3);
  }

  @Test
  void onlyTheHolderUnlocks() {
    lock.lock(3);
    Threads.run(
        1,
        thread ->
            assertThatThrownBy(() -> lock.unlock(3)).isInstanceOf(IllegalStateException.class));
    assertThatThrownBy(() -> lock.unlock(4)).isInstanceOf(IllegalStateException.class);
    lock.unlock(3);
    assertThatThrownBy(() -> lock.unlock(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusedLockAllTakesNothing() {
    assertThatThrownBy(() -> lock.lockAll(new int[] {2, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 1]");
    assertThatThrownBy(() -> lock.lockAll(new int[] {2, 2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> lock.lockAll(new int[] {2, 16}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lock.lockAll(new int[] {-1, 2}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    for (int stripe = 0; stripe < lock.stripeCount(); stripe++) {
      assertThat(lock.tryLock(stripe)).isTrue();
      lock.unlock(stripe);
    }
  }

  /** Plain counters per stripe: an update without the lock would be lost, a circle would hang. */
  @Test
  void manyThreadsOverManyStripesLoseNothingAndDoNotHang() {
    long seed = Threads.seed();
    int threads = 6;
    int keyCount = 64;
    long[] counts = new long[lock.stripeCount()];
    long[][] expected = new long[threads][lock.stripeCount()];
    Threads.run(
        threads,
        thread -> {
          Random random = new Random(seed + thread);
          for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(3)) {
              case 0 -> {
                int stripe = lock.stripeOf(key(random.nextInt(keyCount)));
                lock.lock(stripe);
                counts[stripe]++;
                expected[thread][stripe]++;
                lock.unlock(stripe);
              }
              case 1 -> {
                int stripe = lock.stripeOf(key(random.nextInt(keyCount)));
                if (lock.tryLock(stripe)) {
                  counts[stripe]++;
                  expected[thread][stripe]++;
                  lock.unlock(stripe);
                }
              }
              default -> {
                List<byte[]> keys = new ArrayList<>();
                for (int k = random.nextInt(5); k >= 0; k--) {
                  keys.add(key(random.nextInt(keyCount)));
                }
                int[] stripes = lock.stripesOf(keys);
                lock.lockAll(stripes);
                for (int stripe : stripes) {
                  counts[stripe]++;
                  expected[thread][stripe]++;
                }
                lock.unlockAll(stripes);
              }
            }
          }
        });
    for (int stripe = 0; stripe < counts.length; stripe++) {
      long sum = 0;
      for (long[] part : expected) {
        sum += part[stripe];
      }
      assertThat(counts[stripe]).as("stripe %d, seed %d", stripe, seed).isEqualTo(sum);
    }
  }

  private static byte[] key(int i) {
    return new byte[] {'k', (byte) i};
  }
}
