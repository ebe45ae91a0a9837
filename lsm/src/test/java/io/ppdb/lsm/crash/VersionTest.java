package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No version is handed out twice, whatever became of it and of the process. */
class VersionTest {
  /** More than are reserved by one edit of the manifest. */
  private static final int COMMIT_COUNT = 300_000;

  @Test
  void versionsOfCommitsThatOnlyLockAreNotHandedOutAgainAfterPowerLoss() {
    MemVfs disk = MemDirectory.fresh();
    LsmStore store = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(disk));
    long last = 0;
    for (int i = 0; i < COMMIT_COUNT; i++) {
      last = lock(store);
    }
    MemVfs after = disk.crashed(new Random(1));
    assertThat(store.write(put(1), Durability.SYNC)).isEqualTo(last + 1);
    store.close();
    try (LsmStore again = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(after))) {
      assertThat(again.write(put(2), Durability.SYNC)).isGreaterThan(last);
    }
  }

  @Test
  void versionsOfCommitsThatOnlyLockAreNotHandedOutAgainAfterClosing() {
    MemVfs disk = MemDirectory.fresh();
    long last;
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(disk))) {
      store.write(put(1), Durability.SYNC);
      last = lock(store);
    }
    try (LsmStore again = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(disk))) {
      assertThat(lock(again)).isEqualTo(last + 1);
    }
  }

  @Test
  @Timeout(60)
  void theVersionOfACommitThatFailedIsNotHandedOutAgain() {
    for (FaultVfs.Fault fault : FaultVfs.Fault.values()) {
      if (fault == FaultVfs.Fault.READ_ERROR) {
        continue; // a commit does not read
      }
      MemVfs disk = MemDirectory.fresh();
      FaultVfs faults = new FaultVfs(disk);
      LsmStore store = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(faults));
      long first = store.write(put(1), Durability.SYNC);
      faults.failAt(0, fault, true);
      long failedCount = 0;
      for (int i = 0; i < 3; i++) {
        try {
          store.write(new WriteBatch().put(Script.key(2), new byte[5_000]), Durability.SYNC);
        } catch (PpdbException e) {
          failedCount++;
        }
      }
      assertThat(failedCount).as("%s", fault).isEqualTo(3);
      MemVfs after = disk.crashed(new Random(1));
      try (LsmStore again = LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(after))) {
        assertThat(lock(again)).as("%s", fault).isGreaterThan(first + failedCount);
      }
    }
  }

  private static long lock(LsmStore store) {
    try (Transaction transaction = store.begin()) {
      transaction.lockForUpdate(Script.key(0));
      return transaction.commit();
    }
  }

  private static WriteBatch put(int number) {
    return new WriteBatch().put(Script.key(number), Script.value(number, 1));
  }
}
