package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.lsm.crash.LyingVfs.Lie;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof of {@link CrashTest}: it finds each seeded bug within what CI runs of it. */
class DurabilityMutantsTest {
  /** Fewer crashes than CI tries. */
  private static final int MAX_CRASHES = 1_800;

  @ParameterizedTest
  @EnumSource
  void powerLossShows(Lie lie) {
    Crashes crashes = new Crashes(vfs -> new LyingVfs(vfs, lie));
    String found = null;
    for (long seed = 1; found == null && crashes.count() < MAX_CRASHES; seed++) {
      found = crashes.atEveryOperation(seed);
    }
    assertThat(found).as("what %d power losses show of %s", crashes.count(), lie).isNotNull();
  }
}
