package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.engine.Entry;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.Wal;
import io.ppdb.lsm.wal.WalReader;
import io.ppdb.lsm.wal.WalRecord;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However long a log is, reading it takes the memory of a memtable and of its longest record. */
class BoundedReplayTest {
  private static final int WINDOW_BYTES = 256 << 10;
  private static final Path SEGMENT = MemDirectory.PATH.resolve(WalSegments.fileName(1));

  /** Of several commits each, so that records lie across the ends of windows, and one is longer. */
  private static final int[] VALUE_BYTES = {0, 100, 70_000, 200_000, 3, 700_000, 90_000, 1};

  @Test
  void aSegmentIsReadByPiecesNoLongerThanItsLongestRecord() throws IOException {
    MemVfs disk = segmentOf(100);
    Longest longest = new Longest(disk);
    List<Long> versions = new ArrayList<>();
    WalReader.Outcome outcome =
        new WalReader(longest, SEGMENT, 1)
            .read(
                commit -> {
                  int length = VALUE_BYTES[(int) (commit.version() % VALUE_BYTES.length)];
                  assertThat(commit.entries()[0].value())
                      .isEqualTo(value(commit.version(), length));
                  versions.add(commit.version());
                });
    assertThat(versions).hasSize(100).isSorted();
    assertThat(outcome.sealed()).isTrue();
    assertThat(outcome.endOffset()).isGreaterThan(40L * WINDOW_BYTES);
    assertThat(longest.bytes).isBetween(700_000, 800_000);
  }

  @Test
  void theWitnessOfDamageMayBeManyWindowsAway() throws IOException {
    MemVfs disk = segmentOf(100);
    List<Long> offsets = new ArrayList<>();
    new WalReader(disk, SEGMENT, 1).read(commit -> offsets.add(commit.offset()));
    // All of the segment, so that only the seal is left to tell; each commit synced those before.
    for (long offset : offsets) {
      disk.flipBit(SEGMENT, Byte.SIZE * (offset + 8));
    }
    Longest longest = new Longest(disk);
    assertThatThrownBy(() -> new WalReader(longest, SEGMENT, 1).read(commit -> {}))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("offset 32");
    assertThat(longest.bytes).isLessThanOrEqualTo(WINDOW_BYTES);
    List<Long> salvaged = new ArrayList<>();
    List<CorruptionException> damage = new ArrayList<>();
    WalReader.Outcome outcome =
        new WalReader(disk, SEGMENT, 1).read(commit -> salvaged.add(commit.version()), damage::add);
    assertThat(salvaged).isEmpty();
    assertThat(damage).hasSize(1);
    assertThat(outcome.sealed()).isTrue();
  }

  @Test
  void aTailOfManyWindowsWithoutAWitnessIsTorn() throws IOException {
    MemVfs disk = segmentOf(1);
    try (VfsFile file = disk.openWrite(SEGMENT)) {
      byte[] noise = new byte[1 << 20];
      for (int i = 0; i < noise.length; i += 8) {
        noise[i] = 1; // what looks like the type of a record
      }
      file.write(ByteBuffer.wrap(noise), 32);
    }
    WalReader.Outcome outcome = new WalReader(disk, SEGMENT, 1).read(commit -> {});
    assertThat(outcome).isEqualTo(new WalReader.Outcome(0, 32, false));
  }

