package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyMapTest {
  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }

  private static RangePolicy policy(int minutes) {
    return RangePolicy.DEFAULT.withHistory(Duration.ofMinutes(minutes));
  }

  @Test
  void everyKeyHasThePolicySetLast() {
    long seed = Long.getLong("ppdb.seed", 1L);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      PolicyMap map = new PolicyMap();
      RangePolicy[] model = new RangePolicy[256];
      Arrays.fill(model, RangePolicy.DEFAULT);
      for (int i = 0; i < 20; i++) {
        int start = random.nextInt(256);
        int end = random.nextInt(280);
        RangePolicy policy = policy(random.nextInt(4));
        map.set(KeyRange.between(key(start), end > 255 ? null : key(end)), policy);
        for (int k = start; k < Math.min(end, 256); k++) {
          model[k] = policy;
        }
      }
      for (int k = 0; k < 256; k++) {
        assertThat(map.get(key(k))).as("seed %d, key %d", seed, k).isEqualTo(model[k]);
      }
      assertRestored(map, model);
    }
  }

  private static void assertRestored(PolicyMap map, RangePolicy[] model) {
    PolicyMap restored = new PolicyMap();
    map.assignments().forEach(a -> restored.set(a.range(), a.policy()));
    assertThat(restored.assignments()).isEqualTo(map.assignments());
    for (int k = 0; k < 256; k += 5) {
      assertThat(restored.get(key(k))).isEqualTo(model[k]);
    }
  }

  @Test
  void neighboursOfOnePolicyAreOneRange() {
    PolicyMap map = new PolicyMap();
    map.set(KeyRange.of(key(1), key(5)), policy(1));
    map.set(KeyRange.of(key(5), key(9)), policy(1));
    assertThat(map.assignments()).hasSize(3);
    map.set(KeyRange.all(), RangePolicy.DEFAULT);
    assertThat(map.assignments()).hasSize(1);
  }
}
