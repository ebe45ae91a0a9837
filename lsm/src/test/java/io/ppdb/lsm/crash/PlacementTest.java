package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.RangePolicy.Placement;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.compaction.CompactionOptions;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where reads are served from, and that it is never seen in what they read. */
class PlacementTest {
  private static final int TIMEOUT_SECONDS = 60;
  private static final int KEY_COUNT = 500;

  private final MemVfs disk = MemDirectory.fresh();

  /** Counts reads of tables. */
  private final AtomicLong reads = new AtomicLong();

  @Test
  void keysOfATieredRangeAreReadFromTheDiskOnce() throws IOException {
    try (LsmStore store = open(options())) {
      place(store, KeyRange.all(), Placement.TIERED);
      fill(store, 1);
      store.flush();
      checkAll(store, 1);
      long before = reads.get();
      checkAll(store, 1);
      assertThat(get(store, KEY_COUNT)).as("a key that is absent").isNull();
      assertThat(get(store, KEY_COUNT)).isNull();
      assertThat(reads.get() - before).as("reads of tables").isLessThanOrEqualTo(1);
      assertThat(store.cachedBytes().entryBytes()).isPositive();
      assertThat(store.cachedBytes().blockBytes()).isZero();
    }
  }

  @Test
  void otherRangesAreNotInTheEntryCache() throws IOException {
    try (LsmStore store = open(options())) {
      fill(store, 1);
      store.flush();
      checkAll(store, 1);
      assertThat(store.cachedBytes().entryBytes()).isZero();
    }
  }

  @Test
  void theEntryCacheStaysWithinItsBudget() throws IOException {
    try (LsmStore store = open(options().withEntryCacheBytes(20_000))) {
      place(store, KeyRange.all(), Placement.TIERED);
      fill(store, 1);
      store.flush();
      for (int round = 0; round < 3; round++) {
        checkAll(store, 1);
        assertThat(store.cachedBytes().entryBytes()).isBetween(15_000L, 20_000L);
      }
    }
  }

  @Test
  void whatAFlushBringsIsSeenAndOlderViewsSeeWhatTheySaw() throws IOException {
    try (LsmStore store = open(options())) {
      place(store, KeyRange.all(), Placement.TIERED);
      fill(store, 1);
      store.flush();
      checkAll(store, 1);
      try (Snapshot old = store.snapshot()) {
        fill(store, 2);
        store.flush();
        checkAll(store, 2);
        for (int key = 0; key < KEY_COUNT; key++) {
          assertThat(old.get(Script.key(key))).isEqualTo(value(key, 1));
        }
        store.compact();
        checkAll(store, 2);
        assertThat(old.get(Script.key(7))).isEqualTo(value(7, 1));
      }
    }
  }

