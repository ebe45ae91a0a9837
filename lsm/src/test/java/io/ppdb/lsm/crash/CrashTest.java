package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Power loss at every operation that changes the disk, and what the next opening finds.
 *
 * <p>The harness is proven by mutants: file systems that leave out one of the things an engine has
 * to do. Each of them must be caught.
 */
class CrashTest {
  static final LsmOptions TINY =
      LsmOptions.of(StoreOptions.DEFAULT.withMemtableBytes(2 << 10).withBlockCacheBytes(64 << 10))
          .withWalGrowthBytes(4 << 10)
          .withBlockBytes(256)
          .withCompaction(new CompactionOptions(2, 2 << 10, 2, 1 << 10))
          .withManifestGrowthBytes(256)
          .withBlobs(new BlobOptions(100, 1 << 10));

  private static final long FIRST_SEED = Long.getLong("ppdb.seed", 1);
  private static final int SCRIPT_COUNT = Long.getLong("ppdb.seed") == null ? 12 : 1;
  private static final int STEP_COUNT = 14;

  @Test
  void everyAcknowledgedSyncCommitSurvivesPowerLossAtEveryOperation() {
    for (int i = 0; i < SCRIPT_COUNT; i++) {
      assertThat(crashEverywhere(FIRST_SEED + i, vfs -> vfs)).isNull();
    }
  }

  @Test
  void longScriptsSurvivePowerLossAtRandomOperations() {
    int crashCount = Long.getLong("ppdb.seed") == null ? 150 : 1;
    for (int i = 0; i < crashCount; i++) {
      long seed = FIRST_SEED + i;
      Random random = new Random(seed);
      assertThat(crash(new Script(seed, 120), seed, random.nextInt(1500), vfs -> vfs)).isNull();
    }
  }

  @Test
  void aDiskThatIgnoresSyncsOfFilesIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_FILES))).isTrue();
  }

  @Test
  void aDiskThatIgnoresSyncsOfTheLogIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_LOG))).isTrue();
  }

  @Test
  void aDiskThatIgnoresSyncsOfTablesIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_TABLES))).isTrue();
  }

  @Test
  void aDiskThatIgnoresSyncsOfBlobFilesIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_BLOBS))).isTrue();
  }

  @Test
  void aDiskThatIgnoresSyncsOfTheManifestIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_MANIFEST))).isTrue();
  }

  @Test
  void aDiskThatIgnoresSyncsOfDirectoriesIsCaught() {
    assertThat(caught(vfs -> new LyingVfs(vfs, LyingVfs.Lie.SYNC_OF_DIRECTORIES))).isTrue();
  }

  private static boolean caught(UnaryOperator<Vfs> mutant) {
    for (int i = 0; i < SCRIPT_COUNT; i++) {
      if (crashEverywhere(FIRST_SEED + i, mutant) != null) {
        return true;
      }
    }
    return false;
  }

  /** Runs a script again and again, crashing one operation later each time. */
  private static @Nullable String crashEverywhere(long seed, UnaryOperator<Vfs> between) {
    Script script = new Script(seed, STEP_COUNT);
    for (int index = 0; ; index++) {
      List<Boolean> crashed = new ArrayList<>();
      String wrong = crash(script, seed, index, between, crashed);
      if (wrong != null || crashed.isEmpty()) {
        return wrong;
      }
    }
  }

  private static @Nullable String crash(
      Script script, long seed, int index, UnaryOperator<Vfs> between) {
    return crash(script, seed, index, between, new ArrayList<>());
  }

  private static @Nullable String crash(
      Script script, long seed, int index, UnaryOperator<Vfs> between, List<Boolean> crashed) {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    AtomicReference<MemVfs> found = new AtomicReference<>();
    Random random = new Random(31 * seed + index);
    faults.crashAt(index, () -> found.set(disk.crashed(random)));
    Script.Progress progress = script.run(TINY.withVfs(between.apply(faults)));
    MemVfs after = found.get();
    if (after == null) {
      after = disk.crashed(random);
    } else {
      crashed.add(true);
    }
    String wrong = Survivors.check(after, TINY, progress);
    return wrong == null ? null : "seed " + seed + ", crash at operation " + index + ": " + wrong;
  }
}
