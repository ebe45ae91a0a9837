package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Slice;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HorizonsTest {
  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }

  @Test
  void rangesAdvanceEachByItselfAndNeverGoBack() {
    long seed = Long.getLong("ppdb.seed", 1L);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Horizons horizons = Horizons.everywhere(new Horizon(0, 0));
      Horizon[] model = new Horizon[256];
      Arrays.fill(model, new Horizon(0, 0));
      for (int i = 0; i < 20; i++) {
        int start = random.nextInt(256);
        int end = random.nextInt(280);
        Horizon horizon = new Horizon(random.nextInt(10), random.nextInt(10));
        byte[] endKey = end > 255 ? null : key(end);
        horizons = horizons.advanced(KeyRange.between(key(start), endKey), horizon);
        for (int k = start; k < Math.min(end, 256); k++) {
          model[k] =
              new Horizon(
                  Math.max(model[k].version(), horizon.version()),
                  Math.max(model[k].instantMillis(), horizon.instantMillis()));
        }
      }
      assertSame(horizons, model, random, seed);
    }
  }

  private static void assertSame(Horizons horizons, Horizon[] model, Random random, long seed) {
    Horizons.Walk walk = horizons.walk();
    for (int k = 0; k < 256; k++) {
      assertThat(horizons.of(key(k))).as("seed %d, key %d", seed, k).isEqualTo(model[k]);
      assertThat(walk.of(new Slice(key(k)))).as("seed %d, key %d", seed, k).isEqualTo(model[k]);
    }
    for (int i = 0; i < 50; i++) {
      int k = random.nextInt(256);
      assertThat(walk.of(new Slice(key(k)))).as("seed %d, key %d", seed, k).isEqualTo(model[k]);
      int start = random.nextInt(255);
      int end = start + 1 + random.nextInt(256 - start);
      long version = random.nextInt(10);
      long instant = random.nextInt(10);
      boolean admitted = true;
      for (int j = start; j < Math.min(end, 256); j++) {
        admitted &= version >= model[j].version() && instant >= model[j].instantMillis();
      }
      KeyRange range = KeyRange.between(key(start), end > 255 ? null : key(end));
      Horizon refusing = horizons.refusing(range, version, instant);
      assertThat(refusing == null).as("seed %d, %s", seed, range).isEqualTo(admitted);
    }
  }

  @Test
  void neighboursOfOneHorizonAreOneRange() {
    Horizons horizons = Horizons.everywhere(new Horizon(0, 0));
    horizons = horizons.advanced(KeyRange.of(key(1), key(5)), new Horizon(3, 3));
    horizons = horizons.advanced(KeyRange.of(key(5), key(9)), new Horizon(3, 3));
    assertThat(horizons.rangeCount()).isEqualTo(3);
    assertThat(horizons.lowestVersion()).isZero();
    horizons = horizons.advancedTo(Horizons.everywhere(new Horizon(4, 4)));
    assertThat(horizons.rangeCount()).isEqualTo(1);
    assertThat(horizons.lowestVersion()).isEqualTo(4);
  }
}
