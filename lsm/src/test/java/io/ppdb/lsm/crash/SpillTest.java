package io.ppdb.lsm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Transactions whose values spill: what becomes of the scratch file, whatever fails, and of the
 * commit, with a thread parked where it could go wrong.
 */
@Timeout(120)
class SpillTest {
  private static final LsmOptions SPILLING = CrashTest.TINY.withMaxTransactionBytesInMemory(0);
  private static final TransactionOptions SYNC =
      TransactionOptions.DEFAULT.withDurability(Durability.SYNC);

  private static LsmStore open(Vfs vfs) {
    return LsmStore.open(MemDirectory.PATH, SPILLING.withVfs(vfs));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
  }

  private static void put(LsmStore store, String key, String value) {
    store.write(new WriteBatch().put(bytes(key), bytes(value)), Durability.SYNC);
  }

  private static String scan(ReadView view) {
    StringJoiner joiner = new StringJoiner(" ");
    try (Cursor cursor = view.scan(KeyRange.all())) {
      while (cursor.next()) {
        joiner.add(text(cursor.key().toByteArray()) + "=" + text(cursor.value().toByteArray()));
      }
    }
    return joiner.toString();
  }

  private static String scan(LsmStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      return scan(snapshot);
    }
  }

  private static List<String> files(MemVfs disk, String suffix) {
    try {
      return disk.list(MemDirectory.PATH).stream().filter(name -> name.endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> scratch(MemVfs disk) {
    return files(disk, ".spill");
  }

  private static void assertFails(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            PpdbException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void valuesOfEverySizeAreReadBackWhereverTheyAre() {
    MemVfs disk = MemDirectory.fresh();
    // So that four KiB are held back before they are written.
    LsmOptions options = SPILLING.withVfs(disk).withMaxTransactionBytesInMemory(1 << 20);
    Random random = new Random(1);
    List<byte[]> values = new ArrayList<>();
    try (LsmStore store = LsmStore.open(MemDirectory.PATH, options)) {
      try (Transaction transaction = store.begin(SYNC)) {
        for (int size : new int[] {1 << 20, 0, 1, 4095, 1, 4096, 4097, 100, 65_536, 3_000, 3_000}) {
          byte[] value = new byte[size];
          random.nextBytes(value);
          transaction.put(Script.key(values.size()), value);
          values.add(value.clone());
          Arrays.fill(value, (byte) 7); // it is the caller's again
          assertAre(values, transaction);
        }
        assertThat(scratch(disk)).hasSize(1);
        transaction.commit();
      }
      try (Snapshot snapshot = store.snapshot()) {
        assertAre(values, snapshot);
      }
    }
  }

  private static void assertAre(List<byte[]> values, ReadView view) {
    for (int i = 0; i < values.size(); i++) {
      assertThat(view.get(Script.key(i))).isEqualTo(values.get(i));
    }
    try (Cursor cursor = view.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
      for (int i = values.size() - 1; i >= 0; i--) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.value().toByteArray()).isEqualTo(values.get(i));
      }
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void aCursorThatIsOpenReadsWhatWasThereThoughMoreIsWrittenAndTakenBack() {
    try (LsmStore store = open(MemDirectory.fresh())) {
      put(store, "b", "stored");
      try (Transaction transaction = store.begin()) {
        transaction.put(bytes("a"), bytes("first"));
        transaction.put(bytes("c"), bytes("first"));
        Savepoint savepoint = transaction.savepoint();
        try (Cursor cursor = transaction.scan(KeyRange.all())) {
          assertThat(cursor.next()).isTrue();
          transaction.put(bytes("a"), bytes("second"));
          transaction.put(bytes("aa"), bytes("second"));
          transaction.deleteRange(KeyRange.of(bytes("b"), bytes("d")));
          assertThat(text(cursor.value().toByteArray())).isEqualTo("first");
          assertThat(cursor.next()).isTrue();
          assertThat(text(cursor.value().toByteArray())).isEqualTo("stored");
          assertThat(cursor.next()).isTrue();
          assertThat(text(cursor.value().toByteArray())).isEqualTo("first");
          assertThat(scan(transaction)).isEqualTo("a=second aa=second");
        }
        transaction.rollbackTo(savepoint);
        assertThat(scan(transaction)).isEqualTo("a=first b=stored c=first");
        transaction.commit();
      }
      assertThat(scan(store)).isEqualTo("a=first b=stored c=first");
    }
  }

  @Test
  void aScanOfKeysReadsNoSpilledValue() {
    FaultVfs faults = new FaultVfs(MemDirectory.fresh());
    try (LsmStore store = open(faults);
        Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), bytes("value"));
      faults.failAtOwn(0, Fault.READ_ERROR);
      try (Cursor cursor =
          transaction.scan(KeyRange.all(), ScanOptions.ASCENDING.withKeysOnly(true))) {
        assertThat(cursor.next()).isTrue();
      }
      assertThat(faults.hasFired()).isFalse();
      assertFails(ErrorCode.IO_ERROR, () -> transaction.get(bytes("a")));
      assertThat(faults.hasFired()).isTrue();
    }
  }

  @Test
  void theScratchFileGoesWithItsTransactionHoweverThatEnds() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    try (LsmStore store = open(faults)) {
      int openFileCount = faults.openFileCount();
      try (Transaction committed = store.begin();
          Transaction refused = store.begin();
          Transaction rolledBack = store.begin();
          Transaction closed = store.begin();
          Transaction takenBack = store.begin()) {
        committed.put(bytes("a"), bytes("value"));
        refused.put(bytes("a"), bytes("value"));
        rolledBack.put(bytes("a"), bytes("value"));
        closed.put(bytes("a"), bytes("value"));
        Savepoint savepoint = takenBack.savepoint();
        takenBack.put(bytes("b"), bytes("value"));
        takenBack.rollbackTo(savepoint);
        assertThat(scratch(disk)).hasSize(5);
        committed.commit();
        assertThat(scratch(disk)).hasSize(4);
        assertFails(ErrorCode.CONFLICT, refused::commit);
        assertThat(scratch(disk)).hasSize(3);
        rolledBack.rollback();
        assertThat(scratch(disk)).hasSize(2);
        takenBack.commit();
        assertThat(scratch(disk)).hasSize(1);
      }
      assertThat(scratch(disk)).isEmpty();
      assertThat(scan(store)).isEqualTo("a=value");
      store.flush();
      assertThat(faults.openFileCount()).isLessThanOrEqualTo(openFileCount + 1); // a table
    }
  }

  /** So that nobody writes gigabytes to be refused. */
  @Test
  void aTransactionInConflictWritesNoTables() {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, ".sst");
    try (LsmStore store = open(full);
        Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), bytes("value"));
      put(store, "a", "other");
      full.full = true;
      assertFails(ErrorCode.CONFLICT, transaction::commit);
      full.full = false;
    }
  }

  /** A disk on which files of one kind find no space. */
  private static final class FullVfs extends ForwardingVfs {
    private final String suffix;
    volatile boolean full;

    FullVfs(Vfs delegate, String suffix) {
      super(delegate);
      this.suffix = suffix;
    }

    @Override
    VfsFile wrap(VfsFile file, Path path) {
      return String.valueOf(path.getFileName()).endsWith(suffix)
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

  @Test
  void aFullDiskPoisonsTheTransactionAndNobodyElse() {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, ".spill");
    try (LsmStore store = open(full)) {
      try (Transaction transaction = store.begin()) {
        transaction.put(bytes("a"), bytes("value"));
        full.full = true;
        assertFails(ErrorCode.DISK_FULL, () -> transaction.put(bytes("b"), bytes("value")));
        full.full = false;
        assertFails(ErrorCode.DISK_FULL, () -> transaction.get(bytes("a")));
        assertFails(ErrorCode.DISK_FULL, transaction::commit);
        assertThat(scratch(disk)).isEmpty();
      }
      assertThat(scan(store)).isEmpty();
      try (Transaction transaction = store.begin()) {
        transaction.put(bytes("a"), bytes("value"));
        transaction.commit();
      }
      assertThat(scan(store)).isEqualTo("a=value");
    }
  }

  @Test
  void tablesThatFindNoSpaceLeaveNothingAndTheStoreGoesOn() {
    MemVfs disk = MemDirectory.fresh();
    FullVfs full = new FullVfs(disk, ".sst");
    try (LsmStore store = open(full)) {
      put(store, "a", "before");
      try (Transaction transaction = store.begin()) {
        transaction.put(bytes("a"), bytes("value"));
        full.full = true;
        assertFails(ErrorCode.DISK_FULL, transaction::commit);
        full.full = false;
      }
      assertThat(scratch(disk)).isEmpty();
      assertThat(files(disk, ".sst")).isEmpty();
      assertThat(scan(store)).isEqualTo("a=before");
      put(store, "b", "after");
      assertThat(scan(store)).isEqualTo("a=before b=after");
    }
  }

  /** Whatever fails of what the transaction's own thread does, scratch file and commit. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"IO_ERROR", "READ_ERROR", "DISK_FULL", "SHORT_WRITE", "SYNC_DISK_FULL"})
  void aTransactionDuringWhichTheDiskFailsIsThereAsAWholeOrNotAtAll(Fault fault) {
    int failureCount = 0;
    boolean reached = true;
    for (int index = 0; reached; index++) {
      MemVfs disk = MemDirectory.fresh();
      FaultVfs faults = new FaultVfs(disk);
      LsmStore store = open(faults);
      put(store, "a", "before");
      faults.failAtOwn(index, fault);
      boolean committed = false;
      try (Transaction transaction = store.begin(SYNC)) {
        transaction.put(bytes("a"), bytes("1"));
        Savepoint savepoint = transaction.savepoint();
        transaction.put(bytes("a"), bytes("2"));
        transaction.rollbackTo(savepoint);
        transaction.put(bytes("b"), bytes("1"));
        assertThat(scan(transaction)).isEqualTo("a=1 b=1");
        transaction.commit();
        committed = true;
        assertThat(scan(store)).isEqualTo("a=1 b=1");
      } catch (PpdbException e) {
        failureCount++;
        assertThat(e.code().kind()).as(e.toString()).isEqualTo(ErrorCode.Kind.RESOURCE);
      }
      reached = faults.operationCount() > index;
      boolean failed = faults.hasFired();
      String seen = committed ? "a=1 b=1" : "a=before";
      faults.heal();
      assertThat(scan(store)).as("%s at operation %d", fault, index).isEqualTo(seen);
      try {
        store.close();
      } catch (PpdbException e) {
        assertThat(failed).as(String.valueOf(e.getMessage())).isTrue();
      }
      assertThat(faults.openFileCount()).as("%s at operation %d", fault, index).isZero();
      for (MemVfs after : List.of(disk.crashed(new Random(index)), disk.killed())) {
        try (LsmStore again = open(after)) {
          assertThat(scan(again)).isIn("a=1 b=1", seen);
          assertThat(scratch(after)).isEmpty();
        }
      }
    }
    assertThat(failureCount).isPositive();
  }

  @Test
  void aValueThatIsNotWhatWasWrittenIsCorruptionAndNeverStored() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = open(disk)) {
      for (boolean reads : new boolean[] {true, false}) {
        try (Transaction transaction = store.begin()) {
          transaction.put(bytes("a"), bytes("value"));
          transaction.put(bytes("b"), bytes("value"));
          disk.flipBit(MemDirectory.PATH.resolve(scratch(disk).get(0)), 8 * 7 + 3);
          assertThat(text(transaction.get(bytes("a")))).isEqualTo("value");
          if (reads) {
            assertFails(ErrorCode.CORRUPTION, () -> transaction.get(bytes("b")));
          }
          assertFails(ErrorCode.CORRUPTION, transaction::commit);
        }
        assertThat(scratch(disk)).isEmpty();
        assertThat(files(disk, ".sst")).isEmpty();
      }
      put(store, "c", "value");
      assertThat(scan(store)).isEqualTo("c=value");
    }
  }

  @Test
  void aScratchFileThatACrashLeftIsDeletedWhenTheStoreIsOpened() {
    MemVfs disk = MemDirectory.fresh();
    MemVfs killed;
    try (LsmStore store = open(disk);
        Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), bytes("value"));
      killed = disk.killed();
    }
    assertThat(scratch(killed)).hasSize(1);
    try (LsmStore store = open(killed)) {
      assertThat(scratch(killed)).isEmpty();
      assertThat(scan(store)).isEmpty();
    }
  }

  @Test
  void aStoreThatIsClosedUnderATransactionLeavesNoScratchFile() {
    MemVfs disk = MemDirectory.fresh();
    LsmStore store = open(disk);
    try (Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), bytes("value"));
      store.close();
      assertThat(scratch(disk)).isEmpty();
      assertFails(ErrorCode.CLOSED, () -> transaction.put(bytes("b"), bytes("value")));
      assertFails(ErrorCode.CLOSED, () -> transaction.get(bytes("a")));
    }
    try (LsmStore again = open(disk)) {
      assertThat(scan(again)).isEmpty();
    }
  }

  @Test
  void overwritingForEverDoesNotFillTheDisk() throws IOException {
    MemVfs disk = MemDirectory.fresh();
    try (LsmStore store = open(disk);
        Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), bytes("first"));
      transaction.put(bytes("b"), bytes("first"));
      Savepoint savepoint = transaction.savepoint();
      transaction.put(bytes("a"), bytes("second"));
      try (Cursor cursor = transaction.scan(KeyRange.all())) {
        assertThat(cursor.next()).isTrue();
        String last = "";
        for (int i = 0; i < 1_000; i++) {
          last = i + "x".repeat(10_000);
          transaction.put(bytes("b"), bytes(last));
          assertThat(scratch(disk)).hasSize(1);
          assertThat(disk.size(MemDirectory.PATH.resolve(scratch(disk).get(0))))
              .isLessThan(2 << 20);
        }
        assertThat(text(cursor.value().toByteArray())).isEqualTo("second");
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.value().toByteArray())).isEqualTo("first");
        assertThat(scan(transaction)).isEqualTo("a=second b=" + last);
      }
      transaction.rollbackTo(savepoint);
      assertThat(scan(transaction)).isEqualTo("a=first b=first");
      transaction.commit();
      assertThat(scan(store)).isEqualTo("a=first b=first");
    }
  }

  /** The file that is written anew, to be rid of gaps, takes the place of the old one or not. */
  @Test
  void aScratchFileThatCannotBeWrittenAnewPoisonsTheTransaction() {
    MemVfs disk = MemDirectory.fresh();
    FaultVfs faults = new FaultVfs(disk);
    try (LsmStore store = open(faults)) {
      put(store, "a", "before");
      try (Transaction transaction = store.begin()) {
        transaction.put(bytes("a"), bytes("first"));
        byte[] value = new byte[600 << 10];
        transaction.put(bytes("b"), value);
        transaction.put(bytes("b"), value);
        transaction.put(bytes("b"), value); // from here on there is more gap than value
        faults.failAtOwn(1, Fault.IO_ERROR); // having created the new one
        assertFails(ErrorCode.IO_ERROR, () -> transaction.put(bytes("b"), value));
        assertThat(faults.hasFired()).isTrue();
        assertThat(scratch(disk)).hasSize(1);
        assertFails(ErrorCode.IO_ERROR, transaction::commit);
      }
      assertThat(scratch(disk)).isEmpty();
      assertThat(scan(store)).isEqualTo("a=before");
    }
  }

  private static void setPolicies(LsmStore store) {
    RangePolicy policy = RangePolicy.DEFAULT;
    store.setPolicy(KeyRange.prefix(bytes("m")), policy.withUse(RangePolicy.Use.MERGEABLE));
  }

  private static void merge(Transaction transaction, String key, long operand) {
    transaction.merge(MergeOperators.LONG_ADD, bytes(key), MergeOperators.encodeLong(operand));
  }

  private static @Nullable Long number(LsmStore store, String key) {
    byte[] value = store.get(bytes(key));
    return value == null ? null : MergeOperators.decodeLong(value);
  }

  /** The trap of loads, with all that only a transaction has: ranges, deletes, operands. */
  @Test
  void aGetIsNotStoppedByTheMemtableBelowNorByTheRangesOfTheSameCommit() {
    MemVfs disk = MemDirectory.fresh();
    RotationTest.Gate gate = new RotationTest.Gate();
    try (LsmStore store = open(new GateVfs(disk, ".sst", GateVfs.Operation.WRITE, gate))) {
      setPolicies(store);
      put(store, "a", "before");
      put(store, "b", "before");
      put(store, "c", "before");
      put(store, "d", "before");
      put(store, "e", "before");
      store.write(
          new WriteBatch().merge(MergeOperators.LONG_ADD, bytes("m"), MergeOperators.encodeLong(1)),
          Durability.SYNC);
      Snapshot before = store.snapshot();
      gate.closeFor("ppdb-flush");
      try (Transaction transaction = store.begin()) {
        transaction.deleteRange(KeyRange.of(bytes("b"), bytes("d")));
        transaction.put(bytes("c"), bytes("spilled"));
        transaction.put(bytes("d"), bytes("spilled"));
        transaction.delete(bytes("e"));
        merge(transaction, "m", 10);
        merge(transaction, "m2", 5);
        transaction.commit();
      }
      store.write(new WriteBatch().put(bytes("d"), bytes("after")), Durability.ASYNC);
      Runnable check =
          () -> {
            assertThat(text(store.get(bytes("a")))).isEqualTo("before");
            assertThat(store.get(bytes("b"))).isNull();
            assertThat(text(store.get(bytes("c")))).isEqualTo("spilled");
            assertThat(text(store.get(bytes("d")))).isEqualTo("after");
            assertThat(store.get(bytes("e"))).isNull();
            assertThat(number(store, "m")).isEqualTo(11);
            assertThat(number(store, "m2")).isEqualTo(5);
            assertThat(scan(store)).startsWith("a=before c=spilled d=after m=");
            assertThat(scan(before)).startsWith("a=before b=before c=before d=before e=before m=");
          };
      check.run();
      gate.open();
      store.flush();
      check.run();
      store.dropRange(KeyRange.of(bytes("x"), bytes("y")));
      store.dropRange(KeyRange.of(bytes("cc"), bytes("cd"))); // copies tables
      check.run();
      store.compact();
      check.run();
      before.close();
    } finally {
      gate.open();
    }
    try (LsmStore again = open(disk)) {
      again.verify();
      assertThat(text(again.get(bytes("c")))).isEqualTo("spilled");
      assertThat(number(again, "m")).isEqualTo(11);
    }
  }

  /** A commit whose record is in the log only: tables, ranges and operands come back as one. */
  @Test
  void recoveryBringsBackAllThatATransactionHas() {
    MemVfs disk = MemDirectory.fresh();
    MemVfs killed;
    RotationTest.Gate gate = new RotationTest.Gate();
    try (LsmStore store = open(new GateVfs(disk, ".sst", GateVfs.Operation.WRITE, gate))) {
      setPolicies(store);
      put(store, "a", "before");
      put(store, "b", "before");
      gate.closeFor("ppdb-flush");
      try (Transaction transaction = store.begin(SYNC)) {
        transaction.deleteRange(KeyRange.of(bytes("a"), bytes("m")));
        transaction.put(bytes("b"), bytes("spilled"));
        merge(transaction, "m", 10);
        transaction.commit();
      }
      put(store, "c", "after");
      killed = disk.killed();
      gate.open();
    } finally {
      gate.open();
    }
    for (int opening = 0; opening < 2; opening++) {
      try (LsmStore again = open(killed)) {
        assertThat(again.get(bytes("a"))).isNull();
        assertThat(text(again.get(bytes("b")))).isEqualTo("spilled");
        assertThat(scan(again)).startsWith("b=spilled c=after m=");
        assertThat(number(again, "m")).isEqualTo(10);
        again.verify();
      }
    }
  }

  @Test
  void theChangeLogShowsItAsOneCommit() {
    try (LsmStore store = open(MemDirectory.fresh())) {
      setPolicies(store);
      long version;
      try (Transaction transaction = store.begin(SYNC.withOrigin(CommitOrigin.MAINTENANCE))) {
        transaction.deleteRange(KeyRange.of(bytes("a"), bytes("b")));
        transaction.deleteRange(KeyRange.of(bytes("c"), bytes("d")));
        transaction.put(bytes("a"), bytes("spilled"));
        transaction.delete(bytes("f"));
        merge(transaction, "m", 10);
        version = transaction.commit();
      }
      put(store, "z", "after");
      for (int round = 0; round < 2; round++) {
        try (ChangeCursor cursor = store.changes(0)) {
          ChangeCursor.Commit commit = Objects.requireNonNull(cursor.poll());
          assertThat(commit.version()).isEqualTo(version);
          assertThat(commit.origin()).isEqualTo(CommitOrigin.MAINTENANCE);
          assertThat(commit.deletedRanges()).hasSize(2);
          assertThat(commit.writes().stream().map(w -> w.kind() + " " + text(w.key())).toList())
              .containsExactly("PUT a", "DELETE f", "MERGE m");
          assertThat(commit.writes().get(2).operator()).isEqualTo(MergeOperators.LONG_ADD);
          assertThat(Objects.requireNonNull(cursor.poll()).writes()).hasSize(1);
          assertThat(cursor.poll()).isNull();
        }
        store.compact();
      }
    }
  }
}
