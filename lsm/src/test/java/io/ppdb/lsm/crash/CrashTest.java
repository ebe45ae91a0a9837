package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
  void everythingPromisedSurvivesPowerLossAtEveryOperation() throws IOException {
    Crashes crashes = new Crashes(vfs -> vfs);
    Long given = Long.getLong("ppdb.seed");
    if (given != null) {
      assertNone(crashes, crashes.atEveryOperation(given));
      return;
    }
    for (long seed = 1; crashes.count() < MIN_CRASHES_AT_EVERY_OPERATION; seed++) {
      assertNone(crashes, crashes.atEveryOperation(seed));
    }
    assertThat(crashes.ofRecoveryCount()).isGreaterThan(MIN_CRASHES_AT_EVERY_OPERATION / 4);
  }

  @Test
  void everythingPromisedByLongScriptsSurvivesPowerLossAtRandomOperations() throws IOException {
    Crashes crashes = new Crashes(vfs -> vfs);
    Long given = Long.getLong("ppdb.seed");
    if (given != null) {
      assertNone(crashes, crashes.ofLongScript(given));
      return;
    }
    for (long seed = 1; crashes.count() < MIN_CRASHES_OF_LONG_SCRIPTS; seed++) {
      assertNone(crashes, crashes.ofLongScript(seed));
    }
  }

  private static void assertNone(Crashes crashes, @Nullable String wrong) throws IOException {
    if (wrong != null) {
      Path directory = Path.of("target", "crash");
      crashes.writeJudged(directory);
      throw new AssertionError(wrong + "\nthe store is in " + directory.toAbsolutePath());
    }
  }
}
