package io.ppdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.PpdbException;
import io.ppdb.kv.StoreOptions;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Power is lost at every single I/O of a commit that all models took part in. */
class CommitCrashTest {
  private static final Path DIRECTORY = Path.of("/data");
  private static final long SEED = Long.getLong("ppdb.seed", 20261122);

  /** Disks that one moment of power loss can leave; each is tried. */
  private static final int DISKS_PER_MOMENT = 3;

  private static Database open(Vfs vfs) {
    return Database.over(
        LsmStore.open(
            DIRECTORY,
            LsmOptions.of(StoreOptions.DEFAULT).withVfs(vfs).withWalGrowthBytes(64 << 10)));
  }

  private static MemVfs preparedDisk() throws IOException {
    MemVfs disk = new MemVfs();
    disk.createDirectory(DIRECTORY);
    try (Database database = open(disk)) {
      AllModels.define(database);
    }
    return disk;
  }

  @Test
  void aCommitOfAllModelsIsAllOrNothingWhereverPowerIsLost() throws IOException {
    MemVfs prepared = preparedDisk();
    int lost = 0;
    int kept = 0;
    boolean crashed = true;
    for (int operation = 0; crashed; operation++) {
      List<MemVfs> survivors = new ArrayList<>();
      MemVfs disk = prepared.killed();
      boolean acknowledged = commitWithCrashAt(operation, disk, survivors);
      crashed = !survivors.isEmpty();
      for (MemVfs survivor : survivors) {
        try (Database database = open(survivor)) {
          List<String> present = AllModels.present(database);
          String moment = "crash at operation " + operation + ", seed " + SEED;
          assertThat(present.isEmpty() || present.equals(AllModels.ALL))
              .as("%s: only %s survived", moment, present)
              .isTrue();
          if (acknowledged) {
            assertThat(present).as("%s: acknowledged", moment).isEqualTo(AllModels.ALL);
          }
          if (present.isEmpty()) {
            lost++;
          } else {
            kept++;
          }
        }
      }
    }
    // Some crashes come before the commit is durable, some after: otherwise nothing was tried.
    assertThat(lost).isPositive();
    assertThat(kept).isPositive();
  }

  /** Whether the commit returned; {@code survivors} stays empty if no crash came at all. */
  private static boolean commitWithCrashAt(int operation, MemVfs disk, List<MemVfs> survivors) {
    FaultVfs faults = new FaultVfs(disk);
    Database database = open(faults);
    boolean acknowledged = false;
    try {
      Transaction transaction = database.begin();
      AllModels.write(transaction);
      faults.crashAt(
          operation,
          () -> {
            for (int i = 0; i < DISKS_PER_MOMENT; i++) {
              survivors.add(disk.crashed(new Random(SEED + operation * 31L + i)));
            }
          });
      transaction.commit();
      acknowledged = true;
    } catch (PpdbException e) {
      assertThat(faults.hasFired()).as("operation %d: %s", operation, e).isTrue();
    }
    // A commit that did not crash is followed by closing, whose operations count on.
    closeQuietly(database);
    return acknowledged;
  }

  private static void closeQuietly(Database database) {
    try {
      database.close();
    } catch (PpdbException e) {
      // A crash while closing leaves the store for recovery.
      assertThat(e.code()).isNotNull();
    }
  }
}
