package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A log damaged where it had been durable, and what each mode makes of it. */
class RecoveryModeTest {
  private static final LsmOptions OPTIONS =
      LsmOptions.of(StoreOptions.DEFAULT).withWalGrowthBytes(4 << 10);

  /** More than a header has, and less than a record. */
  private static final int WITHIN_PAYLOAD_BYTES = 40;

  /** Commits in each of the two segments. */
  private static final int COMMIT_COUNT = 10;

  @Test
  void strictRefusesADamagedLog() throws IOException {
    MemVfs disk = damagedInRecord(4);
    assertThatThrownBy(() -> open(disk, RecoveryMode.STRICT))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(".wal")
        .hasMessageContaining("offset");
  }

  @Test
  void pointInTimeLeavesOutEverythingBehindTheDamage() throws IOException {
    MemVfs disk = damagedInRecord(4);
    assertThat(keysAfter(disk, RecoveryMode.POINT_IN_TIME, 1)).isEqualTo(range(0, 4));
  }

  @Test
  void salvageLeavesOutTheDamageOnly() throws IOException {
    MemVfs disk = damagedInRecord(4);
    List<String> expected = range(0, COMMIT_COUNT);
    expected.remove(4);
    assertThat(keysAfter(disk, RecoveryMode.SALVAGE, 1)).isEqualTo(expected);
  }

  @Test
  void aDamagedSegmentIsKeptUnderAnotherName() throws IOException {
    MemVfs disk = damagedInRecord(4);
    byte[] before = disk.bytes(segments(disk).get(0));
    Path kept = Path.of(segments(disk).get(0) + ".damaged");
    keysAfter(disk, RecoveryMode.SALVAGE, 1);
    assertThat(disk.bytes(kept)).isEqualTo(before);
    assertThat(keysAfter(disk, RecoveryMode.STRICT, 0)).hasSize(COMMIT_COUNT - 1);
  }

  @Test
  void aMissingSegmentOfSeveralIsALoss() throws IOException {
    MemVfs disk = logOfTwoSegments();
    List<Path> segments = segments(disk);
    disk.delete(segments.get(0));
    assertThatThrownBy(() -> open(disk, RecoveryMode.STRICT))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("missing");
    assertThat(keysAfter(disk.killed(), RecoveryMode.POINT_IN_TIME, 1)).isEmpty();
    assertThat(keysAfter(disk.killed(), RecoveryMode.SALVAGE, 1))
        .isEqualTo(range(COMMIT_COUNT, 2 * COMMIT_COUNT));
  }

  @Test
  void aSegmentThatEndsEarlyThoughTheNextGoesOnIsALoss() throws IOException {
    MemVfs disk = logOfTwoSegments();
    Path first = segments(disk).get(0);
    // Then no record behind tells that it had been synced; only the next segment does.
    damageLastRecordAndSeal(disk, first);
    assertThatThrownBy(() -> open(disk, RecoveryMode.STRICT))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("goes on");
    assertThat(keysAfter(disk.killed(), RecoveryMode.POINT_IN_TIME, 1))
        .isEqualTo(range(0, COMMIT_COUNT - 1));
    List<String> expected = range(0, 2 * COMMIT_COUNT);
    expected.remove(COMMIT_COUNT - 1);
    assertThat(keysAfter(disk.killed(), RecoveryMode.SALVAGE, 1)).isEqualTo(expected);
  }

  @Test
  void aDamagedHeaderLosesNothingToSalvage() throws IOException {
    MemVfs disk = logOfTwoSegments();
    disk.flipBit(segments(disk).get(0), 8 * 3);
    assertThat(keysAfter(disk.killed(), RecoveryMode.POINT_IN_TIME, 1)).isEmpty();
    assertThat(keysAfter(disk.killed(), RecoveryMode.SALVAGE, 1))
        .isEqualTo(range(0, 2 * COMMIT_COUNT));
  }

  @Test
  void aWholeLogHasNoLosses() throws IOException {
    for (RecoveryMode mode : RecoveryMode.values()) {
      MemVfs disk = logOfTwoSegments();
      assertThat(keysAfter(disk, mode, 0)).isEqualTo(range(0, 2 * COMMIT_COUNT));
      assertThat(disk.list(MemDirectory.PATH)).noneMatch(name -> name.endsWith(".damaged"));
    }
  }

  private static MemVfs damagedInRecord(int index) throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(disk))) {
      write(store, 0);
      MemVfs killed = disk.killed();
      damage(killed, segments(killed).get(0), index);
      return killed;
    }
  }

  /** Two segments with ten commits each: what the first one holds found no room in a table. */
  private static MemVfs logOfTwoSegments() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store =
        LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(new NoRoomForTables(disk)))) {
      write(store, 0);
      assertThatThrownBy(store::flush)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      write(store, COMMIT_COUNT);
      MemVfs killed = disk.killed();
      assertThat(segments(killed)).hasSize(2);
      return killed;
    }
  }

  /** A disk that is full whenever a table is to be written. */
  private static final class NoRoomForTables extends ForwardingVfs {
    NoRoomForTables(Vfs disk) {
      super(disk);
    }

    @Override
    public VfsFile create(Path path) throws IOException {
      if (path.toString().endsWith(".sst")) {
        throw new DiskFullException("no room for " + path, new IOException("full"));
      }
      return super.create(path);
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return file;
    }
  }

  private static void write(LsmStore store, int first) {
    for (int i = first; i < first + COMMIT_COUNT; i++) {
      store.write(new WriteBatch().put(Script.key(i), Script.value(i, 50)), Durability.SYNC);
    }
  }

  private static void damage(MemVfs disk, Path segment, int index) throws IOException {
    List<Long> offsets = new ArrayList<>();
    reader(disk, segment).read(commit -> offsets.add(commit.offset()));
    disk.flipBit(segment, Byte.SIZE * (offsets.get(index) + WITHIN_PAYLOAD_BYTES));
  }

  private static void damageLastRecordAndSeal(MemVfs disk, Path segment) throws IOException {
    WalReader.Outcome outcome = reader(disk, segment).read(commit -> {});
    assertThat(outcome.sealed()).isTrue();
    damage(disk, segment, COMMIT_COUNT - 1);
    disk.flipBit(segment, Byte.SIZE * (outcome.endOffset() - 1));
  }

  private static WalReader reader(MemVfs disk, Path segment) throws IOException {
    String name = String.valueOf(segment.getFileName());
    return new WalReader(disk, segment, WalSegments.number(name));
  }

  private static List<Path> segments(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream()
        .filter(name -> name.endsWith(".wal"))
        .map(MemDirectory.PATH::resolve)
        .toList();
  }

  private static LsmStore open(MemVfs disk, RecoveryMode mode) {
    return LsmStore.open(MemDirectory.PATH, OPTIONS.withVfs(disk).withRecoveryMode(mode));
  }

  private static List<String> keysAfter(MemVfs disk, RecoveryMode mode, int lossCount) {
    List<String> keys = new ArrayList<>();
    try (LsmStore store = open(disk, mode);
        Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(store.losses()).hasSize(lossCount);
      while (cursor.next()) {
        keys.add(cursor.key().toString());
      }
    }
    return keys;
  }

  private static List<String> range(int first, int end) {
    return new ArrayList<>(
        IntStream.range(first, end).mapToObj(i -> new Slice(Script.key(i)).toString()).toList());
  }
}