  @Test
  void whatIsDeletedByRangeOrDroppedIsGone() throws IOException {
    try (LsmStore store = open(options())) {
      place(store, KeyRange.all(), Placement.TIERED);
      fill(store, 1);
      store.flush();
      checkAll(store, 1);
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.of(Script.key(10), Script.key(20)));
        transaction.commit();
      }
      store.flush();
      assertThat(get(store, 10)).isNull();
      assertThat(get(store, 19)).isNull();
      assertThat(get(store, 20)).isEqualTo(value(20, 1));
      store.dropRange(KeyRange.of(Script.key(30), Script.key(40)));
      assertThat(get(store, 30)).isNull();
      assertThat(get(store, 40)).isEqualTo(value(40, 1));
      store.write(new WriteBatch().put(Script.key(30), value(30, 3)), Durability.ASYNC);
      store.flush();
      assertThat(get(store, 30)).isEqualTo(value(30, 3));
    }
  }

  /**
   * A reader has searched the tree, but not told the cache what it found, when a flush puts a newer
   * entry of the key into the tree. If the cache took what it is told, the older value would be
   * back.
   */
  @Test
  @Timeout(TIMEOUT_SECONDS)
  void aReaderThatIsOvertakenByAFlushDoesNotBringTheOldValueBack() throws Exception {
    RotationTest.Gate gate = new RotationTest.Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store =
        LsmStore.open(
            MemDirectory.PATH,
            options().withVfs(new GateVfs(disk, ".sst", GateVfs.Operation.READ, gate)))) {
      place(store, KeyRange.all(), Placement.TIERED);
      fill(store, 1);
      store.flush();
      assertThat(get(store, 1)).isEqualTo(value(1, 1)); // opens the table
      gate.closeFor("ppdb-test-reader");
      Future<byte[]> slow =
          threads.submit(
              () -> {
                Thread.currentThread().setName("ppdb-test-reader");
                return get(store, 5);
              });
      gate.awaitArrival();
      store.write(new WriteBatch().put(Script.key(5), value(5, 2)), Durability.ASYNC);
      store.flush();
      gate.open();
      assertThat(slow.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(value(5, 1));
      assertThat(get(store, 5)).isEqualTo(value(5, 2));
      assertThat(get(store, 5)).isEqualTo(value(5, 2));
    } finally {
      gate.open();
      threads.shutdownNow();
    }
  }

  /** Each commit counts up two keys; every view sees both alike, and never less than before. */
  @Test
  @Timeout(120)
  void countersUnderViewsNeverGoBackWhileTablesChange() throws Exception {
    LsmOptions small =
        options()
            .withStore(StoreOptions.DEFAULT.withMemtableBytes(8 << 10).withBlockCacheBytes(4 << 10))
            .withCompaction(new CompactionOptions(2, 8 << 10, 2, 4 << 10))
            .withEntryCacheBytes(32 << 10);
    int pairCount = 100;
    ExecutorService threads = Executors.newFixedThreadPool(5);
    AtomicBoolean done = new AtomicBoolean();
    try (LsmStore store = open(small)) {
      place(store, KeyRange.all(), Placement.TIERED);
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        long seed = i;
        readers.add(threads.submit(() -> readPairs(store, pairCount, new Random(seed), done)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int parity = i;
        writers.add(threads.submit(() -> countPairs(store, pairCount, parity)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      done.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertThat(store.cachedBytes().entryBytes()).isPositive();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private static void countPairs(LsmStore store, int pairCount, int parity) {
    for (int i = 0; i < 6_000; i++) {
      int pair = 2 * (i % (pairCount / 2)) + parity;
      byte[] count = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
      store.write(
          new WriteBatch().put(Script.key(pair), count).put(Script.key(1_000 + pair), count),
          Durability.ASYNC);
    }
  }

  private static void readPairs(LsmStore store, int pairCount, Random random, AtomicBoolean done) {
    int[] seen = new int[pairCount];
    while (!done.get()) {
      try (Snapshot snapshot = store.snapshot()) {
        for (int i = 0; i < 20; i++) {
          int pair = random.nextInt(pairCount);
          int one = count(snapshot.get(Script.key(pair)));
          int other = count(snapshot.get(Script.key(1_000 + pair)));
          assertThat(other).as("pair %d at version %d", pair, snapshot.version()).isEqualTo(one);
          assertThat(one).as("pair %d", pair).isGreaterThanOrEqualTo(seen[pair]);
          seen[pair] = one;
        }
      }
    }
  }

  private static int count(byte @Nullable [] value) {
    return value == null ? 0 : ByteBuffer.wrap(value).getInt();
  }

  @Test
  void aRangeInMemoryIsReadFromMemoryOnly() throws Exception {
    LsmOptions options = options();
    try (LsmStore store = open(options)) {
      place(store, KeyRange.all(), Placement.MEMORY);
      fill(store, 1);
      store.flush();
    }
    try (LsmStore store = open(options)) {
      await(() -> readsOf(() -> checkAll(store, 1)) == 0);
      long pinned = store.cachedBytes().pinnedBytes();
      assertThat(pinned).isBetween(KEY_COUNT * 50L, KEY_COUNT * 200L);
      assertThat(store.cachedBytes().isOverLimit()).isFalse();
      fill(store, 2);
      store.flush();
      store.compact();
      await(() -> readsOf(() -> checkAll(store, 2)) == 0);
      assertThat(store.cachedBytes().pinnedBytes())
          .isBetween(pinned, 3 * pinned); // the past is kept too
      place(store, KeyRange.all(), Placement.DISK);
      await(() -> store.cachedBytes().pinnedBytes() == 0);
      checkAll(store, 2);
      assertThat(readsOf(() -> checkAll(store, 2))).isPositive();
    }
  }

  @Test
  void onlyTheRangeThatIsPlacedInMemoryIsPinned() throws Exception {
    try (LsmStore store = open(options())) {
      fill(store, 1);
      store.flush();
      place(store, KeyRange.of(Script.key(100), Script.key(200)), Placement.MEMORY);
      await(() -> readsOf(() -> check(store, 100, 200, 1)) == 0);
      assertThat(readsOf(() -> check(store, 300, 400, 1))).isPositive();
      assertThat(store.cachedBytes().pinnedBytes()).isBetween(5_000L, 30_000L);
    }
  }

  @Test
  void whatIsOverTheLimitForPinnedBytesIsReadAsIfItWereTiered() throws Exception {
    try (LsmStore store = open(options().withPinnedBytes(10_000))) {
      fill(store, 1);
      store.flush();
      place(store, KeyRange.all(), Placement.MEMORY);
      await(() -> store.cachedBytes().isOverLimit());
      assertThat(store.cachedBytes().pinnedBytes()).isBetween(5_000L, 10_000L);
      checkAll(store, 1);
      assertThat(store.cachedBytes().entryBytes()).isPositive();
      assertThat(readsOf(() -> checkAll(store, 1))).isZero();
      place(store, KeyRange.of(Script.key(20), null), Placement.DISK);
      await(() -> !store.cachedBytes().isOverLimit());
    }
  }

  /** A range that was tiered, and is again: nothing of the first time may be left. */
  @Test
  void aChangeOfPlacementAtRunTimeBringsNothingOldBack() throws IOException {
    try (LsmStore store = open(options())) {
      for (int round = 1; round < 6; round++) {
        place(store, KeyRange.all(), round % 2 == 0 ? Placement.DISK : Placement.TIERED);
        fill(store, round);
        store.flush();
        checkAll(store, round);
      }
    }
  }

  private interface Reads {
    void run();
  }

  /** How often tables are read for {@code what}. */
  private long readsOf(Reads what) {
    long before = reads.get();
    what.run();
    return reads.get() - before;
  }

  /** Waits for background work; the test times out if it does not come. */
  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static void place(LsmStore store, KeyRange range, Placement placement) {
    store.setPolicy(range, RangePolicy.DEFAULT.withPlacement(placement));
  }

  private static void fill(LsmStore store, int round) {
    for (int key = 0; key < KEY_COUNT; key++) {
      store.write(new WriteBatch().put(Script.key(key), value(key, round)), Durability.ASYNC);
    }
  }

  private static void checkAll(LsmStore store, int round) {
    check(store, 0, KEY_COUNT, round);
  }

  private static void check(LsmStore store, int start, int end, int round) {
    for (int key = start; key < end; key++) {
      assertThat(get(store, key)).as("key %d", key).isEqualTo(value(key, round));
    }
  }

  private static byte @Nullable [] get(LsmStore store, int key) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.get(Script.key(key));
    }
  }

  private static byte[] value(int key, int round) {
    return Script.value(1_000 * round + key, 50);
  }

  /** Tables of blocks that hold some ten entries; no block is cached that is not pinned. */
  private static LsmOptions options() {
    return LsmOptions.of(StoreOptions.DEFAULT.withBlockCacheBytes(0))
        .withWalGrowthBytes(16 << 10)
        .withBlockBytes(1 << 10);
  }

  private LsmStore open(LsmOptions options) {
    return LsmStore.open(MemDirectory.PATH, options.withVfs(new CountingVfs(disk)));
  }

  private final class CountingVfs extends ForwardingVfs {
    CountingVfs(Vfs disk) {
      super(disk);
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return file;
    }

    @Override
    public VfsFile openRead(Path path) throws IOException {
      VfsFile file = super.openRead(path);
      if (!String.valueOf(path.getFileName()).endsWith(".sst")) {
        return file;
      }
      return new ForwardingFile(file) {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
          reads.incrementAndGet();
          return super.read(target, position);
        }
      };
    }
  }
}
