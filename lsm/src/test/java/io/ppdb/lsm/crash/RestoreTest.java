package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.WriteBatch;
import io.ppdb.kv.contract.ManualClock;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.RestorePoint;
import io.ppdb.lsm.archive.DirectoryArchive;
import io.ppdb.lsm.archive.SealedSegment;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose commits an archive has: none are restored over a checkpoint that they do not follow. */
@Timeout(60)
class RestoreTest {
  private static final Path OTHER = MemDirectory.PATH.resolveSibling("other");
  private static final Path ARCHIVE = Path.of("/archive");
  private static final Path CHECKPOINT = Path.of("/checkpoint");
  private static final Path TARGET = Path.of("/target");
  private static final byte[] COUNTER = {'z'};

  private final MemVfs disk = MemDirectory.fresh();
  private final ManualClock clock = new ManualClock();
  private final LsmOptions options =
      LsmOptions.of(StoreOptions.DEFAULT.withChangeLogBytes(0).withClock(clock))
          .withWalGrowthBytes(4 << 10)
          .withBlobs(new BlobOptions(1_400, 1 << 20));

  @BeforeEach
  void makeDirectories() throws IOException {
    disk.createDirectory(ARCHIVE);
    disk.createDirectory(OTHER);
  }

  @Test
  void anArchiveOfAnotherStoreIsRefusedThoughItsVersionsWouldFit() throws IOException {
    try (LsmStore store = open(disk, MemDirectory.PATH)) {
      add(store, 3);
      store.checkpoint(CHECKPOINT);
    }
    try (LsmStore other = archived(disk, OTHER)) {
      add(other, 10);
    }
    UUID log = logs().get(0);
    assertThatThrownBy(() -> restore(RestorePoint.LATEST))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(ARCHIVE.toString())
        .hasMessageContaining(CHECKPOINT.toString())
        .hasMessageContaining("it has logs [" + log + "]");
    assertThat(disk.exists(TARGET)).isFalse();
  }

  @Test
  void storesThatShareAnArchiveDoNotMix() throws IOException {
    long last;
    try (LsmStore store = archived(disk, MemDirectory.PATH);
        LsmStore other = archived(disk, OTHER)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
      last = add(store, 2);
      add(other, 100);
      large(store, 'a');
      large(other, 'b');
    }
    assertThat(logs()).hasSize(2);
    assertThat(restore(RestorePoint.LATEST)).isGreaterThan(last);
    try (LsmStore restored = open(disk, TARGET)) {
      assertThat(counter(restored)).isEqualTo(3);
      try (Snapshot now = restored.snapshot()) {
        assertThat(now.get(new byte[] {'l'})).startsWith('a').hasSize(2_000);
      }
    }
  }

