package io.ppdb.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.ValueLease;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.inspect.ClosedStore;
import io.ppdb.lsm.inspect.VerifyReport;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.FaultVfs.Fault;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.RecoveryMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where large values lie, for how long, and what happens when they cannot be written or read. */
class BlobStoreTest {
  private static final Path STORE = MemDirectory.PATH;
  private static final int LARGE_BYTES = 2000;

  /** Files of four large values. */
  private static final LsmOptions OPTIONS =
      LsmOptions.of(StoreOptions.DEFAULT.withChangeLogBytes(0))
          .withWalGrowthBytes(16 << 10)
          .withCompaction(new CompactionOptions(4, 1 << 20, 10, 1 << 20))
          .withBlobs(new BlobOptions(1000, 4 * LARGE_BYTES));

  private final MemVfs disk = MemDirectory.fresh();
  private final FaultVfs faults = new FaultVfs(disk);

  private LsmStore open() {
    return open(faults);
  }

  private static LsmStore open(Vfs vfs) {
    LsmStore store = LsmStore.open(STORE, OPTIONS.withVfs(vfs));
    store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
    return store;
  }

  private List<String> blobs() throws IOException {
    return disk.list(STORE).stream().filter(name -> name.endsWith(".blob")).toList();
  }

  /**
   * Fails if one of {@code files} stays. Who lets go of a file last deletes it: that may be a
   * thread in the background which looks at the tables just then.
   */
  private void assertDeleted(List<String> files) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Collections.disjoint(blobs(), files) && System.nanoTime() < deadlineNanos) {
      Thread.onSpinWait();
    }
    assertThat(blobs()).doesNotContainAnyElementsOf(files);
  }

  private static byte[] key(int number) {
    return String.format("key %03d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(int number) {
    byte[] value = new byte[LARGE_BYTES];
    new Random(number).nextBytes(value);
    return value;
  }

  private static void put(LsmStore store, int number, int seed) {
    store.write(new WriteBatch().put(key(number), value(seed)), Durability.SYNC);
  }

  private static void fill(LsmStore store, int count) {
    for (int i = 0; i < count; i++) {
      put(store, i, i);
    }
  }

  private static void checkFilled(LsmStore store, int count) {
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < count; i++) {
        assertThat(snapshot.get(key(i))).as("%d", i).isEqualTo(value(i));
      }
    }
  }

  @Test
  void valuesBelowTheThresholdMakeNoFile() throws IOException {
    try (LsmStore store = open()) {
      store.write(new WriteBatch().put(key(1), new byte[999]), Durability.SYNC);
      assertThat(blobs()).isEmpty();
      store.write(new WriteBatch().put(key(2), new byte[1000]), Durability.SYNC);
      assertThat(blobs()).hasSize(1);
    }
  }

  @Test
  void policyOfARangeSaysWhatIsLargeAndIsDurable() throws IOException {
    RangePolicy policy = RangePolicy.DEFAULT.withBlobThresholdBytes(5000);
    try (LsmStore store = open()) {
      store.setPolicy(KeyRange.prefix(key(1)), policy);
    }
    try (LsmStore store = LsmStore.open(STORE, OPTIONS.withVfs(faults))) {
      assertThat(store.policy(key(1))).isEqualTo(policy);
      store.write(new WriteBatch().put(key(1), new byte[4999]), Durability.SYNC);
      assertThat(blobs()).isEmpty();
      store.write(new WriteBatch().put(key(1), new byte[5000]), Durability.SYNC);
      assertThat(blobs()).hasSize(1);
    }
    assertThatThrownBy(() -> RangePolicy.DEFAULT.withBlobThresholdBytes(1023))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  /** Else dead ones would stay until the memtable is full of handles. */
  @Test
  void largeValuesCountForWhenTheirMemtableIsFull() throws IOException {
    LsmOptions options =
        OPTIONS
            .withStore(OPTIONS.store().withMemtableBytes(1 << 20))
            .withBlobs(BlobOptions.DEFAULT)
            .withVfs(disk);
    try (LsmStore store = LsmStore.open(STORE, options)) {
      byte[] value = new byte[200_000];
      int count = 0;
      while (disk.list(STORE).stream().noneMatch(name -> name.endsWith(".sst"))) {
        store.write(new WriteBatch().put(key(1), value), Durability.ASYNC);
        assertThat(++count).as("that are not flushed").isLessThan(1000);
      }
    }
  }

  @Test
  void valuesInMergeableRangesStayInTheTree() throws IOException {
    try (LsmStore store = open()) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withUse(RangePolicy.Use.MERGEABLE));
      fill(store, 3);
      assertThat(blobs()).isEmpty();
    }
  }

  @Test
  void operandsAreKeptAboveABlobByCompactionAndFoldedWhenRead() throws IOException {
    byte[] counter = MergeOperators.encodeLong(40);
    LsmOptions options = OPTIONS.withBlobs(new BlobOptions(1, 1 << 20)).withVfs(disk);
    try (LsmStore store = LsmStore.open(STORE, options)) {
      RangePolicy plain = RangePolicy.DEFAULT.withHistory(Duration.ZERO);
      store.setPolicy(KeyRange.all(), plain);
      store.write(new WriteBatch().put(key(1), counter), Durability.SYNC);
      store.setPolicy(KeyRange.all(), plain.withUse(RangePolicy.Use.MERGEABLE));
      for (int i = 0; i < 3; i++) {
        store.write(
            new WriteBatch().merge(MergeOperators.LONG_ADD, key(1), MergeOperators.encodeLong(1)),
            Durability.SYNC);
        store.compact();
        assertThat(store.get(key(1))).isEqualTo(MergeOperators.encodeLong(41 + i));
        assertThat(store.statistics().entryCount()).isEqualTo(2);
      }
      store.verify();
      store.write(new WriteBatch().delete(key(1)), Durability.SYNC);
      store.compact();
      assertThat(blobs()).as("only the file being filled").hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void valuesSurviveFlushCompactionAndReopening() {
    try (LsmStore store = open()) {
      fill(store, 20);
      checkFilled(store, 20);
      store.flush();
      checkFilled(store, 20);
      store.compact();
      checkFilled(store, 20);
      store.verify();
      put(store, 20, 20); // is in the log only
    }
    try (LsmStore store = open()) {
      checkFilled(store, 21);
      store.verify();
      store.compact();
      checkFilled(store, 21);
    }
    try (LsmStore store = open()) {
      checkFilled(store, 21);
    }
    assertThat(faults.openFileCount()).isZero();
  }

  @Test
  void fileWithoutLiveValuesIsDeletedWhenCompactionDropsTheLastHandle() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 8);
      store.compact();
      List<String> first = blobs();
      assertThat(first).hasSize(2);
      fill(store, 8);
      assertThat(blobs()).containsAll(first);
      store.compact();
      assertDeleted(first);
      assertThat(blobs()).hasSize(2);
      checkFilled(store, 8);
    }
  }

  @Test
  void openSnapshotKeepsTheFilesOfWhatItSees() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 8);
      store.compact();
      List<String> first = blobs();
      try (Snapshot before = store.snapshot()) {
        for (int i = 0; i < 8; i++) {
          put(store, i, 100 + i);
        }
        store.compact();
        assertThat(blobs()).containsAll(first);
        for (int i = 0; i < 8; i++) {
          assertThat(before.get(key(i))).isEqualTo(value(i));
        }
      }
      store.compact();
      assertDeleted(first);
    }
  }

  @Test
  void fileThatIsMostlyGarbageIsRewritten() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 4);
      store.compact();
      List<String> first = blobs();
      assertThat(first).hasSize(1);
      for (int i = 1; i < 4; i++) {
        store.write(new WriteBatch().delete(key(i)), Durability.SYNC);
      }
      put(store, 9, 9); // seals the file
      store.compact(); // the garbage shows
      store.compact(); // and is left behind
      assertDeleted(first);
      assertThat(store.get(key(0))).isEqualTo(value(0));
      assertThat(store.get(key(9))).isEqualTo(value(9));
      store.verify();
    }
    try (LsmStore store = open()) {
      assertThat(store.get(key(0))).isEqualTo(value(0));
      store.verify();
    }
  }

  @Test
  void cursorOnAMemtableKeepsTheFilesThatItRefersTo() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 4);
      List<String> first = blobs();
      for (int i = 1; i < 4; i++) {
        put(store, i, 50 + i); // of the first file only one value is live
      }
      try (Snapshot snapshot = store.snapshot();
          Cursor up = snapshot.scan(KeyRange.all());
          Cursor down = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
        store.compact();
        store.compact();
        assertThat(blobs()).containsAll(first);
        assertThat(up.next()).isTrue();
        assertThat(up.value().toByteArray()).isEqualTo(value(0));
        assertThat(down.seek(key(0))).isTrue();
        assertThat(down.value().toByteArray()).isEqualTo(value(0));
      }
      store.compact();
      assertDeleted(first); // its value was moved
      assertThat(store.get(key(0))).isEqualTo(value(0));
    }
    assertThat(faults.openFileCount()).isZero();
  }

  @Test
  void cursorOnTablesReadsOnWhileAValueIsMoved() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 4);
      for (int i = 1; i < 4; i++) {
        put(store, i, 50 + i);
      }
      List<String> first = blobs().subList(0, 1);
      store.flush();
      try (Snapshot snapshot = store.snapshot();
          Cursor cursor = snapshot.scan(KeyRange.all())) {
        int fileCount = blobs().size();
        store.compact();
        assertThat(blobs().size()).as("its value was moved").isGreaterThan(fileCount);
        assertThat(blobs()).containsAll(first);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.value().toByteArray()).isEqualTo(value(0));
        assertThat(snapshot.get(key(0))).isEqualTo(value(0));
      }
      assertDeleted(first);
      assertThat(store.get(key(0))).isEqualTo(value(0));
      store.verify();
    }
    assertThat(faults.openFileCount()).isZero();
  }

  @Test
  void leaseKeepsItsFileUntilItIsClosedAndReadsWhereTheValueLies() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 4);
      put(store, 4, 4); // the first file is full
      List<String> first = blobs().subList(0, 1);
      ValueLease lease;
      try (Snapshot snapshot = store.snapshot()) {
        lease = snapshot.lease(key(2));
      }
      if (lease == null) {
        throw new AssertionError("the key is absent");
      }
      try (lease) {
        assertThat(lease.buffer().isDirect()).isTrue();
        store.dropRange(KeyRange.all());
        assertThat(blobs()).containsAll(first);
        assertThat(lease.buffer()).isEqualTo(ByteBuffer.wrap(value(2)));
      }
      assertDeleted(first);
    }
  }

  @Test
  void leaseOutlivesTheStore() {
    ValueLease lease;
    try (LsmStore store = open()) {
      fill(store, 6);
      try (Snapshot snapshot = store.snapshot()) {
        lease = snapshot.lease(key(2));
      }
    }
    if (lease == null) {
      throw new AssertionError("the key is absent");
    }
    assertThat(lease.buffer()).isEqualTo(ByteBuffer.wrap(value(2)));
    lease.close();
    try (LsmStore store = open()) {
      checkFilled(store, 6);
    }
  }

  @Test
  void keysOnlyScansAndLimitsInBytesReadNoBlob() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 8);
      store.flush();
      for (String name : blobs()) {
        disk.flipBit(STORE.resolve(name), 8 * 100);
      }
      try (Snapshot snapshot = store.snapshot();
          Cursor keys = snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withKeysOnly(true));
          Cursor limited = snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withMaxBytes(5000));
          Cursor back = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
        int count = 0;
        while (keys.next()) {
          count++;
        }
        assertThat(count).isEqualTo(8);
        while (limited.next()) {
          count++;
        }
        assertThat(count).isEqualTo(8 + 3);
        while (back.next()) {
          count++;
        }
        assertThat(count).isEqualTo(8 + 3 + 8);
        assertThat(limited.previous()).isTrue();
      }
    }
  }

  @Test
  void damagedValueIsNamedByReadAndVerifyAndTheOthersAreRead() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 3);
    }
    String name = blobs().get(0);
    disk.flipBit(STORE.resolve(name), 8 * 100); // in the first value
    try (LsmStore store = open();
        Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThatThrownBy(() -> snapshot.get(key(0)))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(name + " is damaged at offset 24: checksum ")
          .hasMessageContaining("expected");
      assertThatThrownBy(() -> snapshot.lease(key(0))).isInstanceOf(CorruptionException.class);
      assertThat(cursor.next()).isTrue();
      assertThatThrownBy(cursor::value).isInstanceOf(CorruptionException.class);
      assertThat(snapshot.get(key(1))).isEqualTo(value(1));
      assertThatThrownBy(store::verify)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void missingFileIsNamedWhenTheStoreIsOpened() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 3);
      store.flush();
      put(store, 3, 3);
      put(store, 4, 4);
    }
    for (String name : blobs()) {
      MemVfs damaged = disk.killed();
      damaged.delete(STORE.resolve(name));
      assertThatThrownBy(() -> open(damaged))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(name + " is damaged: the file is missing");
    }
  }

  @Test
  void whatACrashLeftUnnamedIsRemovedWhenTheStoreIsOpened() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 2);
    }
    try (VfsFile file = disk.create(STORE.resolve("000777.blob"))) {
      file.write(ByteBuffer.wrap(new byte[100]), 0);
    }
    try (LsmStore store = open()) {
      assertThat(blobs()).doesNotContain("000777.blob");
      checkFilled(store, 2);
      fill(store, 10);
      assertThat(blobs().get(blobs().size() - 1)).isGreaterThan("000777.blob");
    }
  }

  @Test
  void directoryWithBlobFilesButWithoutAManifestIsDamaged() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 2);
    }
    MemVfs damaged = MemDirectory.fresh();
    try (VfsFile file = damaged.create(STORE.resolve("000004.blob"))) {
      file.write(ByteBuffer.wrap(new byte[100]), 0);
    }
    assertThatThrownBy(() -> open(damaged))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("CURRENT");
  }

  @Test
  void checkpointHasTheLargeValuesAndKeepsThem() throws IOException {
    Path copy = Path.of("/copy");
    try (LsmStore store = open()) {
      fill(store, 6);
      store.checkpoint(copy);
      for (int i = 0; i < 6; i++) {
        put(store, i, 70 + i);
      }
      store.compact();
    }
    try (LsmStore store = LsmStore.open(copy, OPTIONS.withVfs(disk))) {
      checkFilled(store, 6);
      store.verify();
      put(store, 6, 6);
      store.compact();
      checkFilled(store, 7);
    }
  }

  @Test
  void fullDiskRefusesALargeValueCleanly() {
    try (LsmStore store = open()) {
      fill(store, 2);
      faults.failAtOwn(0, Fault.DISK_FULL);
      assertThatThrownBy(() -> put(store, 2, 2))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      assertThat(faults.hasFired()).isTrue();
      faults.heal();
      assertThat(store.get(key(2))).isNull();
      put(store, 2, 2);
      checkFilled(store, 3);
    }
  }

  @Test
  void failedSyncOfALargeValueMeansThatItsCommitDidNotHappenAndStopsWriting() {
    MemVfs after;
    LsmStore store = open();
    fill(store, 2);
    faults.failAtOwn(1, Fault.IO_ERROR); // the write passes, its sync fails
    assertThatThrownBy(() -> put(store, 2, 2))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    faults.heal();
    assertThatThrownBy(() -> put(store, 3, 3))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    checkFilled(store, 2);
    after = disk.crashed(new Random(1));
    store.close();
    try (LsmStore again = open(after)) {
      checkFilled(again, 2);
      assertThat(again.get(key(2))).isNull();
      put(again, 2, 2);
      checkFilled(again, 3);
    }
  }

  @Test
  void conflictLeavesNothingThatKeepsAFile() throws IOException {
    try (LsmStore store = open()) {
      try (Transaction loser = store.begin();
          Transaction winner = store.begin()) {
        loser.put(key(1), value(1));
        winner.put(key(1), value(2));
        winner.commit();
        assertThatThrownBy(loser::commit)
            .isInstanceOfSatisfying(
                PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
      }
      store.write(new WriteBatch().delete(key(1)), Durability.SYNC);
      fill(store, 4); // seals the file
      store.compact();
      store.dropRange(KeyRange.all());
      put(store, 5, 5);
      assertThat(blobs()).hasSize(1);
    }
  }

  @Test
  void closedStoreIsVerifiedWithItsLargeValuesAndKeepsThem() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 6);
      store.flush();
      put(store, 6, 6); // is in the log only
    }
    List<String> before = disk.list(STORE);
    try (ClosedStore closed = ClosedStore.open(disk, STORE)) {
      VerifyReport report = closed.verify();
      assertThat(report.problems()).isEmpty();
      assertThat(report.leftovers()).isEmpty();
    }
    assertThat(disk.list(STORE)).isEqualTo(before);
    for (String name : blobs()) {
      MemVfs damaged = disk.killed();
      damaged.flipBit(STORE.resolve(name), 8 * 100);
      try (ClosedStore closed = ClosedStore.open(damaged, STORE)) {
        assertThat(closed.verify().problems()).singleElement().asString().contains(name);
      }
    }
  }

  @Test
  void salvageLeavesOutTheCommitWhoseLargeValueIsGone() throws IOException {
    try (LsmStore store = open()) {
      fill(store, 6);
    }
    String second = blobs().get(1);
    disk.delete(STORE.resolve(second));
    assertThatThrownBy(this::open).isInstanceOf(CorruptionException.class);
    LsmOptions salvage = OPTIONS.withRecoveryMode(RecoveryMode.SALVAGE).withVfs(disk);
    try (LsmStore store = LsmStore.open(STORE, salvage)) {
      assertThat(store.losses()).hasSize(2).allMatch(loss -> loss.contains(second));
      checkFilled(store, 4);
      assertThat(store.get(key(4))).isNull();
    }
  }

  @Test
  void changesGiveLargeValuesWhichAreKeptAsLongAsTheirSegmentIs() throws IOException {
    LsmOptions keeping =
        OPTIONS.withStore(StoreOptions.DEFAULT.withChangeLogBytes(60_000)).withVfs(faults);
    try (LsmStore store = LsmStore.open(STORE, keeping)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      fill(store, 6);
      store.compact();
      for (int i = 0; i < 6; i++) {
        put(store, i, 50 + i);
      }
      store.compact();
      checkChanges(store, 12);
    }
    try (LsmStore store = LsmStore.open(STORE, keeping)) {
      checkChanges(store, 12);
      for (int i = 0; i < 60; i++) {
        put(store, i % 6, 100 + i);
        if (i % 10 == 9) {
          store.flush();
        }
      }
      store.compact();
      assertThatThrownBy(() -> store.changes(0))
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
      assertThat(blobs().size()).as("about 60,000 bytes of old values").isBetween(4, 16);
    }
    try (ClosedStore closed = ClosedStore.open(disk, STORE)) {
      assertThat(closed.verify().problems()).isEmpty();
      assertThat(closed.verify().leftovers()).isEmpty();
    }
  }

  private static void checkChanges(LsmStore store, int count) {
    try (ChangeCursor changes = store.changes(0)) {
      for (int i = 0; i < count; i++) {
        ChangeCursor.Commit commit = changes.poll();
        if (commit == null) {
          throw new AssertionError("change " + i + " is missing");
        }
        assertThat(commit.writes()).hasSize(1);
        assertThat(commit.writes().get(0).value())
            .as("%d", i)
            .isEqualTo(value(i < 6 ? i : 50 + i - 6));
      }
      assertThat(changes.poll()).isNull();
    }
  }
}
