package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RangeTombstonesTest {
  /** A tombstone as it was made. */
  private record Made(KeyRange range, long version) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyRange range(String start, @Nullable String end) {
    return KeyRange.between(bytes(start), end == null ? null : bytes(end));
  }

  private static RangeTombstones of(String start, @Nullable String end, long version) {
    return RangeTombstones.of(range(start, end), version);
  }

  private static String text(@Nullable RangeTombstones tombstones) {
    StringBuilder text = new StringBuilder();
    if (tombstones != null) {
      tombstones.forEach(
          (range, versions) -> {
            byte[] end = range.end();
            text.append(new String(range.start(), StandardCharsets.US_ASCII))
                .append('-')
                .append(end == null ? "" : new String(end, StandardCharsets.US_ASCII));
            for (long version : versions) {
              text.append('@').append(version);
            }
            text.append(' ');
          });
    }
    return text.toString().strip();
  }

  @Test
  void overlappingTombstonesAreCutWhereTheyBeginAndEnd() {
    RangeTombstones both = of("b", "f", 7).plus(of("d", "h", 9));
    assertThat(text(both)).isEqualTo("b-d@7 d-f@9@7 f-h@9");
    assertThat(both.newest(bytes("a"), 100)).isZero();
    assertThat(both.newest(bytes("b"), 100)).isEqualTo(7);
    assertThat(both.newest(bytes("e"), 100)).isEqualTo(9);
    assertThat(both.newest(bytes("e"), 8)).isEqualTo(7);
    assertThat(both.newest(bytes("e"), 6)).isZero();
    assertThat(both.newest(bytes("h"), 100)).isZero();
  }

  @Test
  void neighboursThatWereDeletedByTheSameAreOne() {
    assertThat(text(of("a", "c", 5).plus(of("c", "e", 5)))).isEqualTo("a-e@5");
    assertThat(text(of("c", "e", 5).plus(of("a", "c", 5)))).isEqualTo("a-e@5");
    assertThat(text(of("a", "c", 5).plus(of("c", "e", 6)))).isEqualTo("a-c@5 c-e@6");
  }

  @Test
  void tombstonesWithoutEndReachTheLastKey() {
    RangeTombstones all = of("", null, 3).plus(of("b", "c", 4));
    assertThat(text(all)).isEqualTo("-b@3 b-c@4@3 c-@3");
    assertThat(all.newest(bytes("zzz"), 9)).isEqualTo(3);
    assertThat(all.newest(new byte[0], 9)).isEqualTo(3);
    assertThat(all.bounds()).isEqualTo(KeyRange.all());
  }

  @Test
  void theSameTombstoneTwiceIsOne() {
    RangeTombstones one = of("a", "c", 5).plus(of("b", "d", 6));
    assertThat(text(one.plus(one))).isEqualTo(text(one));
    assertThat(one.plus(one).sizeInBytes()).isEqualTo(one.sizeInBytes());
  }

  @Test
  void sizeGrowsByWhatATombstoneIsSaidToTakeAtMost() {
    RangeTombstones sum = of("k0000", "k0001", 1);
    for (int i = 1; i < 500; i++) {
      KeyRange range = range(String.format("k%04d", 3 * i), String.format("k%04d", 3 * i + 2));
      long before = sum.sizeInBytes();
      sum = sum.plus(RangeTombstones.of(range, i));
      assertThat(sum.sizeInBytes() - before).isBetween(1L, RangeTombstones.sizeOf(range));
    }
    assertThat(sum.fragmentCount()).isEqualTo(500);
    assertThat(sum.minVersion()).isEqualTo(1);
    assertThat(sum.maxVersion()).isEqualTo(499);
  }

  @Test
  void whatIsAboveTheHorizonStaysAndTheNewestOfTheRestWhereSomethingOlderMayBe() {
    RangeTombstones all = of("a", "c", 3).plus(of("a", "c", 5)).plus(of("b", "d", 8));
    Horizons horizons = Horizons.everywhere(new Horizon(6, 0));
    assertThat(text(all.retained(horizons, range -> false))).isEqualTo("a-b@5 b-c@8@5 c-d@8");
    assertThat(text(all.retained(horizons, range -> true))).isEqualTo("b-d@8");
    Horizons later = Horizons.everywhere(new Horizon(8, 0));
    assertThat(text(all.retained(later, range -> false))).isEqualTo("a-b@5 b-d@8");
    assertThat(all.retained(later, range -> true)).isNull();
    assertThat(text(all.retained(later, range -> !range.contains(bytes("b"))))).isEqualTo("b-c@8");
  }

  @Test
  void ofHorizonsWithinAFragmentTheLowestCounts() {
    RangeTombstones all = of("a", "z", 5);
    Horizons horizons =
        Horizons.everywhere(new Horizon(9, 0)).advancedTo(Horizons.everywhere(new Horizon(9, 0)));
    assertThat(all.retained(horizons, range -> true)).isNull();
    Horizons uneven =
        Horizons.of(
            new byte[][] {{}, bytes("m"), bytes("n")},
            new Horizon[] {new Horizon(9, 0), new Horizon(4, 0), new Horizon(9, 0)});
    assertThat(text(all.retained(uneven, range -> true))).isEqualTo("a-z@5");
  }

  @Test
  void whateverIsJoinedAndCutSaysTheSameAsItsTombstonesOneByOne() {
    long seed = Long.getLong("ppdb.seed", 1);
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<Made> made = new ArrayList<>();
      List<RangeTombstones> parts = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        Made one = new Made(range(random), 1 + random.nextInt(6));
        made.add(one);
        RangeTombstones part = RangeTombstones.of(one.range, one.version);
        if (!parts.isEmpty() && random.nextBoolean()) {
          int at = random.nextInt(parts.size());
          parts.set(at, random.nextBoolean() ? parts.get(at).plus(part) : part.plus(parts.get(at)));
        } else {
          parts.add(part);
        }
      }
      RangeTombstones sum = RangeTombstones.join(parts);
      KeyRange cut = range(random);
      String context = "seed " + seed + ", round " + round + ": " + made;
      check(sum, made, KeyRange.all(), true, context);
      check(sum == null ? null : sum.within(cut), made, cut, true, context + " within " + cut);
      check(sum == null ? null : sum.outside(cut), made, cut, false, context + " outside " + cut);
      RangeTombstones.Builder again = new RangeTombstones.Builder();
      if (sum != null) {
        sum.forEach(again::add);
      }
      assertThat(text(again.build())).as(context).isEqualTo(text(sum));
      RangeCover cover = new RangeCover(parts, 4);
      for (int i = 0; i < 30; i++) {
        byte[] key = key(random);
        assertThat(cover.at(new Slice(key))).as(context).isEqualTo(newest(made, key, 4));
      }
    }
  }

  private static void check(
      @Nullable RangeTombstones sum,
      List<Made> made,
      KeyRange cut,
      boolean inside,
      String context) {
    for (int i = 0; i < KEYS.length; i++) {
      for (long version = 0; version <= 7; version++) {
        long expected = cut.contains(KEYS[i]) == inside ? newest(made, KEYS[i], version) : 0;
        long seen = sum == null ? 0 : sum.newest(KEYS[i], version);
        assertThat(seen).as(context).isEqualTo(expected);
      }
    }
    if (sum != null) {
      assertThat(sum.fragmentCount()).as(context).isPositive();
    }
  }

  private static long newest(List<Made> made, byte[] key, long version) {
    return made.stream()
        .filter(one -> one.range.contains(key) && one.version <= version)
        .mapToLong(Made::version)
        .max()
        .orElse(0);
  }

  private static final byte[][] KEYS = keys();

  private static byte[][] keys() {
    byte[][] keys = new byte[20][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = i == 0 ? new byte[0] : bytes("" + (char) ('a' + i / 2) + (i % 2 == 0 ? "" : "0"));
    }
    return keys;
  }

  private static byte[] key(Random random) {
    return KEYS[random.nextInt(KEYS.length)];
  }

  /** A range that is not empty. */
  private static KeyRange range(Random random) {
    while (true) {
      byte[] end = random.nextInt(6) == 0 ? null : key(random);
      KeyRange range = KeyRange.between(key(random), end);
      if (!range.isEmpty()) {
        return range;
      }
    }
  }
}
