package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Slice;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.RestorePoint;
import io.ppdb.lsm.archive.DirectoryArchive;
import io.ppdb.lsm.archive.SealedSegment;
import io.ppdb.lsm.archive.WalArchive;
import io.ppdb.lsm.blob.BlobOptions;
import io.ppdb.lsm.format.CorruptionException;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log is archived before it is given up, and a checkpoint and the archive make any version. */
@Timeout(60)
class ArchiveTest {
  private static final Path ARCHIVE = Path.of("/archive");
  private static final Path CHECKPOINT = Path.of("/checkpoint");
  private static final Path TARGET = Path.of("/target");
  private static final long SEED = Long.getLong("ppdb.seed", 1);

  private final MemVfs disk = MemDirectory.fresh();

  @BeforeEach
  void makeArchive() throws IOException {
    disk.createDirectory(ARCHIVE);
  }

  /** What the store was at each version, as a scan told it. */
  private final TreeMap<Long, Map<String, String>> states = new TreeMap<>();

  @Test
  void aCheckpointAndTheArchiveMakeTheStoreOfAnyVersion() throws Exception {
    Random random = new Random(SEED);
    long checkpointVersion = 0;
    for (int opening = 0; opening < 3; opening++) {
      try (LsmStore store = open(new DirectoryArchive(disk, ARCHIVE))) {
        setPolicies(store);
        for (int i = 0; i < 60; i++) {
          commit(store, random);
          if (opening == 0 && i == 30) {
            store.checkpoint(CHECKPOINT);
            checkpointVersion = states.lastKey();
          }
          if (random.nextInt(10) == 0) {
            store.flush();
          }
        }
      }
    }
    int count = 0;
    for (long version : states.tailMap(checkpointVersion).keySet()) {
      if (random.nextInt(6) == 0 || version == states.lastKey() || version == checkpointVersion) {
        checkRestored(version, Path.of("/target" + count++), version);
      }
    }
    checkRestored(Long.MAX_VALUE, TARGET, states.lastKey());
    assertThat(count).isGreaterThan(10);
    long before = checkpointVersion - 1;
    assertThatThrownBy(() -> restore(before, Path.of("/early")))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    assertThatThrownBy(() -> restore(states.lastKey() + 1, Path.of("/late")))
        .hasMessageContaining("the archive ends at version " + states.lastKey());
  }

  @Test
  void anArchiveWithAGapOrDamageIsRefusedAndLeavesNothing() throws Exception {
    Random random = new Random(SEED);
    try (LsmStore store = open(new DirectoryArchive(disk, ARCHIVE))) {
      setPolicies(store);
      store.checkpoint(CHECKPOINT);
      for (int i = 0; i < 40; i++) {
        commit(store, random);
        if (i % 10 == 9) {
          store.flush();
        }
      }
    }
    List<SealedSegment> segments = archived();
    assertThat(segments).hasSizeGreaterThanOrEqualTo(4);
    Path second = segments.get(1).path();
    disk.flipBit(second, Byte.SIZE * 100L);
    assertThatThrownBy(() -> restore(Long.MAX_VALUE, TARGET))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(second.toString());
    assertThat(disk.list(TARGET)).isEmpty();
    disk.delete(second);
    assertThatThrownBy(() -> restore(Long.MAX_VALUE, TARGET))
        .hasMessageContaining("lacks the commits after version " + segments.get(0).lastVersion());
    assertThat(restore(segments.get(0).lastVersion(), TARGET))
        .isEqualTo(segments.get(0).lastVersion());
  }

  @Test
  void nothingIsGivenUpThatTheArchiveHasNotTaken() throws Exception {
    AtomicBoolean works = new AtomicBoolean();
    List<SealedSegment> taken = Collections.synchronizedList(new ArrayList<>());
    WalArchive archive =
        segment -> {
          if (!works.get()) {
            throw new IOException("the archive is not there");
          }
          assertThat(disk.exists(segment.path())).isTrue();
          taken.add(segment);
        };
    Random random = new Random(SEED);
    try (LsmStore store = open(archive)) {
      setPolicies(store);
      for (int i = 0; i < 5; i++) {
        commit(store, random);
        store.flush();
      }
      assertThat(segmentCount()).as("segments kept for the archive").isGreaterThanOrEqualTo(5);
      works.set(true);
      await(() -> taken.size() == 5);
      commit(store, random);
      store.flush();
      commit(store, random);
      store.flush();
      assertThat(segmentCount()).as("segments when the archive works").isLessThan(5);
    }
    long position = 0;
    for (SealedSegment segment : taken) {
      assertThat(segment.afterVersion()).isEqualTo(position);
      position = segment.lastVersion();
    }
    assertThat(position).as("at the end all is archived").isEqualTo(states.lastKey());
  }

