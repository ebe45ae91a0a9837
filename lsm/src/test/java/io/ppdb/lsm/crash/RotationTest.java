package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The traps of a change of memtable, with a thread parked at the dangerous point. */
class RotationTest {
  private static final int TIMEOUT_SECONDS = 60;

  /**
   * If a memtable were flushed before its log is synced, a commit in a table could survive power
   * loss while an earlier one, in the log only, does not.
   */
  @Test
  void nothingIsFlushedBeforeItsLogIsSynced() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    Gate gate = new Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, ".wal", GateVfs.Operation.FORCE, gate))) {
      store.write(put(1), Durability.ASYNC);
      // Not the sync of the segment that the flush begins.
      gate.closeForFile(segments(disk).get(0));
      Future<?> flush = threads.submit(store::flush);
      gate.awaitArrival();
      assertThat(segments(disk)).hasSize(2);
      assertThat(tableCount(disk)).as("tables before the log is synced").isZero();
      gate.open();
      flush.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(tableCount(disk)).isOne();
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * A commit whose record is queued, but that is not in its memtable yet, when the memtable is
   * frozen: its segment of the log goes with the flush, so the flush has to wait for it.
   */
  @Test
  void aCommitThatIsSlowToApplyIsInTheTableOfItsMemtable() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    Gate gate = new Gate();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (LsmStore store = open(new GateVfs(disk, ".wal", GateVfs.Operation.WRITE, gate))) {
      store.write(put(1), Durability.SYNC);
      store.flush();
      gate.closeFor("ppdb-test-commit");
      Future<?> commit =
          threads.submit(
              () -> {
                Thread.currentThread().setName("ppdb-test-commit");
                return store.write(put(2), Durability.SYNC);
              });
      gate.awaitArrival();
      Future<?> flush = threads.submit(store::flush);
      assertThat(flush.isDone()).isFalse();
      gate.open();
      commit.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      flush.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      MemVfs after = disk.crashed(new Random(1));
      try (LsmStore again = open(after);
          Snapshot snapshot = again.snapshot()) {
        assertThat(snapshot.get(Script.key(1))).isNotNull();
        assertThat(snapshot.get(Script.key(2))).isNotNull();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * A flush that is about to freeze the memtable finds that a commit has done so, and used up the
   * segment that was there for it.
   */
  @Test
  @Timeout(TIMEOUT_SECONDS)
  void aFlushAndACommitThatBothFreezeTheMemtableDoNotTrip() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    Gate gate = new Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, "MANIFEST", GateVfs.Operation.FORCE, gate))) {
      store.write(put(1, 1_000), Durability.SYNC);
      store.write(put(1), Durability.SYNC);
      while (segments(disk).size() < 2) {
        Thread.onSpinWait(); // that commit has the next segment made, in the background
      }
      gate.closeFor("ppdb-test-flush");
      Future<?> flush =
          threads.submit(
              () -> {
                Thread.currentThread().setName("ppdb-test-flush");
                store.flush();
              });
      gate.awaitArrival();
      store.write(put(2, 1_100), Durability.SYNC);
      store.write(put(3, 10), Durability.SYNC);
      gate.open();
      flush.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(tableCount(disk)).isOne();
    } finally {
      threads.shutdownNow();
    }
  }

  /** The flush that the second commit waits for was asked for by nobody but itself. */
  @Test
  @Timeout(TIMEOUT_SECONDS)
  void aCommitBehindOneThatIsLargerThanMemtablesMayGrowGoesOn() {
    try (LsmStore store = open(MemDirectory.fresh())) {
      store.write(put(1, 10_000), Durability.SYNC);
      store.write(put(2), Durability.SYNC);
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(snapshot.get(Script.key(1))).isNotNull();
        assertThat(snapshot.get(Script.key(2))).isNotNull();
      }
    }
  }

  /**
   * A compaction goes by the horizon that it began with: what a view opened since needs is newer
   * than that, and a view from before holds it back.
   */
  @Test
  void aCompactionDropsNothingThatAViewNeedsWhichWasOpenedBeforeOrSince() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    Gate gate = new Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, ".sst", GateVfs.Operation.WRITE, gate))) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      store.write(put(1, 10), Durability.SYNC);
      try (Snapshot before = store.snapshot()) {
        store.write(put(1, 20), Durability.SYNC);
        store.flush();
        gate.closeFor("ppdb-test-compact");
        Future<?> compaction =
            threads.submit(
                () -> {
                  Thread.currentThread().setName("ppdb-test-compact");
                  store.compact();
                });
        gate.awaitArrival();
        try (Snapshot since = store.snapshot()) {
          store.write(put(1, 30), Durability.SYNC);
          gate.open();
          compaction.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
          assertThat(before.get(Script.key(1))).isEqualTo(Script.value(1, 10));
          assertThat(since.get(Script.key(1))).isEqualTo(Script.value(1, 20));
        }
      }
      store.compact();
      assertThat(store.get(Script.key(1))).isEqualTo(Script.value(1, 30));
      assertThat(store.statistics().entryCount()).isOne();
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> segments(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".wal")).toList();
  }

  private static LsmStore open(Vfs vfs) {
    // Values have to fill the memtable.
    return LsmStore.open(
        MemDirectory.PATH, CrashTest.TINY.withBlobs(BlobOptions.DEFAULT).withVfs(vfs));
  }

  private static long tableCount(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).count();
  }

  private static WriteBatch put(int number) {
    return put(number, 10);
  }

  private static WriteBatch put(int number, int padding) {
    return new WriteBatch().put(Script.key(number), Script.value(number, padding));
  }

  /** Where a thread that passes can be made to wait. */
  static final class Gate {
    private volatile CountDownLatch arrived = new CountDownLatch(0);
    private volatile CountDownLatch opened = new CountDownLatch(0);
    private volatile String threadName = "";
    private volatile String fileName = "";

    void close() {
      close("", "");
    }

    /** Closes for threads whose names begin so. */
    void closeFor(String namePrefix) {
      close(namePrefix, "");
    }

    /** Closes for operations on one file. */
    void closeForFile(String name) {
      close("", name);
    }

    private void close(String newThreadName, String newFileName) {
      threadName = newThreadName;
      fileName = newFileName;
      arrived = new CountDownLatch(1);
      opened = new CountDownLatch(1);
    }

    void open() {
      opened.countDown();
    }

    void awaitArrival() throws InterruptedException {
      assertThat(arrived.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    void pass(String name) throws IOException {
      if (!Thread.currentThread().getName().startsWith(threadName) || !name.contains(fileName)) {
        return;
      }
      arrived.countDown();
      try {
        if (!opened.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("the gate was not opened");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
