package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.FaultVfs.Fault;
import io.ppdb.lsm.vfs.MemVfs;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The i-th operation on the disk fails: every i with {@code -Pfull}, else every seventh, beginning
 * elsewhere for every script.
 */
class FaultSweepTest {
  private static final Long GIVEN_SEED = Long.getLong("ppdb.seed");
  private static final boolean EVERY_OPERATION =
      GIVEN_SEED != null || Integer.getInteger("ppdb.effort", 1) > 1;
  private static final int STRIDE = EVERY_OPERATION ? 1 : 7;
  private static final int SCRIPT_COUNT = 7;
  private static final int STEP_COUNT = 14;

  /** A worker that has found the disk full looks again after a second, or when it is told to. */
  private static final long RESUME_NANOS = 10_000_000_000L;

  private static long firstSeed() {
    return GIVEN_SEED == null ? 1 : GIVEN_SEED;
  }

  private static long lastSeed() {
    return GIVEN_SEED == null ? SCRIPT_COUNT : GIVEN_SEED;
  }

  private static int firstIndex(long seed) {
    return (int) (seed % STRIDE);
  }

  /** After a failed sync the disk has lost what the cache still shows: so after power loss, too. */
  @ParameterizedTest
  @CsvSource({
    "IO_ERROR, false",
    "IO_ERROR, true",
    "READ_ERROR, false",
    "READ_ERROR, true",
    "DISK_FULL, false",
    "DISK_FULL, true",
    "SHORT_WRITE, false",
    "SHORT_WRITE, true",
    "SYNC_DISK_FULL, false",
    "SYNC_DISK_FULL, true"
  })
  void nothingPromisedIsLost(Fault fault, boolean persistent) {
    int firedCount = 0;
    for (long seed = firstSeed(); seed <= lastSeed(); seed++) {
      Script script = new Script(seed, STEP_COUNT);
      boolean reached = true;
      for (int index = firstIndex(seed); reached; index += STRIDE) {
        MemVfs disk = MemDirectory.fresh();
        FaultVfs faults = new FaultVfs(disk);
        faults.failAt(index, fault, persistent);
        Promises promises = script.run(Crashes.OPTIONS.withVfs(faults));
        reached = faults.operationCount() > index;
        firedCount += faults.hasFired() ? 1 : 0;
        String what = "replay with -Dppdb.seed=" + seed + "; " + fault + " at operation " + index;
        assertThat(faults.openFileCount()).as("files left open; %s", what).isZero();
        for (MemVfs after : List.of(disk.crashed(new Random(seed + index)), disk.killed())) {
          assertThat(Survivors.check(after, Crashes.OPTIONS, promises)).as(what).isNull();
        }
      }
    }
    assertThat(firedCount).isPositive();
  }

  /**
   * Until there is space again, a full disk refuses calls by DISK_FULL and nothing else, and reads
   * find what was acknowledged; from then on all goes on.
   */
  @Test
  void aFullDiskRefusesCleanlyAndTheStoreGoesOnWhenThereIsSpace() {
    int refusedCount = 0;
    for (long seed = firstSeed(); seed <= lastSeed(); seed++) {
      Script script = new Script(seed, 2 * STEP_COUNT);
      boolean reached = true;
      for (int index = firstIndex(seed); reached; index += STRIDE) {
        MemVfs disk = MemDirectory.fresh();
        FaultVfs faults = new FaultVfs(disk);
        faults.failAt(index, Fault.DISK_FULL_FOR_GROWTH, true);
        FullDisk fullDisk = new FullDisk(faults);
        Promises promises = script.run(Crashes.OPTIONS.withVfs(faults), fullDisk);
        reached = faults.operationCount() > index;
        faults.heal();
        refusedCount += fullDisk.refusedCount;
        String what = "replay with -Dppdb.seed=" + seed + "; disk full at operation " + index;
        PpdbException failure = promises.failure;
        if (failure != null && failure.code() != ErrorCode.DISK_FULL) {
          throw new AssertionError(what, failure);
        }
        assertThat(faults.openFileCount()).as("files left open; %s", what).isZero();
        for (MemVfs after : List.of(disk.crashed(new Random(seed + index)), disk.killed())) {
          assertThat(Survivors.check(after, Crashes.OPTIONS, promises)).as(what).isNull();
        }
      }
    }
    assertThat(refusedCount).isPositive();
  }

  /** Makes space when a call was refused, once it has looked at what can be read meanwhile. */
  private static final class FullDisk implements Script.OnFailure {
    private final FaultVfs faults;
    private int refusedCount;
    private long healedNanos;

    FullDisk(FaultVfs faults) {
      this.faults = faults;
    }

    @Override
    public boolean goesOn(PpdbException failure, LsmStore store, Promises promises) {
      if (failure.code() != ErrorCode.DISK_FULL) {
        promises.wrong = "refused by " + Survivors.trace(failure);
        return false;
      }
      if (refusedCount++ > 0 && System.nanoTime() - healedNanos > RESUME_NANOS) {
        promises.wrong = "still refused, though there is space: " + failure.getMessage();
        return false;
      }
      try (Snapshot snapshot = store.snapshot()) {
        Map<Integer, Long> seen = Survivors.read(snapshot);
        Map<Integer, Long> expected = promises.stateAfter(promises.acknowledgedCount);
        if (!seen.equals(expected)) {
          promises.wrong = "with a full disk found " + seen + ", not " + expected;
          return false;
        }
      }
      if (refusedCount == 1) {
        faults.heal();
        healedNanos = System.nanoTime();
      }
      return true;
    }
  }
}
