package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.MemVfs;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is gone stays refused, whatever happens to policies, process and clock. */
class HorizonTest {
  private final ManualClock clock = new ManualClock();
  private MemVfs disk = MemDirectory.fresh();

  private LsmStore open() {
    return LsmStore.open(
        MemDirectory.PATH,
        CrashTest.TINY.withStore(CrashTest.TINY.store().withClock(clock)).withVfs(disk));
  }

  /** Loses power; what the process then still does counts no more. */
  private LsmStore crash(LsmStore store) {
    disk = disk.crashed(new Random(1));
    store.close();
    return open();
  }

  private static void history(LsmStore store, long millis) {
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ofMillis(millis)));
  }

  private static long put(LsmStore store, int number) {
    return store.write(
        new WriteBatch().put(Script.key(1), Script.value(number, 0)), Durability.SYNC);
  }

  private static void assertTooOld(LsmStore store, long version) {
    try (Snapshot past = store.snapshotAt(version)) {
      assertThatThrownBy(() -> past.get(Script.key(1)))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
    }
  }

  private static void assertReads(LsmStore store, long version, int number) {
    try (Snapshot past = store.snapshotAt(version)) {
      assertThat(past.get(Script.key(1))).isEqualTo(Script.value(number, 0));
    }
  }

  @Test
  void aHistoryThatIsRaisedDoesNotBringBackWhatACompactionDropped() {
    LsmStore store = open();
    history(store, 0);
    long first = put(store, 1);
    long second = put(store, 2);
    store.compact();
    history(store, 1_000_000);
    store = crash(store);
    assertTooOld(store, first);
    assertReads(store, second, 2);
    store.close();
  }

  @Test
  void aHorizonThatWasShownIsKeptWhenTheHistoryIsRaised() {
    LsmStore store = open();
    history(store, 0);
    long first = put(store, 1);
    put(store, 2);
    assertTooOld(store, first);
    history(store, 1_000_000);
    store = crash(store);
    assertTooOld(store, first);
    store.close();
  }

  @Test
  void aClockThatGoesBackDoesNotBringBackWhatACompactionDropped() {
    LsmStore store = open();
    history(store, 100);
    clock.set(2_000_000);
    long first = put(store, 1);
    clock.set(2_000_010);
    long second = put(store, 2);
    store.flush();
    clock.set(3_000_000);
    store.compact();
    clock.set(2_000_011);
    store = crash(store);
    assertTooOld(store, first);
    assertReads(store, second, 2);
    store.close();
  }

  @Test
  void theClockThatGoesBackOverARestartLetsTheStoresTimeStand() {
    LsmStore store = open();
    history(store, 1_000_000);
    clock.set(2_000_000);
    put(store, 1);
    store.close();
    clock.set(1_500_000);
    store = open();
    long second = put(store, 2);
    try (Snapshot past = store.snapshotAt(second)) {
      assertThat(past.instantMillis()).isEqualTo(2_000_000);
    }
    try (Snapshot past = store.snapshotAt(Instant.ofEpochMilli(2_000_000))) {
      assertThat(past.version()).isEqualTo(second);
    }
    clock.set(2_000_001);
    long third = put(store, 3);
    store = crash(store);
    try (Snapshot past = store.snapshotAt(third)) {
      assertThat(past.instantMillis()).isEqualTo(2_000_001);
    }
    assertReads(store, second, 2);
    store.close();
  }

  @Test
  void aDroppedRangeHasNoPastAfterwardsEither() {
    LsmStore store = open();
    history(store, 1_000_000);
    long first = put(store, 1);
    put(store, 2);
    store.dropRange(KeyRange.all());
    store = crash(store);
    assertTooOld(store, first);
    store.close();
  }

  /** The log alone has their times. */
  @Test
  void theTimesOfCommitsThatAreInTheLogOnlyAreExact() {
    LsmStore store = open();
    history(store, 1_000_000);
    long[] versions = new long[5];
    long start = clock.millis();
    for (int i = 0; i < versions.length; i++) {
      clock.advance(7);
      versions[i] = put(store, i);
    }
    clock.advance(7);
    store = crash(store);
    for (int round = 0; round < 2; round++) {
      clock.advance(100);
      for (int i = 0; i < versions.length; i++) {
        long millis = start + 7L * (i + 1);
        try (Snapshot byVersion = store.snapshotAt(versions[i]);
            Snapshot byInstant = store.snapshotAt(Instant.ofEpochMilli(millis));
            Snapshot later = store.snapshotAt(Instant.ofEpochMilli(millis + 6))) {
          assertThat(byVersion.instantMillis()).isEqualTo(millis);
          assertThat(byInstant.version()).isEqualTo(versions[i]);
          assertThat(later.version()).isEqualTo(versions[i]);
        }
        assertReads(store, versions[i], i);
      }
      store = crash(store);
    }
    store.close();
  }

  @Test
  void aManifestThatHasGrownIsBegunAnewAndStillKnowsThePast() throws Exception {
    LsmStore store = open();
    history(store, 1_000_000);
    long first = put(store, 1);
    for (int i = 0; i < 200; i++) {
      clock.advance(1);
      put(store, i);
      store.flush();
    }
    long size = 0;
    for (String name : disk.list(MemDirectory.PATH)) {
      size += name.startsWith("MANIFEST") ? disk.size(MemDirectory.PATH.resolve(name)) : 0;
    }
    assertThat(size).isBetween(1L, 10_000L);
    store = crash(store);
    assertReads(store, first, 1);
    assertReads(store, first + 100, 99);
    store.close();
  }
}
