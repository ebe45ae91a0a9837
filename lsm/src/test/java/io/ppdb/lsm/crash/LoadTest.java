package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.BulkLoad;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.WriteBatch;
import io.ppdb.lsm.LsmOptions;
import io.ppdb.lsm.LsmStore;
import io.ppdb.lsm.MemDirectory;
import io.ppdb.lsm.vfs.DiskFullException;
import io.ppdb.lsm.vfs.FaultVfs;
import io.ppdb.lsm.vfs.FaultVfs.Fault;
import io.ppdb.lsm.vfs.MemVfs;
import io.ppdb.lsm.vfs.Vfs;
import io.ppdb.lsm.vfs.VfsFile;
import io.ppdb.lsm.wal.RecoveryMode;
import io.ppdb.lsm.wal.WalSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The traps of bulk loads that go to tables, with a thread parked, or the disk failing, there. */
@Timeout(120)
class LoadTest {
  private static final LsmOptions TINY = CrashTest.TINY;
  private static final int TIMEOUT_SECONDS = 60;
  private static final int CRASH_COUNT = 40;

  private static LsmStore open(Vfs vfs) {
    return LsmStore.open(MemDirectory.PATH, TINY.withVfs(vfs));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(LsmStore store, String key, String value, Durability durability) {
    store.write(new WriteBatch().put(bytes(key), bytes(value)), durability);
  }

  private static long load(LsmStore store, Durability durability, String... keysAndValues) {
    try (BulkLoad load = store.bulkLoad()) {
      for (int i = 0; i < keysAndValues.length; i += 2) {
        load.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
      }
      return load.commit(durability);
    }
  }

  private static @Nullable String get(LsmStore store, String key) {
    byte[] value = store.get(bytes(key));
    return value == null ? null : new String(value, StandardCharsets.US_ASCII);
  }

  private static String scan(LsmStore store) {
    StringJoiner joiner = new StringJoiner(" ");
    try (Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      while (cursor.next()) {
        joiner.add(
            new String(cursor.key().toByteArray(), StandardCharsets.US_ASCII)
                + "="
                + new String(cursor.value().toByteArray(), StandardCharsets.US_ASCII));
      }
    }
    return joiner.toString();
  }

  private static List<String> tables(MemVfs disk) throws IOException {
    return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(".sst")).toList();
  }

  @Test
  void aGetIsNotStoppedByTheMemtableBelowTheLoad() {
    RotationTest.Gate gate = new RotationTest.Gate();
    try (LsmStore store =
        open(new GateVfs(MemDirectory.fresh(), ".sst", GateVfs.Operation.WRITE, gate))) {
      put(store, "a", "before", Durability.SYNC);
      put(store, "b", "before", Durability.SYNC);
      gate.closeFor("ppdb-flush");
      load(store, Durability.ASYNC, "a", "load", "c", "load");
      put(store, "c", "after", Durability.ASYNC);
      assertThat(get(store, "a")).isEqualTo("load");
      assertThat(get(store, "c")).isEqualTo("after");
      assertThat(scan(store)).isEqualTo("a=load b=before c=after");
      gate.open();
      store.flush();
      assertThat(scan(store)).isEqualTo("a=load b=before c=after");
      assertThat(get(store, "a")).isEqualTo("load");
      load(store, Durability.ASYNC, "b", "second", "c", "second");
      store.compact();
      assertThat(scan(store)).isEqualTo("a=load b=second c=second");
    } finally {
      gate.open();
    }
  }

