package io.ppdb.lsm.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.RealVfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTest {
  private static final int GROWTH_BYTES = 1_000;
  private static final int MAX_BYTES = 2_500;

  @Test
  void aSegmentWithoutRoomRefusesARecordAndTakesASmallerOne() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Path path = MemDirectory.PATH.resolve(WalSegments.fileName(1));
    try (var file = disk.create(path)) {
      file.write(ByteBuffer.wrap(SegmentHeader.encode(1)), 0);
    }
    List<PpdbException> failures = new ArrayList<>();
    Wal wal =
        new Wal(
            new WalSegment(1, path, disk.openWrite(path), GROWTH_BYTES, MAX_BYTES), failures::add);
    write(wal, 1, 1_500);
    assertThatThrownBy(() -> write(wal, 2, 1_500))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    write(wal, 3, 500);
    assertThat(wal.close()).isTrue();
    assertThat(failures).isEmpty();
    assertThat(disk.size(path)).isEqualTo(MAX_BYTES);
    List<Long> versions = new ArrayList<>();
    WalReader.Outcome outcome =
        new WalReader(disk, path, 1).read(commit -> versions.add(commit.version()));
    assertThat(versions).containsExactly(1L, 3L);
    assertThat(outcome.sealed()).isTrue();
  }

  /** Real files are written to where they lie in memory, unless a record is synced. */
  @Test
  void recordsAreReadAgainHoweverTheyWereWritten(@TempDir Path directory) throws IOException {
    long seed = Long.getLong("ppdb.seed", System.nanoTime());
    Random random = new Random(seed);
    WalSegments segments = new WalSegments(RealVfs.INSTANCE, directory, 1 << 20, 64 << 20);
    List<PpdbException> failures = new ArrayList<>();
    Wal wal = new Wal(segments.create(1), failures::add);
    List<Integer> lengths = new ArrayList<>();
    for (int version = 1; version <= 4_000; version++) {
      int length = random.nextInt(20) > 0 ? random.nextInt(500) : random.nextInt(400_000);
      lengths.add(length);
      write(wal, version, length, random.nextInt(3) == 0);
    }
    assertThat(read(directory, 1)).as("before it is closed; seed %d", seed).isEqualTo(lengths);
    assertThat(wal.close()).isTrue();
    assertThat(read(directory, 1)).as("-Dppdb.seed=%d", seed).isEqualTo(lengths);
    segments.recycle(1);
    Wal second = new Wal(segments.create(2), failures::add);
    write(second, 4_001, 7, false);
    write(second, 4_002, 8, true);
    assertThat(read(directory, 2)).containsExactly(7, 8);
    assertThat(second.close()).isTrue();
    assertThat(failures).isEmpty();
  }

  /** Whatever finds no room while a segment is filled, it is none, or a short one, or as asked. */
  @Test
  void aDiskThatIsTooFullToFillASegmentHasRoomForAShortOne() throws IOException {
    List<Long> sizes = new ArrayList<>();
    int refusedCount = 0;
    boolean more = true;
    for (int index = 0; more; index++) {
      MemVfs disk = MemDirectory.fresh();
      FaultVfs faults = new FaultVfs(disk);
      WalSegments segments =
          new WalSegments(faults, MemDirectory.PATH, GROWTH_BYTES, 100 * GROWTH_BYTES);
      faults.failAt(index, FaultVfs.Fault.DISK_FULL, false);
      try {
        WalSegment segment = segments.create(1, 5 * GROWTH_BYTES);
        sizes.add(disk.size(segments.path(1)));
        more = faults.operationCount() > index;
        faults.heal();
        Wal wal = new Wal(segment, failure -> {});
        write(wal, 1, 1_500);
        wal.close();
        assertThat(new WalReader(disk, segments.path(1), 1).read(commit -> {}).recordCount())
            .isOne();
      } catch (DiskFullException e) {
        assertThat(disk.list(MemDirectory.PATH)).isEmpty();
        refusedCount++;
      }
      assertThat(faults.openFileCount()).isZero();
    }
    assertThat(refusedCount).isPositive();
    assertThat(sizes).containsOnly(1L * GROWTH_BYTES, 6L * GROWTH_BYTES);
    assertThat(sizes).contains(1L * GROWTH_BYTES).endsWith(6L * GROWTH_BYTES);
  }

  private static List<Integer> read(Path directory, long number) throws IOException {
    List<Integer> lengths = new ArrayList<>();
    new WalReader(RealVfs.INSTANCE, directory.resolve(WalSegments.fileName(number)), number)
        .read(commit -> lengths.add(commit.entries()[0].value().length));
    return lengths;
  }

  private static void write(Wal wal, long version, int length) {
    write(wal, version, length, true);
  }

  private static void write(Wal wal, long version, int length, boolean sync) {
    Entry[] entries = {Entry.put(new byte[] {1}, new byte[length], Limits.NO_EXPIRY)};
    WalRecord record = WalRecord.commit(CommitOrigin.USER, new KeyRange[0], entries, sync);
    record.assign(version, 1);
    wal.enqueue(record);
    wal.await(record);
  }
}
