package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeIndexTest {
  @Test
  void anInstantFindsTheLastVersionOfItsTickOrAnEarlierOne() {
    TimeIndex index = new TimeIndex(10, 100);
    index.append(11, 100);
    index.append(12, 103);
    index.append(13, 103);
    assertThat(index.versionAt(100)).isEqualTo(11);
    assertThat(index.versionAt(102)).isEqualTo(11);
    assertThat(index.versionAt(103)).isEqualTo(13);
    assertThat(index.versionAt(Long.MAX_VALUE)).isEqualTo(13);
    assertThat(index.timeOf(11)).isEqualTo(100);
    assertThat(index.timeOf(12)).isEqualTo(103);
    assertThat(index.timeOf(13)).isEqualTo(103);
  }

  @Test
  void everythingIsAsAMapSaysWhateverTheGaps() {
    long seed = Long.getLong("ppdb.seed", 1L);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      long version = random.nextInt(1000);
      long millis = random.nextInt(1000);
      TimeIndex index = new TimeIndex(version, millis);
      TreeMap<Long, Long> tickOfVersion = new TreeMap<>(Map.of(version, millis));
      for (int i = 0; i < 5 * TimeIndex.CHUNK_TICKS; i++) {
        version += 1 + (random.nextInt(50) == 0 ? random.nextInt(1_000_000) : 0);
        millis += gap(random);
        index.append(version, millis);
        tickOfVersion.put(version, millis);
      }
      TreeMap<Long, Long> lastOfTick = new TreeMap<>();
      tickOfVersion.forEach((v, tick) -> lastOfTick.put(tick, v));
      for (int i = 0; i < 3000; i++) {
        long instant = lastOfTick.firstKey() + (long) (random.nextDouble() * millis);
        assertThat(index.versionAt(instant))
            .as("seed %d, instant %d", seed, instant)
            .isEqualTo(lastOfTick.floorEntry(instant).getValue());
      }
      tickOfVersion.forEach(
          (v, tick) ->
              assertThat(index.timeOf(v)).as("seed %d, version %d", seed, v).isEqualTo(tick));
    }
  }

  /** Mostly none or little, sometimes more than a chunk can count. */
  private static long gap(Random random) {
    return switch (random.nextInt(1000)) {
      case 0 -> 1L << 33;
      case 1, 2, 3 -> random.nextInt(100_000);
      default -> random.nextInt(3);
    };
  }

  @Test
  void whatIsForgottenIsBelowTheFloorAndTheRestStaysExact() {
    TimeIndex index = new TimeIndex(0, 0);
    int count = 10 * TimeIndex.CHUNK_TICKS;
    for (int i = 1; i <= count; i++) {
      index.append(i, 2L * i);
    }
    assertThat(index.hasGrown()).isTrue();
    index.forgetBefore(5000);
    assertThat(index.hasGrown()).isFalse();
    Horizon floor = index.floor();
    assertThat(floor.version()).isBetween(5000L - TimeIndex.CHUNK_TICKS, 5000L);
    for (long version = floor.version(); version <= count; version++) {
      assertThat(index.timeOf(version)).isEqualTo(2 * version);
      assertThat(index.versionAt(2 * version + 1)).isEqualTo(version);
    }
    assertThat(index.versionAt(7)).as("before the floor").isEqualTo(floor.version());
    assertThat(index.timeOf(7)).as("before the floor").isEqualTo(floor.instantMillis());
  }

  /** In parts, as a store makes them durable while it goes on. */
  @Test
  void whatIsGivenOutInPartsMakesTheSameIndexAgain() {
    Random random = new Random(7);
    TimeIndex index = new TimeIndex(3, 10);
    TimeIndex copy = new TimeIndex(3, 10);
    long version = 3;
    long millis = 10;
    for (int i = 0; i < 5 * TimeIndex.CHUNK_TICKS; i++) {
      version += 1 + random.nextInt(3);
      millis += random.nextInt(3);
      index.append(version, millis);
      if (random.nextInt(500) == 0) {
        index.forEachAfter(copy.lastVersion(), copy::append);
        assertThat(copy.lastVersion()).isEqualTo(version);
        assertThat(copy.lastMillis()).isEqualTo(millis);
      }
    }
    index.forEachAfter(copy.lastVersion(), copy::append);
    for (long v = 3; v <= version; v++) {
      assertThat(copy.timeOf(v)).isEqualTo(index.timeOf(v));
    }
    for (long t = 10; t <= millis; t++) {
      assertThat(copy.versionAt(t)).isEqualTo(index.versionAt(t));
    }
  }

  @Test
  void memoryIsBoundedEvenIfNobodyForgets() {
    TimeIndex index = new TimeIndex(0, 0);
    long count = (TimeIndex.MAX_CHUNKS + 3L) * TimeIndex.CHUNK_TICKS;
    for (long i = 1; i <= count; i++) {
      index.append(i, i);
    }
    assertThat(index.chunkCount()).isEqualTo(TimeIndex.MAX_CHUNKS);
    assertThat(index.floor().version()).isGreaterThan(TimeIndex.CHUNK_TICKS);
    assertThat(index.timeOf(count)).isEqualTo(count);
    assertThat(index.versionAt(index.floor().instantMillis())).isEqualTo(index.floor().version());
  }

  @Test
  void readersBesideTheAppenderNeverSeeLessThanWasPublished() throws Exception {
    TimeIndex index = new TimeIndex(0, 0);
    AtomicLong published = new AtomicLong();
    int count = 300_000;
    Thread appender =
        new Thread(
            () -> {
              for (long version = 1; version <= count; version++) {
                index.append(version, version / 3);
                published.set(version);
              }
            });
    appender.start();
    long seen;
    do {
      seen = published.get();
      assertThat(index.versionAt(Long.MAX_VALUE)).isGreaterThanOrEqualTo(seen);
      if (seen > 10) {
        assertThat(index.timeOf(seen)).isEqualTo(seen / 3);
        long instant = seen / 3 - 1;
        assertThat(index.versionAt(instant)).isEqualTo(3 * instant + 2);
      }
    } while (seen < count);
    appender.join();
  }
}
