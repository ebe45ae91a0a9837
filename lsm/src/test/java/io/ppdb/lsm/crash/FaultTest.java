package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.manifest.Manifest;
import io.ppdb.lsm.manifest.ManifestEdit;
import io.ppdb.lsm.manifest.ManifestState;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.FaultVfs.Fault;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One operation on the disk fails, and what has to come of it. */
class FaultTest {
  private static final LsmOptions TINY = CrashTest.TINY;
  private static final long FIRST_SEED = Long.getLong("ppdb.seed", 1);

  @Test
  void afterAFailedSyncTheStoreTakesNoWritesUntilReopened() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    LsmStore store = LsmStore.open(MemDirectory.PATH, LsmOptions.of(TINY.store()).withVfs(faults));
    store.write(put(1, 1), Durability.SYNC);
    faults.failAtOwn(1, Fault.IO_ERROR); // the write passes, its sync fails
    assertThatThrownBy(() -> store.write(put(2, 2), Durability.SYNC))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN));
    assertThat(faults.hasFired()).isTrue();
    faults.heal();
    assertThatThrownBy(() -> store.write(put(3, 3), Durability.SYNC))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    try (Snapshot snapshot = store.snapshot()) {
      assertThat(snapshot.get(Script.key(1))).isEqualTo(Script.value(1, 1));
      assertThat(snapshot.get(Script.key(2))).isNull();
    }
    assertThatThrownBy(store::close)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    MemVfs after = disk.crashed(new Random(FIRST_SEED));
    try (LsmStore again = LsmStore.open(MemDirectory.PATH, TINY.withVfs(after));
        Snapshot snapshot = again.snapshot()) {
      assertThat(snapshot.get(Script.key(1))).isEqualTo(Script.value(1, 1));
      again.write(put(3, 3), Durability.SYNC);
    }
  }

  /** Had the log gone on, the commit before would be a hole in front of all later ones. */
  @Test
  void afterASyncThatFailedForWantOfSpaceTheStoreTakesNoWritesUntilReopened() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    LsmStore store = LsmStore.open(MemDirectory.PATH, LsmOptions.of(TINY.store()).withVfs(faults));
    store.write(put(1, 1), Durability.ASYNC);
    faults.failAtOwn(1, Fault.SYNC_DISK_FULL); // the write passes, its sync fails
    assertThatThrownBy(() -> store.write(put(2, 2), Durability.SYNC))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN));
    assertThatThrownBy(() -> store.write(put(3, 3), Durability.SYNC))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    assertThatThrownBy(store::close).isInstanceOf(PpdbException.class);
  }

  @Test
  void aStoreThatTakesNoWritesDoesNotFlushEither() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    LsmStore store = LsmStore.open(MemDirectory.PATH, LsmOptions.of(TINY.store()).withVfs(faults));
    store.write(put(1, 1), Durability.SYNC);
    faults.failAtOwn(1, Fault.SYNC_DISK_FULL); // the write passes, its sync fails
    assertThatThrownBy(() -> store.write(put(2, 2), Durability.SYNC))
        .isInstanceOf(PpdbException.class);
    for (Runnable change : List.<Runnable>of(store::flush, store::compact)) {
      assertThatThrownBy(change::run)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
    }
    store.compactDue();
    assertThat(tables(disk)).isEmpty();
    assertThatThrownBy(store::close).isInstanceOf(PpdbException.class);
  }

  @Test
  void aManifestWhoseSyncFailedTakesNoMoreEdits() throws IOException {
    for (Fault fault : List.of(Fault.IO_ERROR, Fault.SYNC_DISK_FULL)) {
      FaultVfs faults = new FaultVfs(MemDirectory.fresh());
      try (Manifest manifest = Manifest.create(faults, MemDirectory.PATH, 1, new ManifestState())) {
        faults.failAt(1, fault, false); // the write passes, its sync fails
        assertThatThrownBy(() -> manifest.append(new ManifestEdit().versionCeiling(1)))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> manifest.append(new ManifestEdit().versionCeiling(2)))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aRewriteThatTheManifestHasNoSpaceForLeavesNoTables() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);
    LsmOptions options = LsmOptions.of(TINY.store()).withVfs(new FullManifestVfs(disk, room));
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.write(put(1, 10).put(Script.key(2), Script.value(2, 10)), Durability.SYNC);
      store.compact();
      store.write(put(2, 10), Durability.SYNC);
      store.flush();
      List<String> before = tables(disk);
      List<Runnable> rewrites =
          List.of(() -> store.dropRange(KeyRange.of(Script.key(2), null)), store::compact);
      for (Runnable rewrite : rewrites) {
        room.set(2); // for the edits of the flush that comes first
        assertThatThrownBy(rewrite::run)
            .isInstanceOfSatisfying(
                PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
        assertThat(room.get()).as("the edit that failed was the third").isNegative();
      }
      room.set(Integer.MAX_VALUE);
      assertThat(tables(disk)).isEqualTo(before);
    }
  }

  private static List<String> tables(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
  }

  /** A disk on which the manifest alone has room for so many writes. */
  private static final class FullManifestVfs extends ForwardingVfs {
    private final AtomicInteger room;

    FullManifestVfs(Vfs delegate, AtomicInteger room) {
      super(delegate);
      this.room = room;
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return Manifest.isManifest(String.valueOf(path.getFileName()))
          ? new ForwardingFile(file) {
            @Override
            public void write(ByteBuffer source, long position) throws IOException {
              if (room.decrementAndGet() < 0) {
                throw new DiskFullException("No space left on device (injected)", null);
              }
              super.write(source, position);
            }
          }
          : file;
    }
  }

  @Test
  void aFullDiskRefusesCommitsCleanlyAndTakesThemAgainWhenThereIsSpace() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    // Growing by 512 bytes, the log needs space at every other commit.
    LsmOptions options =
        LsmOptions.of(TINY.store().withMemtableBytes(1 << 20)) // no rotation to a larger segment
            .withWalGrowthBytes(512)
            .withVfs(faults);
    int written = 0;
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      store.write(put(0, 300), Durability.SYNC);
      faults.failAt(0, Fault.DISK_FULL, true);
      List<ErrorCode> refusals = new ArrayList<>();
      for (int i = 1; i < 20 && refusals.isEmpty(); i++) {
        try {
          store.write(put(i, 300), Durability.SYNC);
          written = i;
        } catch (PpdbException e) {
          refusals.add(e.code());
        }
      }
      assertThat(refusals).containsExactly(ErrorCode.DISK_FULL);
      faults.heal();
      store.write(put(500, 5), Durability.SYNC);
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(snapshot.get(Script.key(written))).isEqualTo(Script.value(written, 300));
        assertThat(snapshot.get(Script.key(written + 1))).isNull();
      }
    }
    MemVfs after = disk.crashed(new Random(FIRST_SEED));
    try (LsmStore again = LsmStore.open(MemDirectory.PATH, TINY.withVfs(after));
        Snapshot snapshot = again.snapshot()) {
      assertThat(snapshot.get(Script.key(written))).isEqualTo(Script.value(written, 300));
      assertThat(snapshot.get(Script.key(written + 1))).isNull();
      assertThat(snapshot.get(Script.key(500))).isEqualTo(Script.value(500, 5));
    }
  }

  private static WriteBatch put(int number, int padding) {
    return new WriteBatch().put(Script.key(number), Script.value(number, padding));
  }
}
