package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashRingTest {
  private static final int KEY_COUNT = 40_000;

  private static byte[] key(int i) {
    return ("key-" + i).getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 9, 16})
  void anotherShardTakesItsShareAndNothingElseMoves(int shardCount) {
    HashRing before = HashRing.of(shardCount);
    HashRing after = HashRing.of(shardCount + 1);
    int movedCount = 0;
    for (int i = 0; i < KEY_COUNT; i++) {
      int owner = before.shardOf(key(i));
      int newOwner = after.shardOf(key(i));
      if (newOwner != owner) {
        assertThat(newOwner).isEqualTo(shardCount);
        movedCount++;
      }
    }
    double share = 1.0 / (shardCount + 1);
    assertThat((double) movedCount / KEY_COUNT).isBetween(0.6 * share, 1.5 * share);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16})
  void shardsHaveAboutEqualShares(int shardCount) {
    HashRing ring = HashRing.of(shardCount);
    int[] counts = new int[shardCount];
    for (int i = 0; i < KEY_COUNT; i++) {
      counts[ring.shardOf(key(i))]++;
    }
    double fair = (double) KEY_COUNT / shardCount;
    for (int count : counts) {
      assertThat((double) count).isBetween(0.6 * fair, 1.5 * fair);
    }
  }

  @Test
  void growingInStepsMovesTheKeysOfOneOwnerAtATimeAndEndsAtTheWholeRing() {
    HashRing ring = HashRing.of(3);
    for (int owner = 0; owner < 3; owner++) {
      HashRing next = ring.takeFrom(owner, 3);
      for (int i = 0; i < KEY_COUNT; i++) {
        int from = ring.shardOf(key(i));
        int to = next.shardOf(key(i));
        if (from != to) {
          assertThat(from).isEqualTo(owner);
          assertThat(to).isEqualTo(3);
        }
      }
      ring = next;
    }
    HashRing whole = HashRing.of(4);
    for (int i = 0; i < KEY_COUNT; i++) {
      assertThat(ring.shardOf(key(i))).isEqualTo(whole.shardOf(key(i)));
    }
  }

  @Test
  void shrinkingGivesKeysBackToTheirOwners() {
    HashRing smaller = HashRing.of(5).withoutLast();
    HashRing before = HashRing.of(4);
    for (int i = 0; i < KEY_COUNT; i++) {
      assertThat(smaller.shardOf(key(i))).isEqualTo(before.shardOf(key(i)));
    }
  }
}
