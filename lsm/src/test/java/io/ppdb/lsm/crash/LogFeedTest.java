package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log promises to who reads changes from it. */
class LogFeedTest {
  private static final LsmOptions TINY =
      CrashTest.TINY.withStore(CrashTest.TINY.store().withChangeLogBytes(1 << 20));

  private static final int COMMITS_BESIDE_A_FEED = 2_000;

  /** In that many commits some segments come and go. */
  private static final int LAG = 150;

  private static long put(LsmStore store, int number, Durability durability) {
    return store.write(
        new WriteBatch().put(Script.key(number % 7), Script.value(number, 100)), durability);
  }

  private static List<Long> versions(ChangeCursor cursor) {
    List<Long> versions = new ArrayList<>();
    for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
      versions.add(commit.version());
    }
    return versions;
  }

  @Test
  void whatWasShownSurvivesPowerLossThoughNobodyAskedForASync() {
    MemVfs disk = MemDirectory.fresh();
    LsmStore store = LsmStore.open(MemDirectory.PATH, TINY.withVfs(disk));
    List<Long> shown = new ArrayList<>();
    try (ChangeCursor cursor = store.changes(0)) {
      for (int i = 0; i < 200; i++) {
        put(store, i, Durability.ASYNC);
        if (i % 3 == 0) {
          shown.addAll(versions(cursor));
        }
      }
    }
    MemVfs after = disk.crashed(new Random(1));
    store.close();
    try (LsmStore again = LsmStore.open(MemDirectory.PATH, TINY.withVfs(after));
        ChangeCursor cursor = again.changes(0)) {
      assertThat(versions(cursor))
          .hasSizeGreaterThanOrEqualTo(199)
          .startsWith(shown.toArray(Long[]::new));
    }
  }

  @Test
  void aCommitThatWasNotSyncedBecauseTheLogFailedIsNotShown() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    // It is the sync of the log that has to fail.
    LsmOptions inTheTree = TINY.withBlobs(BlobOptions.DEFAULT).withVfs(faults);
    LsmStore store = LsmStore.open(MemDirectory.PATH, inTheTree);
    long first = put(store, 1, Durability.SYNC);
    try (ChangeCursor cursor = store.changes(0)) {
      faults.failAt(1, FaultVfs.Fault.IO_ERROR, true); // the write is done, its sync fails
      assertThatThrownBy(() -> put(store, 2, Durability.SYNC))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN));
      assertThat(versions(cursor)).containsExactly(first);
      assertThat(versions(cursor)).isEmpty();
    }
    assertThatThrownBy(store::close).isInstanceOf(PpdbException.class);
  }

  /**
   * Flushes give up the segments that a feed reads from, and use their files again, while it reads:
   * it goes on without a gap, or says that it fell behind.
   */
  @Test
  @Timeout(120)
  void aFeedWhoseSegmentIsGivenUpMissesNothingOrSaysSo() throws Exception {
    LsmOptions options =
        CrashTest.TINY
            .withStore(CrashTest.TINY.store().withChangeLogBytes(4_000))
            .withVfs(MemDirectory.fresh());
    AtomicLong written = new AtomicLong();
    CountDownLatch seen = new CountDownLatch(1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      Future<?> writer =
          threads.submit(
              () -> {
                do { // slowly, until the feed has begun
                  written.set(put(store, 0, Durability.ASYNC));
                } while (!seen.await(1, TimeUnit.MILLISECONDS));
                for (int i = 0; i < COMMITS_BESIDE_A_FEED; i++) {
                  written.set(put(store, i, Durability.ASYNC));
                  if (i % 10 == 0) {
                    store.flush();
                  }
                }
                return null;
              });
      int seenCount = 0;
      int tooOldCount = 0;
      long position = 0;
      while (!writer.isDone() || position < written.get()) {
        try (ChangeCursor cursor = store.changes(position)) {
          // Every other time the feed dawdles, so that its segment goes.
          long start = tooOldCount % 2 == 0 ? 0 : position + LAG;
          while (!writer.isDone() && written.get() < start) {
            Thread.onSpinWait();
          }
          for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
            assertThat(commit.version()).isEqualTo(position + 1);
            position = commit.version();
            seenCount++;
            seen.countDown();
            long pause = seenCount % LAG == 0 ? position + LAG : 0;
            while (!writer.isDone() && written.get() < pause) {
              Thread.onSpinWait();
            }
          }
        } catch (PpdbException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
          tooOldCount++;
          try (Snapshot snapshot = store.snapshot()) {
            position = snapshot.version();
          }
        }
      }
      writer.get();
      assertThat(position).isEqualTo(written.get());
      assertThat(seenCount).isPositive();
      assertThat(tooOldCount).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFeedGoesOnWhereItWasThroughReopenings() {
    MemVfs disk = MemDirectory.fresh();
    long position = 0;
    List<Long> written = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      try (LsmStore store = LsmStore.open(MemDirectory.PATH, TINY.withVfs(disk))) {
        for (int i = 0; i < 20; i++) {
          written.add(put(store, i, Durability.ASYNC));
        }
        try (ChangeCursor cursor = store.changes(position)) {
          seen.addAll(versions(cursor));
        }
        position = seen.get(seen.size() - 1);
        written.add(put(store, round, Durability.ASYNC));
      }
    }
    assertThat(seen).isEqualTo(written.subList(0, written.size() - 1));
  }
}