  @Test
  void aSegmentThatWasNotTakenIsOfferedAgainAfterACrash() throws Exception {
    Random random = new Random(SEED);
    MemVfs after;
    WalArchive none =
        segment -> {
          throw new IOException("the archive is not there");
        };
    try (LsmStore store = open(none)) {
      setPolicies(store);
      for (int i = 0; i < 6; i++) {
        commit(store, random);
        if (i % 2 == 1) {
          store.flush();
        }
      }
      after = disk.crashed(new Random(SEED));
    }
    List<SealedSegment> taken = Collections.synchronizedList(new ArrayList<>());
    LsmStore.open(MemDirectory.PATH, options(taken::add).withVfs(after)).close();
    assertThat(taken.get(0).afterVersion()).isZero();
    assertThat(taken.get(taken.size() - 1).lastVersion()).isEqualTo(states.lastKey());
  }

  @Test
  void commitsAreRefusedWhenTooMuchWaitsForTheArchiveAndGoOnWhenItDoesNot() throws Exception {
    AtomicBoolean works = new AtomicBoolean();
    WalArchive archive =
        segment -> {
          if (!works.get()) {
            throw new IOException("the archive is not there");
          }
        };
    Random random = new Random(SEED);
    try (LsmStore store =
        LsmStore.open(
            MemDirectory.PATH, options(archive).withWalArchive(archive, 1_000).withVfs(disk))) {
      setPolicies(store);
      await(
          () -> {
            try {
              commit(store, random);
              store.flush();
              return false;
            } catch (PpdbException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e).hasMessageContaining("maxUnarchivedBytes, 1000");
              return true;
            }
          });
      works.set(true);
      await(
          () -> {
            try {
              commit(store, random);
              return true;
            } catch (PpdbException e) {
              return false;
            }
          });
    }
  }

  private void checkRestored(long version, Path target, long expected) {
    assertThat(restore(version, target)).as("seed %d", SEED).isLessThanOrEqualTo(expected);
    try (LsmStore store = LsmStore.open(target, options(null).withVfs(disk))) {
      store.verify();
      assertThat(scan(store))
          .as("seed %d, version %d", SEED, version)
          .isEqualTo(states.get(expected));
    }
  }

  private long restore(long version, Path target) {
    return LsmStore.restore(
        CHECKPOINT, ARCHIVE, RestorePoint.atVersion(version), target, options(null).withVfs(disk));
  }

  private List<SealedSegment> archived() throws IOException {
    DirectoryArchive archive = new DirectoryArchive(disk, ARCHIVE);
    return archive.segments(archive.logs().get(0));
  }

  private long segmentCount() throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(WalSegments::isSegment).count();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.sleep(1);
    }
  }

  /** A commit of some kind, and the state after it. */
  private void commit(LsmStore store, Random random) {
    long version;
    int key = random.nextInt(20);
    if (random.nextInt(8) == 0) {
      try (BulkLoad load = store.bulkLoad()) {
        for (int i = 0; i < 5; i++) {
          load.put(Script.key(key + i), Script.value(states.size(), i % 2 * 1_500));
        }
        version = load.commit(Durability.SYNC);
      }
    } else if (random.nextInt(8) == 0) {
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.of(Script.key(key), Script.key(key + 3)));
        transaction.put(Script.key(key + 1), Script.value(states.size(), 3));
        if (random.nextBoolean()) { // then it has too many bytes for memory
          transaction.merge(
              MergeOperators.LONG_ADD, counter(random.nextInt(3)), MergeOperators.encodeLong(1));
        }
        version = transaction.commit();
      }
    } else {
      WriteBatch batch =
          new WriteBatch()
              .put(Script.key(key), Script.value(states.size(), random.nextInt(4) * 700))
              .merge(
                  MergeOperators.LONG_ADD,
                  counter(random.nextInt(3)),
                  MergeOperators.encodeLong(1 + random.nextInt(9)));
      version = store.write(batch, Durability.SYNC);
    }
    states.put(version, scan(store));
  }

  private static byte[] counter(int number) {
    return ("z" + number).getBytes(StandardCharsets.US_ASCII);
  }

  private static void setPolicies(LsmStore store) {
    RangePolicy policy = RangePolicy.DEFAULT.withHistory(Duration.ZERO);
    store.setPolicy(KeyRange.all(), policy);
    store.setPolicy(KeyRange.prefix(new byte[] {'z'}), policy.withUse(RangePolicy.Use.MERGEABLE));
  }

  private static Map<String, String> scan(LsmStore store) {
    Map<String, String> all = new TreeMap<>();
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      while (cursor.next()) {
        all.put(cursor.key().toString(), new Slice(cursor.value().toByteArray()).toString());
      }
    }
    return all;
  }

  private static LsmOptions options(@Nullable WalArchive archive) {
    LsmOptions options =
        LsmOptions.of(StoreOptions.DEFAULT.withChangeLogBytes(0))
            .withWalGrowthBytes(4 << 10)
            .withMaxLoadBytesInMemory(1_000)
            .withMaxTransactionBytesInMemory(12)
            .withBlobs(new BlobOptions(1_400, 1 << 20));
    return archive == null ? options : options.withWalArchive(archive);
  }

  private LsmStore open(WalArchive archive) {
    return LsmStore.open(MemDirectory.PATH, options(archive).withVfs(disk));
  }
}