  @Test
  void aLoadThatIsNotDurableIsReadByNobodyAndHoldsUpTheFlush() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (LsmStore store = open(new GateVfs(disk, ".wal", GateVfs.Operation.FORCE, gate))) {
      put(store, "a", "before", Durability.SYNC);
      gate.closeFor("ppdb-test-load");
      Future<?> load =
          threads.submit(
              () -> {
                Thread.currentThread().setName("ppdb-test-load");
                return load(store, Durability.SYNC, "a", "load", "b", "load");
              });
      gate.awaitArrival();
      Future<?> flush = threads.submit(store::flush);
      try (Snapshot snapshot = store.snapshot()) {
        assertThat(get(store, "b")).isNull();
        assertThat(scan(store)).isEqualTo("a=before");
        for (int seed = 0; seed < CRASH_COUNT; seed++) {
          try (LsmStore after = open(disk.crashed(new Random(seed)))) {
            assertThat(scan(after)).isIn("a=before", "a=load b=load");
          }
        }
        assertThat(flush.isDone()).isFalse();
        gate.open();
        load.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        flush.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(snapshot.get(bytes("b"))).isNull();
      }
      assertThat(scan(store)).isEqualTo("a=load b=load");
      for (int seed = 0; seed < CRASH_COUNT; seed++) {
        try (LsmStore after = open(disk.crashed(new Random(seed)))) {
          assertThat(scan(after)).isEqualTo("a=load b=load");
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aLoadDoesNotSurviveWithoutTheCommitBefore() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (LsmStore store = open(new GateVfs(disk, ".wal", GateVfs.Operation.FORCE, gate))) {
      store.flush();
      gate.close();
      Future<?> load =
          threads.submit(
              () -> {
                put(store, "a", "put", Durability.ASYNC);
                load(store, Durability.ASYNC, "b", "load");
                put(store, "c", "put", Durability.ASYNC);
                return scan(store);
              });
      gate.awaitArrival();
      Thread.sleep(20); // a flush that does not wait would be through with its edit
      for (int seed = 0; seed < CRASH_COUNT; seed++) {
        try (LsmStore after = open(disk.crashed(new Random(seed)))) {
          assertThat(scan(after)).isIn("", "a=put", "a=put b=load", "a=put b=load c=put");
        }
      }
      gate.open();
      assertThat(load.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("a=put b=load c=put");
    } finally {
      threads.shutdownNow();
    }
  }

  /** A disk on which files of one kind find no space. */
  private static final class FullVfs extends ForwardingVfs {
    private final String namePart;
    volatile boolean full;

    FullVfs(Vfs delegate, String namePart) {
      super(delegate);
      this.namePart = namePart;
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return String.valueOf(path.getFileName()).contains(namePart)
          ? new ForwardingFile(file) {
            @Override
            public void write(ByteBuffer source, long position) throws IOException {
              if (full) {
                throw new DiskFullException("No space left on device (injected)", null);
              }
              super.write(source, position);
            }
          }
          : file;
    }
  }

  private static void assertFails(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void aFlushThatTheManifestHasNoSpaceForKeepsTheTablesOfTheLoad() {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, "MANIFEST");
    RotationTest.Gate gate = new RotationTest.Gate();
    try (LsmStore store = open(new GateVfs(full, ".sst", GateVfs.Operation.WRITE, gate))) {
      put(store, "a", "before", Durability.SYNC);
      gate.closeFor("ppdb-flush");
      load(store, Durability.SYNC, "a", "load");
      full.full = true;
      gate.open();
      assertFails(ErrorCode.DISK_FULL, store::flush);
      assertThat(scan(store)).isEqualTo("a=load");
      full.full = false;
      store.flush();
      assertThat(scan(store)).isEqualTo("a=load");
    } finally {
      gate.open();
    }
    try (LsmStore again = open(disk.crashed(new Random(1)))) {
      assertThat(scan(again)).isEqualTo("a=load");
    }
  }

  @Test
  void aLoadWhoseRecordFindsNoSpaceLeavesNothing() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, ".wal");
    try (LsmStore store = open(full)) {
      put(store, "a", "before", Durability.SYNC);
      store.compact();
      List<String> before = tables(disk);
      full.full = true;
      assertFails(
          ErrorCode.DISK_FULL, () -> load(store, Durability.SYNC, "a", "load", "b", "load"));
      assertThat(scan(store)).isEqualTo("a=before");
      assertThat(tables(disk)).isEqualTo(before);
      full.full = false;
      load(store, Durability.SYNC, "c", "second");
      assertThat(scan(store)).isEqualTo("a=before c=second");
    }
    try (LsmStore again = open(disk.crashed(new Random(1)))) {
      assertThat(scan(again)).isEqualTo("a=before c=second");
    }
  }

  @Test
  void aLoadWhoseTablesFindNoSpaceFailsAloneAndForGood() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, ".sst");
    try (LsmStore store = open(full)) {
      put(store, "a", "before", Durability.SYNC);
      try (BulkLoad load = store.bulkLoad()) {
        full.full = true;
        load.put(bytes("a"), bytes("load"));
        assertFails(ErrorCode.DISK_FULL, () -> load.commit(Durability.SYNC));
      }
      full.full = false;
      assertThat(tables(disk)).isEmpty();
      assertThat(scan(store)).isEqualTo("a=before");
      load(store, Durability.SYNC, "b", "load");
      assertThat(scan(store)).isEqualTo("a=before b=load");
    }
  }

  @Test
  void aLoadDuringWhichTheDiskFailsIsThereAsAWholeOrNotAtAll() {
    int failureCount = 0;
    for (int index = 0; index < CRASH_COUNT; index++) {
      MemVfs disk = MemDirectory.fresh();
      FaultVfs faults = new FaultVfs(disk);
      LsmStore store = open(faults);
      put(store, "a", "before", Durability.SYNC);
      faults.failAtOwn(index, Fault.IO_ERROR);
      try {
        load(store, Durability.SYNC, "a", "load", "b", "load");
      } catch (PpdbException e) {
        failureCount++;
        assertThat(scan(store)).isEqualTo("a=before");
      }
      boolean failed = faults.hasFired();
      faults.heal();
      try {
        store.close();
      } catch (PpdbException e) {
        assertThat(failed).as(String.valueOf(e.getMessage())).isTrue();
      }
      for (MemVfs after : List.of(disk.crashed(new Random(index)), disk.killed())) {
        try (LsmStore again = open(after)) {
          assertThat(scan(again)).isIn("a=before", "a=load b=load");
        }
      }
    }
    assertThat(failureCount).isGreaterThan(3);
  }

  /** A disk that fails to sync a log to which the record of a load was written. */
  private static final class NoSyncVfs extends ForwardingVfs {
    private static final int TYPE_OFFSET = 6;

    /** The bits of the type, and those that are 0 in every record. */
    private static final int TYPE_MASK = 0xE3;

    private static final byte LOAD = 3;

    NoSyncVfs(Vfs delegate) {
      super(delegate);
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return String.valueOf(path.getFileName()).endsWith(".wal")
          ? new ForwardingFile(file) {
            private boolean hasLoad;

            @Override
            public void write(ByteBuffer source, long position) throws IOException {
              hasLoad |=
                  source.remaining() > TYPE_OFFSET
                      && (source.get(source.position() + TYPE_OFFSET) & TYPE_MASK) == LOAD;
              super.write(source, position);
            }

            @Override
            public void force() throws IOException {
              if (hasLoad) {
                throw new IOException("Input/output error (injected)");
              }
              super.force();
            }
          }
          : file;
    }
  }

  @Test
  void aLoadWhoseRecordIsNotSyncedIsUnknownAndKeepsItsTables() {
    MemVfs disk = MemDirectory.fresh();
    LsmStore store = open(new NoSyncVfs(disk));
    put(store, "a", "before", Durability.SYNC);
    assertFails(
        ErrorCode.COMMIT_UNKNOWN, () -> load(store, Durability.SYNC, "a", "load", "b", "load"));
    assertThat(scan(store)).isEqualTo("a=before");
    assertFails(ErrorCode.READ_ONLY, () -> load(store, Durability.SYNC, "c", "load"));
    assertThatThrownBy(store::close).isInstanceOf(PpdbException.class);
    try (LsmStore after = open(disk.killed())) {
      assertThat(scan(after)).isEqualTo("a=load b=load");
    }
    for (int seed = 0; seed < CRASH_COUNT; seed++) {
      try (LsmStore after = open(disk.crashed(new Random(seed)))) {
        assertThat(scan(after)).isIn("a=before", "a=load b=load");
      }
    }
  }

  @Test
  void aLoadThatIsGivenUpLeavesNoFiles() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    try (LsmStore store = open(faults)) {
      int openFileCount = faults.openFileCount();
      try (BulkLoad load = store.bulkLoad()) {
        for (int i = 0; i < 300; i++) {
          load.put(bytes(String.format("%04d", i)), bytes("x".repeat(i)));
        }
        assertThat(tables(disk)).hasSizeGreaterThan(3);
      }
      assertThat(tables(disk)).isEmpty();
      assertThat(faults.openFileCount()).isLessThanOrEqualTo(openFileCount + 1); // a blob file
    }
  }

  @Test
  void whatACrashLeavesOfALoadIsDeletedWhenTheStoreIsOpened() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    MemVfs killed;
    try (LsmStore store = open(disk);
        BulkLoad load = store.bulkLoad()) {
      put(store, "a", "before", Durability.SYNC);
      for (int i = 0; i < 300; i++) {
        load.put(bytes(String.format("%04d", i)), bytes("x".repeat(i)));
      }
      killed = disk.killed();
    }
    assertThat(tables(killed)).hasSizeGreaterThan(3);
    try (LsmStore store = open(killed)) {
      assertThat(scan(store)).isEqualTo("a=before");
      assertThat(tables(killed)).hasSizeLessThan(2); // that of the recovered commit
    }
  }

  /** A store whose log has a put, a load, and a put, and that was not closed. */
  private static MemVfs unflushedLoad() {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    try (LsmStore store = open(new GateVfs(disk, ".sst", GateVfs.Operation.WRITE, gate))) {
      put(store, "a", "1", Durability.SYNC);
      put(store, "b", "1", Durability.SYNC);
      gate.closeFor("ppdb-flush");
      load(store, Durability.SYNC, "b", "2", "c", "2");
      put(store, "c", "3", Durability.SYNC);
      put(store, "d", "3", Durability.SYNC);
      MemVfs killed = disk.killed();
      gate.open();
      return killed;
    } finally {
      gate.open();
    }
  }

  /** Deletes all tables: those of the load, since nothing was flushed. */
  private static void deleteLoad(MemVfs disk) throws IOException {
    for (String table : tables(disk)) {
      disk.delete(MemDirectory.PATH.resolve(table));
    }
  }

  @Test
  void recoveryPutsTheLoadBetweenTheCommitsOfTheLog() throws IOException {
    MemVfs disk = unflushedLoad();
    try (LsmStore store = open(disk)) {
      assertThat(scan(store)).isEqualTo("a=1 b=2 c=3 d=3");
    }
    try (LsmStore store = open(disk)) {
      assertThat(scan(store)).isEqualTo("a=1 b=2 c=3 d=3");
      store.verify();
    }
  }

  @Test
  void aLoadWhoseTableIsMissingIsCorruptionOrALoss() throws IOException {
    MemVfs disk = unflushedLoad();
    deleteLoad(disk);
    assertThatThrownBy(() -> open(disk.killed()))
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
        .hasMessageContaining(".sst")
        .hasMessageContaining(".wal");
    LsmOptions options = TINY.withVfs(disk.killed());
    try (LsmStore store =
        LsmStore.open(MemDirectory.PATH, options.withRecoveryMode(RecoveryMode.POINT_IN_TIME))) {
      assertThat(store.losses()).hasSize(1);
      assertThat(scan(store)).isEqualTo("a=1 b=1");
    }
    options = TINY.withVfs(disk.killed());
    try (LsmStore store =
        LsmStore.open(MemDirectory.PATH, options.withRecoveryMode(RecoveryMode.SALVAGE))) {
      assertThat(store.losses()).hasSize(1);
      assertThat(scan(store)).isEqualTo("a=1 b=1 c=3 d=3");
    }
  }

  @Test
  void theTablesOfALoadThatIsLeftOutAreKept() throws IOException {
    MemVfs disk = unflushedLoad();
    String table = tables(disk).get(0);
    byte[] bytes = disk.bytes(MemDirectory.PATH.resolve(table));
    String segment =
        disk.list(MemDirectory.PATH).stream()
            .filter(WalSegments::isSegment)
            .findFirst()
            .orElseThrow();
    disk.flipBit(MemDirectory.PATH.resolve(segment), Byte.SIZE * 60L);
    LsmOptions options = TINY.withVfs(disk);
    try (LsmStore store =
        LsmStore.open(MemDirectory.PATH, options.withRecoveryMode(RecoveryMode.POINT_IN_TIME))) {
      assertThat(store.losses()).isNotEmpty();
      assertThat(scan(store)).isEmpty();
    }
    assertThat(disk.bytes(MemDirectory.PATH.resolve(table + ".damaged"))).isEqualTo(bytes);
    open(disk).close();
    assertThat(disk.list(MemDirectory.PATH)).contains(table + ".damaged", segment + ".damaged");
  }

  @Test
  void manyTablesOfOneLoadDoNotStopCommits() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    LsmOptions options = TINY.withVfs(disk).withStalls(2, 3);
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options);
        BulkLoad load = store.bulkLoad()) {
      for (int i = 0; i < 300; i++) {
        load.put(bytes(String.format("%04d", i)), bytes("x".repeat(i % 100)));
      }
      load.commit(Durability.SYNC);
      store.flush();
      assertThat(tables(disk)).hasSizeGreaterThan(3);
      for (int i = 0; i < 10; i++) {
        put(store, "a" + i, "after", Durability.SYNC);
      }
      assertThat(get(store, "0299")).hasSize(99);
    }
  }

  @Test
  void loadsAndCommitsOfManyThreadsKeepTheirOrder() throws Exception {
    MemVfs disk = MemDirectory.fresh();
    Map<Long, Map<String, String>> commits = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (LsmStore store = open(disk)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < 4; client++) {
        int seed = client;
        clients.add(
            threads.submit(
                () -> {
                  Random random = new Random(seed);
                  for (int i = 0; i < 60; i++) {
                    write(store, random, seed + "." + i, commits);
                  }
                }));
      }
      for (Future<?> client : clients) {
        client.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
      assertThat(scan(store)).isEqualTo(expected(commits));
    }
    try (LsmStore again = open(disk)) {
      assertThat(scan(again)).isEqualTo(expected(commits));
    }
  }

  private static void write(
      LsmStore store, Random random, String value, Map<Long, Map<String, String>> commits) {
    TreeMap<String, String> writes = new TreeMap<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      writes.put("k" + random.nextInt(9), value + "x".repeat(random.nextInt(120)));
    }
    long version;
    if (random.nextBoolean()) {
      try (BulkLoad load = store.bulkLoad()) {
        writes.forEach((key, text) -> load.put(bytes(key), bytes(text)));
        version = load.commit(random.nextBoolean() ? Durability.SYNC : Durability.ASYNC);
      }
    } else {
      WriteBatch batch = new WriteBatch();
      writes.forEach((key, text) -> batch.put(bytes(key), bytes(text)));
      version = store.write(batch, Durability.ASYNC);
    }
    commits.put(version, writes);
  }

  private static String expected(Map<Long, Map<String, String>> commits) {
    TreeMap<String, String> state = new TreeMap<>();
    new TreeMap<>(commits).values().forEach(state::putAll);
    StringJoiner joiner = new StringJoiner(" ");
    state.forEach((key, value) -> joiner.add(key + "=" + value));
    return joiner.toString();
  }
}
