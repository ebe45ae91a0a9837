package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadSetTest {
  private final ReadSet reads = new ReadSet();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static KeyRange range(String start, @Nullable String end) {
    return KeyRange.between(bytes(start), end == null ? null : bytes(end));
  }

  private static Claims claims(byte mode, String... keys) {
    byte[][] claimed = new byte[keys.length][];
    byte[] modes = new byte[keys.length];
    for (int i = 0; i < keys.length; i++) {
      claimed[i] = bytes(keys[i]);
      modes[i] = mode;
    }
    return new Claims(claimed, modes, Claims.NO_RANGES, Claims.NO_KEYS);
  }

  private static Claims deletedRange(String start, @Nullable String end) {
    return new Claims(
        Claims.NO_KEYS, new byte[0], new KeyRange[] {range(start, end)}, Claims.NO_KEYS);
  }

  @Test
  void rangesThatOverlapOrTouchAreJoined() {
    reads.add(range("b", "d"));
    reads.add(range("f", "h"));
    assertThat(reads.rangeCount()).isEqualTo(2);
    reads.add(range("d", "e"));
    assertThat(reads.rangeCount()).isEqualTo(2);
    reads.add(range("c", "g"));
    assertThat(reads.rangeCount()).isEqualTo(1);
    reads.add(range("a", "b"));
    assertThat(reads.rangeCount()).isEqualTo(1);
    reads.add(range("x", null));
    reads.add(range("h", "y"));
    assertThat(reads.rangeCount()).isEqualTo(1);
    assertThat(reads.covers(bytes("zzz"))).isTrue();
    assertThat(reads.covers(bytes("a"))).isTrue();
    assertThat(reads.covers(bytes("Z"))).isFalse();
  }

  @Test
  void emptyRangeIsNotRead() {
    reads.add(range("b", "b"));
    reads.add(range("c", "a"));
    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void keyReadTwiceIsKeptOnceAndItsArrayMayChange() {
    byte[] key = bytes("k");
    reads.add(key);
    reads.add(key);
    key[0] = 'x';
    assertThat(reads.rangeCount()).isEqualTo(1);
    assertThat(reads.covers(bytes("k"))).isTrue();
    assertThat(reads.covers(bytes("x"))).isFalse();
    assertThat(reads.covers(bytes("k\0"))).isFalse();
  }

  @Test
  void onlyClaimsThatChangeAValueCount() {
    reads.add(bytes("b"));
    reads.add(range("m", "p"));
    assertThat(reads.changedBy(claims(Claims.GUARD, "b", "n"))).isNull();
    assertThat(reads.changedBy(claims(Claims.LOCK, "b", "n"))).isNull();
    assertThat(reads.changedBy(claims(Claims.MERGE, "b"))).isEqualTo(bytes("b"));
    assertThat(reads.changedBy(claims(Claims.WRITE, "n"))).isEqualTo(bytes("n"));
    assertThat(reads.changedBy(claims(Claims.WRITE, "a", "c", "l", "p", "z"))).isNull();
    assertThat(reads.changedBy(claims(Claims.WRITE, "a", "c", "l", "o", "z")))
        .isEqualTo(bytes("o"));
  }

  @Test
  void deletedRangeCountsIfItMeetsWhatWasRead() {
    reads.add(bytes("d"));
    reads.add(range("m", "p"));
    assertThat(reads.changedBy(deletedRange("a", "d"))).isNull();
    assertThat(reads.changedBy(deletedRange("d\0", "m"))).isNull();
    assertThat(reads.changedBy(deletedRange("p", null))).isNull();
    assertThat(reads.changedBy(deletedRange("a", "d\0"))).isNotNull();
    assertThat(reads.changedBy(deletedRange("o", null))).isNotNull();
    assertThat(reads.changedBy(deletedRange("a", null))).isNotNull();
  }

  @Test
  void setStaysInItsBudgetAndForgetsNothing() {
    ReadSet small = new ReadSet(10_000);
    for (int i = 0; i < 20_000; i++) {
      small.add(bytes(String.format("k%07d", i * 7919 % 20_000 * 10)));
      assertThat(small.sizeInBytes()).isLessThanOrEqualTo(10_000);
    }
    for (int i = 0; i < 20_000; i++) {
      assertThat(small.covers(bytes(String.format("k%07d", i * 10)))).isTrue();
    }
    assertThat(small.covers(bytes("j"))).isFalse();
    assertThat(small.covers(bytes("l"))).isFalse();
  }

  @Test
  void neighboursOfOneObjectAreJoinedBeforeThoseOfTwo() {
    ReadSet small = new ReadSet(10_000);
    for (int i = 0; i < 2000; i++) {
      small.add(bytes(String.format("table1/%05d", i * 10)));
      small.add(bytes(String.format("table3/%05d", i * 10)));
    }
    assertThat(small.covers(bytes("table2/00000"))).isFalse();
    assertThat(small.covers(bytes("table1/19990"))).isTrue();
    assertThat(small.covers(bytes("table3/00000"))).isTrue();
  }

  @Test
  void oneLongRangeMayExceedTheBudget() {
    ReadSet small = new ReadSet(10);
    small.add(bytes("some key"));
    small.add(bytes("some other key"));
    assertThat(small.rangeCount()).isEqualTo(1);
    assertThat(small.covers(bytes("some key"))).isTrue();
    assertThat(small.covers(bytes("some other key"))).isTrue();
  }

  /** Against a set of single-letter and two-letter keys that counts every key for itself. */
  @Test
  void coversExactlyWhatWasAdded() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      ReadSet tried = new ReadSet();
      TreeSet<Integer> expected = new TreeSet<>();
      for (int i = 0; i < 30; i++) {
        int start = random.nextInt(256);
        int end = random.nextInt(257);
        tried.add(KeyRange.between(key(start), end == 256 ? null : key(end)));
        for (int k = start; k < end; k++) {
          expected.add(k);
        }
        if (random.nextInt(3) > 0) {
          int single = random.nextInt(256);
          tried.add(key(single));
          expected.add(single);
        }
        for (int k = 0; k < 256; k++) {
          assertThat(tried.covers(key(k)))
              .as("seed %d, key %d", seed, k)
              .isEqualTo(expected.contains(k));
        }
        if (i > 2 + random.nextInt(20)) {
          break;
        }
      }
    }
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }
}
