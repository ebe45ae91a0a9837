package io.ppdb.kv.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessSketchTest {
  private static final int LIMIT = 1 << 20;

  @Test
  void ageGrowsWithWhatIsWrittenAndEndsWithUse() {
    AccessSketch sketch = new AccessSketch(LIMIT);
    sketch.used(1);
    assertThat(sketch.age(1)).isZero();
    for (int i = 0; i < 4; i++) {
      sketch.wrote(LIMIT / 8);
    }
    assertThat(sketch.age(1)).isEqualTo(64);
    sketch.used(1);
    assertThat(sketch.age(1)).isZero();
    assertThat(sketch.age(2)).isEqualTo(64);
  }

  @Test
  void frequencyIsCountedUpToItsMaximumAndHalvedAfterManyUses() {
    AccessSketch sketch = new AccessSketch(LIMIT);
    for (int i = 1; i <= 20; i++) {
      sketch.used(7);
      assertThat(sketch.frequency(7)).isEqualTo(Math.min(i, AccessSketch.MAX_FREQUENCY));
    }
    assertThat(sketch.frequency(8)).isZero();
    Random random = new Random(3);
    while (sketch.frequency(7) == AccessSketch.MAX_FREQUENCY) {
      sketch.used(random.nextInt());
      sketch.fade(1);
    }
    assertThat(sketch.frequency(7)).isEqualTo(AccessSketch.MAX_FREQUENCY / 2);
  }

  @Test
  void fewKeysAreTakenForHotterOnesWhenTheStoreIsFull() {
    AccessSketch sketch = new AccessSketch(LIMIT);
    int keyCount = LIMIT / 200;
    Random random = new Random(5);
    int[] keys = random.ints(2L * keyCount).toArray();
    for (int i = 0; i < keyCount; i++) {
      for (int use = 0; use < 5; use++) {
        sketch.used(keys[i]);
      }
    }
    int wrongFrequency = 0;
    for (int i = keyCount; i < keys.length; i++) {
      wrongFrequency += sketch.frequency(keys[i]) > 0 ? 1 : 0;
    }
    assertThat(wrongFrequency).isLessThan(keyCount / 8);
  }
}