  @Test
  void aRestoredStoreAndAnOpenedCheckpointBeginLogsOfTheirOwn() throws IOException {
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
      add(store, 1);
    }
    restore(RestorePoint.LATEST);
    try (LsmStore restored = archived(disk, TARGET)) {
      add(restored, 50);
    }
    assertThat(logs()).hasSize(2);
    Path again = TARGET.resolveSibling("again");
    LsmStore.restore(CHECKPOINT, ARCHIVE, RestorePoint.LATEST, again, options.withVfs(disk));
    try (LsmStore restored = open(disk, again)) {
      assertThat(counter(restored)).isEqualTo(2);
    }
    try (LsmStore opened = archived(disk, CHECKPOINT)) {
      add(opened, 70);
    }
    assertThat(logs()).hasSize(3);
    assertThatThrownBy(
            () ->
                LsmStore.restore(
                    CHECKPOINT,
                    ARCHIVE,
                    RestorePoint.LATEST,
                    Path.of("/third"),
                    options.withVfs(disk)))
        .hasMessageContaining("is no checkpoint");
  }

  @Test
  void aStoreThatLeftCommitsOutBeginsALogOfItsOwn() throws IOException {
    MemVfs crashed;
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
      for (int i = 0; i < 10; i++) {
        add(store, 1);
      }
      crashed = disk.killed();
    }
    List<String> segments =
        crashed.list(MemDirectory.PATH).stream().filter(WalSegments::isSegment).toList();
    Path damaged = MemDirectory.PATH.resolve(segments.get(segments.size() - 1));
    crashed.flipBit(damaged, Byte.SIZE * 100L);
    LsmOptions salvage = options.withRecoveryMode(RecoveryMode.SALVAGE).withVfs(crashed);
    DirectoryArchive archive = new DirectoryArchive(crashed, ARCHIVE);
    List<UUID> before = logs(); // closing has archived all
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, salvage.withWalArchive(archive))) {
      assertThat(store.losses()).isNotEmpty();
      add(store, 100);
    }
    List<UUID> after = archive.logs();
    assertThat(after).filteredOn(log -> !before.contains(log)).hasSize(1);
    LsmStore.open(MemDirectory.PATH, options.withWalArchive(archive).withVfs(crashed)).close();
    assertThat(archive.logs()).as("whole, it goes on with its log").isEqualTo(after);
  }

  @Test
  void copiesOfAStoreThatBothWriteAreTwoHistories() throws IOException {
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
    }
    copy(MemDirectory.PATH, OTHER);
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
    }
    try (LsmStore store = archived(disk, OTHER)) {
      add(store, 1);
      add(store, 1);
    }
    assertThat(logs()).hasSize(1);
    assertThatThrownBy(() -> restore(RestorePoint.LATEST)).hasMessageContaining("two histories");
  }

  @Test
  void aSegmentIsNeverReplacedByAnotherOfItsName() throws IOException {
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
    }
    SealedSegment first = new DirectoryArchive(disk, ARCHIVE).segments(logs().get(0)).get(0);
    byte[] bytes = disk.bytes(first.path());
    DirectoryArchive archive = new DirectoryArchive(disk, ARCHIVE);
    archive.archive(sameName(first, first.path()));
    Path different = Path.of("/different");
    try (VfsFile file = disk.create(different)) {
      byte[] changed = bytes.clone();
      changed[changed.length - 1] ^= 1;
      file.write(ByteBuffer.wrap(changed), 0);
    }
    assertThatThrownBy(() -> archive.archive(sameName(first, different)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("archived already");
    assertThat(disk.bytes(first.path())).isEqualTo(bytes);
  }

  @Test
  void aStoreIsRestoredToTheLastCommitOfATime() throws IOException {
    long tick = clock.instant().toEpochMilli();
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
      for (int i = 1; i <= 10; i++) {
        clock.advance(1_000);
        add(store, 1);
        if (i % 3 == 0) {
          store.flush();
        }
      }
    }
    for (int i = 1; i < 10; i++) {
      Path target = Path.of("/target" + i);
      Instant between = Instant.ofEpochMilli(tick + i * 1_000L + i * 100L);
      LsmStore.restore(
          CHECKPOINT, ARCHIVE, RestorePoint.atTime(between), target, options.withVfs(disk));
      try (LsmStore restored = open(disk, target)) {
        assertThat(counter(restored)).isEqualTo(1 + i);
      }
    }
    assertThatThrownBy(() -> restore(RestorePoint.atTime(Instant.ofEpochMilli(tick - 1))))
        .hasMessageContaining("is before the checkpoint");
    assertThatThrownBy(() -> restore(RestorePoint.atTime(Instant.ofEpochMilli(tick + 20_000))))
        .hasMessageContaining("the archive ends at version");
    assertThat(disk.list(TARGET)).isEmpty();
  }

  /** The tables alone do not tell: what was deleted and compacted left none. */
  @Test
  void aCheckpointWithoutTablesKnowsWhichCommitsItHas() throws IOException {
    try (LsmStore store = open(disk, MemDirectory.PATH)) {
      store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT.withHistory(Duration.ZERO));
      store.write(new WriteBatch().put(new byte[] {1}, new byte[] {1}), Durability.SYNC);
      store.write(new WriteBatch().delete(new byte[] {1}), Durability.SYNC);
      store.compact();
      assertThat(store.statistics().levels()).isEmpty();
    }
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      store.checkpoint(CHECKPOINT);
      store.write(new WriteBatch().put(new byte[] {2}, new byte[] {2}), Durability.SYNC);
    }
    restore(RestorePoint.LATEST);
    try (LsmStore restored = open(disk, TARGET);
        Snapshot now = restored.snapshot()) {
      assertThat(now.get(new byte[] {2})).containsExactly(2);
    }
  }

  @Test
  void aSegmentUnderAWrongNameOrWithoutItsFilesIsDamage() throws IOException {
    try (LsmStore store = archived(disk, MemDirectory.PATH)) {
      add(store, 1);
      store.checkpoint(CHECKPOINT);
      add(store, 1);
      large(store, 'a');
    }
    Path log = ARCHIVE.resolve(logs().get(0).toString());
    DirectoryArchive archive = new DirectoryArchive(disk, ARCHIVE);
    Path blob = log.resolve(archive.otherFiles(logs().get(0)).get(0));
    disk.rename(blob, log.resolve("lost"));
    assertThatThrownBy(() -> restore(RestorePoint.LATEST))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(blob.toString());
    disk.rename(log.resolve("lost"), blob);
    SealedSegment last =
        archive.segments(logs().get(0)).stream()
            .max((a, b) -> Long.compare(a.lastVersion(), b.lastVersion()))
            .orElseThrow();
    String name =
        String.format(
            "%019d-%019d-%06d.wal", last.afterVersion(), last.lastVersion() + 5, last.number());
    disk.rename(last.path(), log.resolve(name));
    assertThatThrownBy(() -> restore(RestorePoint.LATEST))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("expected " + (last.lastVersion() + 5));
    assertThat(disk.list(TARGET)).isEmpty();
  }

  private List<UUID> logs() throws IOException {
    return new DirectoryArchive(disk, ARCHIVE).logs();
  }

  private static SealedSegment sameName(SealedSegment segment, Path path) {
    return new SealedSegment(
        path,
        segment.log(),
        segment.number(),
        segment.afterVersion(),
        segment.lastVersion(),
        segment.lengthInBytes(),
        List.of());
  }

  private void copy(Path from, Path to) throws IOException {
    for (String name : disk.list(from)) {
      try (VfsFile file = disk.create(to.resolve(name))) {
        file.write(ByteBuffer.wrap(disk.bytes(from.resolve(name))), 0);
      }
    }
  }

  private long restore(RestorePoint point) {
    return LsmStore.restore(CHECKPOINT, ARCHIVE, point, TARGET, options.withVfs(disk));
  }

  private LsmStore open(MemVfs vfs, Path directory) {
    return LsmStore.open(directory, options.withVfs(vfs));
  }

  private LsmStore archived(MemVfs vfs, Path directory) {
    return LsmStore.open(
        directory, options.withWalArchive(new DirectoryArchive(vfs, ARCHIVE)).withVfs(vfs));
  }

  /** A commit that shows if it is there twice. */
  private static long add(LsmStore store, long amount) {
    if (counter(store) == 0) {
      store.setPolicy(
          KeyRange.prefix(COUNTER),
          RangePolicy.DEFAULT.withHistory(Duration.ZERO).withUse(RangePolicy.Use.MERGEABLE));
    }
    return store.write(
        new WriteBatch().merge(MergeOperators.LONG_ADD, COUNTER, MergeOperators.encodeLong(amount)),
        Durability.SYNC);
  }

  private static void large(LsmStore store, char content) {
    byte[] value = new byte[2_000];
    value[0] = (byte) content;
    store.write(new WriteBatch().put(new byte[] {'l'}, value), Durability.SYNC);
  }

  private static long counter(LsmStore store) {
    try (Snapshot now = store.snapshot()) {
      byte[] value = now.get(COUNTER);
      return value == null ? 0 : MergeOperators.decodeLong(value);
    }
  }
}
