package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A large value is on the disk before anything refers to it: the commit parked on its way. */
class LargeValueOrderTest {
  private static final int TIMEOUT_SECONDS = 60;

  /** So many crashes are drawn at the dangerous point, each with other sectors lost. */
  private static final int CRASH_COUNT = 20;

  /** If the record came first, a crash would leave a handle to nothing. */
  @Test
  void noRecordNamesAValueThatIsNotSynced() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, ".blob", GateVfs.Operation.FORCE, gate))) {
      store.write(small(1), Durability.SYNC);
      List<byte[]> before = logs(disk);
      gate.close();
      Future<?> commit = threads.submit(() -> store.write(large(2), Durability.SYNC));
      gate.awaitArrival();
      assertThat(commit.isDone()).isFalse();
      assertThat(logs(disk))
          .as("the log while the value is synced")
          .containsExactlyElementsOf(before);
      for (int i = 0; i < CRASH_COUNT; i++) {
        assertHolds(disk.crashed(new Random(i)), 1);
      }
      gate.open();
      commit.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < CRASH_COUNT; i++) {
        assertHolds(disk.crashed(new Random(i)), 2);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A value whose record never came is garbage: nobody trips over it, and it goes. */
  @Test
  void aValueThatNoRecordNamesIsGoneAfterACrash() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, ".wal", GateVfs.Operation.WRITE, gate))) {
      store.write(small(1), Durability.SYNC);
      gate.closeFor("ppdb-test-commit");
      Future<?> commit =
          threads.submit(
              () -> {
                Thread.currentThread().setName("ppdb-test-commit");
                return store.write(large(2), Durability.SYNC);
              });
      gate.awaitArrival();
      for (int i = 0; i < CRASH_COUNT; i++) {
        MemVfs after = disk.crashed(new Random(i));
        assertThat(blobFiles(after)).hasSize(1);
        assertHolds(after, 1);
        assertThat(blobFiles(after)).isEmpty();
      }
      gate.open();
      commit.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  private static LsmStore open(Vfs vfs) {
    return LsmStore.open(MemDirectory.PATH, CrashTest.TINY.withVfs(vfs));
  }

  private static WriteBatch small(int number) {
    return new WriteBatch().put(Script.key(number), Script.value(number, 10));
  }

  private static WriteBatch large(int number) {
    return new WriteBatch().put(Script.key(number), Script.value(number, 1_000));
  }

  /** The bytes of all segments. */
  private static List<byte[]> logs(MemVfs disk) throws IOException {
    List<byte[]> logs = new ArrayList<>();
    for (String name : disk.list(MemDirectory.PATH)) {
      if (name.endsWith(".wal")) {
        logs.add(disk.bytes(MemDirectory.PATH.resolve(name)));
      }
    }
    return logs;
  }

  private static List<String> blobFiles(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".blob")).toList();
  }

  private static void assertHolds(MemVfs disk, int lastNumber) {
    try (LsmStore store = open(disk);
        Snapshot snapshot = store.snapshot()) {
      store.verify();
      for (int number = 1; number <= 2; number++) {
        assertThat(snapshot.get(Script.key(number)) != null)
            .as("key %d", number)
            .isEqualTo(number <= lastNumber);
      }
    }
  }
}