  @Test
  void aLongLogBecomesAsManyTablesAsItTakes() throws IOException {
    MemVfs disk = logOfMerges();
    LsmOptions small = options(64 << 10).withVfs(disk);
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, small);
        Snapshot snapshot = store.snapshot()) {
      store.verify();
      for (int key = 0; key < 10; key++) {
        assertThat(snapshot.get(Script.key(key)))
            .isEqualTo(MergeOperators.encodeLong(200L * (key + 1)));
      }
    }
    assertThat(disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).count())
        .isGreaterThan(1);
  }

  @Test
  void tablesOfAReplayThatFailsAreGoneAgain() throws IOException {
    MemVfs disk = logOfMerges();
    List<Path> segments =
        disk.list(MemDirectory.PATH).stream()
            .filter(WalSegments::isSegment)
            .map(MemDirectory.PATH::resolve)
            .toList();
    long written = disk.size(segments.get(0));
    assertThat(written).isGreaterThan(100_000);
    List<Long> offsets = new ArrayList<>();
    new WalReader(disk, segments.get(0), WalSegments.number(name(segments.get(0))))
        .read(commit -> offsets.add(commit.offset()));
    disk.flipBit(segments.get(0), Byte.SIZE * (offsets.get(offsets.size() - 2) + 50));
    List<String> before = disk.list(MemDirectory.PATH);
    int[] made = new int[1];
    Vfs counting =
        new ForwardingVfs(disk) {
          @Override
          VfsFile wrap(VfsFile file, Path path) {
            made[0] += name(path).endsWith(".sst") ? 1 : 0;
            return file;
          }
        };
    assertThatThrownBy(() -> LsmStore.open(MemDirectory.PATH, options(64 << 10).withVfs(counting)))
        .isInstanceOf(CorruptionException.class);
    assertThat(made[0]).as("tables made before the damage was met").isPositive();
    assertThat(disk.list(MemDirectory.PATH)).isEqualTo(before);
  }

  @Test
  void aSegmentOfAHugeCommitIsNotKeptForReuse() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options(64 << 10).withVfs(disk))) {
      WriteBatch huge = new WriteBatch();
      for (int i = 0; i < 20; i++) {
        huge.put(Script.key(i), new byte[50_000]);
      }
      for (int round = 0; round < 5; round++) {
        store.write(huge, Durability.ASYNC);
        store.flush();
        store.write(new WriteBatch().put(Script.key(1), new byte[10]), Durability.ASYNC);
        store.flush();
      }
      List<String> spares =
          disk.list(MemDirectory.PATH).stream().filter(WalSegments::isSpare).toList();
      assertThat(spares).isNotEmpty();
      for (String spare : spares) {
        assertThat(disk.size(MemDirectory.PATH.resolve(spare))).isLessThan(200_000);
      }
    }
  }

  /** A store that was killed with 2,000 commits in one segment of its log. */
  private static MemVfs logOfMerges() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options(64 << 20).withVfs(disk))) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withUse(RangePolicy.Use.MERGEABLE));
      for (int i = 0; i < 2_000; i++) {
        int key = i % 10;
        store.write(
            new WriteBatch()
                .merge(MergeOperators.LONG_ADD, Script.key(key), MergeOperators.encodeLong(key + 1))
                .put(Script.key(100 + i), new byte[50]),
            i < 1_990 ? Durability.ASYNC : Durability.SYNC);
      }
      return disk.killed();
    }
  }

  private static LsmOptions options(long memtableBytes) {
    return LsmOptions.of(
            StoreOptions.DEFAULT.withMemtableBytes(memtableBytes).withChangeLogBytes(0))
        .withWalGrowthBytes(4 << 10)
        .withCompaction(new CompactionOptions(100, 128 << 20, 10, 32 << 20))
        .withStalls(200, 300);
  }

  private static MemVfs segmentOf(int commitCount) throws IOException {
    MemVfs disk = MemDirectory.fresh();
    Wal wal =
        new Wal(
            new WalSegments(disk, MemDirectory.PATH, 1 << 20, 0).create(1),
            failure -> {
              throw failure;
            });
    for (long version = 1; version <= commitCount; version++) {
      byte[] value = value(version, VALUE_BYTES[(int) (version % VALUE_BYTES.length)]);
      Entry[] entries = {Entry.put(Script.key((int) version), value, Limits.NO_EXPIRY)};
      WalRecord record = WalRecord.commit(CommitOrigin.USER, new KeyRange[0], entries, true);
      record.assign(version, 1);
      wal.enqueue(record);
      wal.await(record);
    }
    wal.close();
    return disk;
  }

  private static byte[] value(long version, int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (version + i * 31L);
    }
    return value;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Says how much was read at once, at most. */
  private static final class Longest extends ForwardingVfs {
    private int bytes;

    Longest(Vfs disk) {
      super(disk);
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return file;
    }

    @Override
    public VfsFile openRead(Path path) throws IOException {
      return new ForwardingFile(super.openRead(path)) {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
          bytes = Math.max(bytes, target.remaining());
          return super.read(target, position);
        }
      };
    }
  }
}
