package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import org.junit.jupiter.api.Test;

/**
 * Power loss at every operation that changes the disk, and what the next opening finds; half of the
 * openings are cut short by power loss too, some of them twice.
 *
 * <p>{@link DurabilityMutantsTest} proves that these suites find what they are for.
 */
class CrashTest {
  static final LsmOptions TINY =
      LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(2 << 10).withBlockCacheBytes(64 << 10))
          .withWalGrowthBytes(4 << 10)
          .withBlockBytes(256)
          .withCompaction(new CompactionOptions(2, 2 << 10, 2, 1 << 10))
          .withManifestGrowthBytes(256)
          .withBlobs(new BlobOptions(100, 1 << 10))
          .withMaxLoadBytesInMemory(0);

  private static final int EFFORT = Integer.getInteger("ppdb.effort", 1);
  private static final int MIN_CRASHES_AT_EVERY_OPERATION = 1_800 * EFFORT;
  private static final int MIN_CRASHES_OF_LONG_SCRIPTS = 200 * EFFORT;

  @Test
  void everythingPromisedSurvivesPowerLossAtEveryOperation() {
    Crashes crashes = new Crashes(vfs -> vfs);
    Long given = Long.getLong("ppdb.seed");
    if (given != null) {
      assertThat(crashes.atEveryOperation(given)).isNull();
      return;
    }
    for (long seed = 1; crashes.count() < MIN_CRASHES_AT_EVERY_OPERATION; seed++) {
      assertThat(crashes.atEveryOperation(seed)).isNull();
    }
    assertThat(crashes.ofRecoveryCount()).isGreaterThan(MIN_CRASHES_AT_EVERY_OPERATION / 4);
  }

  @Test
  void everythingPromisedByLongScriptsSurvivesPowerLossAtRandomOperations() {
    Crashes crashes = new Crashes(vfs -> vfs);
    Long given = Long.getLong("ppdb.seed");
    if (given != null) {
      assertThat(crashes.ofLongScript(given)).isNull();
      return;
    }
    for (long seed = 1; crashes.count() < MIN_CRASHES_OF_LONG_SCRIPTS; seed++) {
      assertThat(crashes.ofLongScript(seed)).isNull();
    }
  }
}
