package io.ppdb.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commits held or broken at the points where a naive pipeline goes wrong. */
@Timeout(60)
class CommitPipelineTest {
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final FaultyStorage storage = new FaultyStorage();
  private final EngineContext context = new EngineContext(StoreOptions.DEFAULT, 100, 5000);
  private final Store store = new Store(context, storage);

  private static final class Store extends LocalStore {
    Store(EngineContext context, Storage storage) {
      super(context, storage);
    }
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  /** After so many commits the window has forgotten those before. */
  private static final int FORGETTING_COUNT = 2 * CommitWindow.COMMITS_PER_PRUNING;

  private static final int WAITING_MILLIS = 30;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static WriteBatch batch(String key) {
    return new WriteBatch().put(bytes(key), bytes("v"));
  }

  private CompletableFuture<Long> writeLater(String key) {
    return CompletableFuture.supplyAsync(() -> store.write(batch(key), Durability.SYNC), executor);
  }

  private boolean isVisible(String key) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.get(bytes(key)) != null;
    }
  }

  private static ErrorCode codeOf(Runnable call) {
    PpdbException failure = catchThrowableOfType(PpdbException.class, call::run);
    assertThat(failure).isNotNull();
    return failure.code();
  }

  private CompletableFuture<ErrorCode> codeLater(Transaction transaction) {
    return CompletableFuture.supplyAsync(() -> codeOf(transaction::commit), executor);
  }

  private static ErrorCode codeOf(CompletableFuture<Long> failing) {
    return codeOf(
        () -> {
          try {
            failing.join();
          } catch (CompletionException e) {
            if (e.getCause() instanceof PpdbException failure) {
              throw failure;
            }
          }
        });
  }

  /** Holds the commits of one key during their sync. */
  private static final class Gate {
    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    void pass() {
      arrived.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Gate holdDuringSync(String key) {
    Gate gate = new Gate();
    storage.duringSync =
        commit -> {
          if (new String(commit.entries()[0].key(), StandardCharsets.UTF_8).equals(key)) {
            gate.pass();
          }
        };
    return gate;
  }

  @Test
  void versionsAndTicksContinueThoseOfRecovery() {
    assertThat(store.write(batch("a"), Durability.SYNC)).isEqualTo(101);
    EngineContext future = new EngineContext(StoreOptions.DEFAULT, 7, Long.MAX_VALUE / 2);
    try (Store later = new Store(future, new FaultyStorage());
        Snapshot snapshot = later.snapshot()) {
      assertThat(snapshot.version()).isEqualTo(7);
      assertThat(snapshot.instantMillis()).isEqualTo(Long.MAX_VALUE / 2);
    }
  }

  @Test
  void laterCommitIsNotPublishedBeforeAnEarlierOne() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    CompletableFuture<Long> fast = writeLater("fast");
    while (storage.active.entryCount() == 0) {
      Thread.onSpinWait();
    }
    assertThat(isVisible("fast")).isFalse();
    assertThat(fast.isDone()).isFalse();
    gate.open.countDown();
    assertThat(fast.get(30, TimeUnit.SECONDS)).isEqualTo(slow.get() + 1);
    assertThat(isVisible("slow") && isVisible("fast")).isTrue();
  }

  @Test
  void unpublishedCommitIsNotForgottenByTheWindow() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    try (Transaction transaction = store.begin()) {
      transaction.put(bytes("slow"), bytes("lost update"));
      assertThat(transaction.version()).isEqualTo(100);
      CompletableFuture<ErrorCode> outcome = codeLater(transaction);
      Thread.sleep(WAITING_MILLIS);
      assertThat(outcome).as("it is told when who tries again sees why").isNotDone();
      gate.open.countDown();
      assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CONFLICT);
      assertThat(isVisible("slow")).isTrue();
    }
    assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(101);
  }

  private Transaction beginSerializable() {
    return store.begin(TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE));
  }

  @Test
  void readOfWhatAnUnpublishedCommitChangesIsRefused() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    try (Transaction reader = beginSerializable();
        Transaction scanner = beginSerializable();
        Transaction other = beginSerializable()) {
      assertThat(reader.get(bytes("slow"))).isNull();
      reader.put(bytes("r"), bytes("v"));
      try (Cursor cursor = scanner.scan(KeyRange.all())) {
        assertThat(cursor.next()).isFalse();
      }
      scanner.put(bytes("s"), bytes("v"));
      assertThat(other.get(bytes("fast"))).isNull();
      other.put(bytes("o"), bytes("v"));
      CompletableFuture<ErrorCode> read = codeLater(reader);
      CompletableFuture<ErrorCode> scanned = codeLater(scanner);
      CompletableFuture<Long> passed = CompletableFuture.supplyAsync(other::commit, executor);
      Thread.sleep(WAITING_MILLIS);
      assertThat(read).isNotDone();
      gate.open.countDown();
      assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CONFLICT);
      assertThat(scanned.get(30, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CONFLICT);
      assertThat(passed.get(30, TimeUnit.SECONDS)).isGreaterThan(slow.get());
    }
  }

  /** What comes between the validation outside of the lock and the lock is not missed. */
  @Test
  void commitsThatComeWhileAnotherIsEncodedAreValidatedAgainstUnderTheLock() {
    for (boolean read : new boolean[] {true, false}) {
      try (Transaction transaction = beginSerializable()) {
        if (read) {
          transaction.get(bytes("late"));
          transaction.put(bytes("a"), bytes("v"));
        } else {
          transaction.put(bytes("late"), bytes("v"));
        }
        storage.duringPrepare =
            commit -> {
              storage.duringPrepare = other -> {};
              store.write(batch("late"), Durability.SYNC);
            };
        assertThat(codeOf(transaction::commit)).isEqualTo(ErrorCode.CONFLICT);
      }
    }
  }

  @Test
  void flushWaitsForTheAppliersOfItsMemtable() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    storage.rotateAtNextCommit = true;
    CompletableFuture<Long> next = writeLater("next");
    while (storage.active.entryCount() == 0) {
      Thread.onSpinWait();
    }
    Memtable frozen = Objects.requireNonNull(storage.frozen);
    AtomicBoolean flushed = new AtomicBoolean();
    CompletableFuture<Void> flush =
        CompletableFuture.runAsync(
            () -> {
              frozen.awaitAppliers();
              flushed.set(true);
            },
            executor);
    assertThat(frozen.entryCount()).isZero();
    assertThat(flushed.get()).isFalse();
    gate.open.countDown();
    flush.get(30, TimeUnit.SECONDS);
    assertThat(frozen.entryCount()).isEqualTo(1);
    slow.get(30, TimeUnit.SECONDS);
    next.get(30, TimeUnit.SECONDS);
    assertThat(isVisible("slow") && isVisible("next")).isTrue();
  }

  @Test
  void failedSyncMakesTheVersionsVoidAndTheStoreReadOnly() throws Exception {
    store.write(batch("before"), Durability.SYNC);
    PpdbException unknown = new PpdbException(ErrorCode.COMMIT_UNKNOWN, "fsync failed");
    Gate gate = new Gate();
    storage.duringSync =
        commit -> {
          if (commit.version() == 102) {
            gate.pass();
            context.makeReadOnly(unknown);
            throw unknown;
          }
          throw new PpdbException(ErrorCode.UNAVAILABLE, "never written");
        };
    CompletableFuture<Long> written = writeLater("written");
    gate.arrived.await();
    assertThat(codeOf(() -> store.write(batch("queued"), Durability.SYNC)))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    gate.open.countDown();
    assertThat(codeOf(written)).isEqualTo(ErrorCode.COMMIT_UNKNOWN);
    assertThat(codeOf(() -> store.write(batch("late"), Durability.SYNC)))
        .isEqualTo(ErrorCode.READ_ONLY);
    try (Transaction transaction = store.begin()) {
      transaction.put(bytes("late"), bytes("v"));
      assertThat(codeOf(transaction::commit)).isEqualTo(ErrorCode.READ_ONLY);
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertThat(snapshot.version()).as("publication passed over both").isEqualTo(103);
    }
    assertThat(isVisible("before")).isTrue();
    assertThat(isVisible("written") || isVisible("queued")).isFalse();
  }

  @Test
  void publicationPassesOverAVoidCommit() throws Exception {
    Gate gate = new Gate();
    storage.duringSync =
        commit -> {
          if (commit.version() == 101) {
            gate.pass();
            throw new PpdbException(ErrorCode.DISK_FULL, "no space");
          }
        };
    CompletableFuture<Long> voided = writeLater("void");
    gate.arrived.await();
    CompletableFuture<Long> next = writeLater("next");
    while (storage.active.entryCount() == 0) {
      Thread.onSpinWait();
    }
    assertThat(isVisible("next")).isFalse();
    gate.open.countDown();
    assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(102);
    assertThat(codeOf(voided)).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(isVisible("void")).isFalse();
    assertThat(isVisible("next")).isTrue();
    assertThat(store.write(batch("later"), Durability.SYNC)).isEqualTo(103);
  }

  @Test
  void versionOfACommitThatWasNotEnqueuedIsGivenToAnother() {
    storage.beforeEnqueue =
        commit -> {
          throw new PpdbException(ErrorCode.UNAVAILABLE, "the queue is full");
        };
    assertThat(codeOf(() -> store.write(batch("a"), Durability.SYNC)))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    storage.beforeEnqueue = commit -> {};
    assertThat(store.write(batch("b"), Durability.SYNC)).isEqualTo(101);
    assertThat(storage.enqueuedVersions).containsExactly(101L);
    assertThat(isVisible("a")).isFalse();
  }

  @Test
  void instantThatHasPassedWaitsForTheCommitsThatBelongToIt() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    long millis = context.ticks().nextMillis();
    while (context.ticks().nextMillis() == millis) {
      Thread.onSpinWait();
    }
    AtomicReference<Snapshot> opened = new AtomicReference<>();
    Thread opener = new Thread(() -> opened.set(store.snapshotAt(Instant.ofEpochMilli(millis))));
    opener.start();
    while (opener.getState() != Thread.State.WAITING) {
      assertThat(opened.get()).as("opened without the commit").isNull();
      Thread.onSpinWait();
    }
    gate.open.countDown();
    opener.join();
    try (Snapshot past = Objects.requireNonNull(opened.get())) {
      assertThat(past.version()).isEqualTo(slow.get(30, TimeUnit.SECONDS));
      assertThat(past.get(bytes("slow"))).isNotNull();
    }
  }

  @Test
  void instantBeforeACommitUnderWayDoesNotWaitForIt() throws Exception {
    store.write(batch("a"), Durability.SYNC);
    long millis = context.ticks().nextMillis();
    while (context.ticks().nextMillis() == millis) {
      Thread.onSpinWait();
    }
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    try (Snapshot past = store.snapshotAt(Instant.ofEpochMilli(millis))) {
      assertThat(past.version()).isEqualTo(101);
    }
    gate.open.countDown();
    slow.get(30, TimeUnit.SECONDS);
  }

  @Test
  void changeIsShownWhenItIsPublishedAndNotBefore() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    CompletableFuture<Long> fast = writeLater("fast");
    while (storage.active.entryCount() == 0) {
      Thread.onSpinWait();
    }
    try (ChangeCursor cursor = store.changes(100)) {
      assertThat(cursor.poll()).isNull();
      gate.open.countDown();
      fast.get(30, TimeUnit.SECONDS);
      assertThat(Objects.requireNonNull(cursor.poll()).version()).isEqualTo(slow.get());
      assertThat(Objects.requireNonNull(cursor.poll()).version()).isEqualTo(fast.get());
      assertThat(cursor.poll()).isNull();
    }
  }

  @Test
  void voidCommitIsNotAChange() {
    storage.duringSync =
        commit -> {
          if (commit.version() == 101) {
            throw new PpdbException(ErrorCode.DISK_FULL, "no space");
          }
        };
    assertThat(codeOf(() -> store.write(batch("void"), Durability.SYNC)))
        .isEqualTo(ErrorCode.DISK_FULL);
    store.write(batch("next"), Durability.SYNC);
    try (ChangeCursor cursor = store.changes(100);
        Snapshot past = store.snapshotAt(101)) {
      assertThat(Objects.requireNonNull(cursor.poll()).version()).isEqualTo(102);
      assertThat(cursor.poll()).isNull();
      assertThat(past.get(bytes("void"))).isNull();
    }
  }

  @Test
  void closeWaitsForCommitsUnderWay() throws Exception {
    Gate gate = holdDuringSync("slow");
    CompletableFuture<Long> slow = writeLater("slow");
    gate.arrived.await();
    CompletableFuture<Void> close = CompletableFuture.runAsync(store::close, executor);
    assertThat(storage.closed).isFalse();
    gate.open.countDown();
    close.get(30, TimeUnit.SECONDS);
    assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(101);
    assertThat(storage.closed).isTrue();
    assertThat(codeOf(() -> store.write(batch("late"), Durability.SYNC)))
        .isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void logRecordsAreInVersionOrderWhateverTheThreads() throws Exception {
    CompletableFuture<?>[] writers = new CompletableFuture<?>[4];
    for (int t = 0; t < writers.length; t++) {
      int writer = t;
      writers[t] =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  store.write(batch("k" + writer + "." + i % 10), Durability.SYNC);
                }
              },
              executor);
    }
    CompletableFuture.allOf(writers).get(50, TimeUnit.SECONDS);
    assertThat(storage.enqueuedVersions).hasSize(2000).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void requirementThatReadsEntriesDoesNotHoldUpOtherCommits() throws Exception {
    store.write(batch("schema"), Durability.SYNC);
    for (int i = 0; i < FORGETTING_COUNT; i++) {
      store.write(batch("other"), Durability.SYNC);
    }
    Gate gate = new Gate();
    storage.duringFind = gate::pass;
    CompletableFuture<Long> requiring =
        CompletableFuture.supplyAsync(
            () -> store.write(batch("a").requireUnchanged(bytes("schema"), 100), Durability.SYNC),
            executor);
    gate.arrived.await();
    assertThat(writeLater("b").get(30, TimeUnit.SECONDS)).isEqualTo(102 + FORGETTING_COUNT);
    gate.open.countDown();
    assertThat(codeOf(requiring)).isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void requirementOlderThanTheWindowIsJudgedByTheEntries() {
    byte[] schema = bytes("schema");
    byte[] twin = CommitWindowTest.inTheBucketOf(schema);
    store.write(new WriteBatch().put(schema, bytes("1")), Durability.SYNC);
    for (int i = 0; i < FORGETTING_COUNT; i++) {
      store.write(new WriteBatch().put(twin, bytes("" + i)), Durability.SYNC);
    }
    WriteBatch ok = batch("a").requireUnchanged(schema, 101);
    assertThat(store.write(ok, Durability.SYNC)).isEqualTo(102 + FORGETTING_COUNT);
    WriteBatch late = batch("a").requireUnchanged(schema, 100);
    assertThat(codeOf(() -> store.write(late, Durability.SYNC))).isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void transactionBeyondTheStoragesLimitIsRefused() {
    try (Transaction transaction = store.begin()) {
      transaction.put(bytes("a"), new byte[5000]);
      assertThat(codeOf(() -> transaction.put(bytes("b"), new byte[6000])))
          .isEqualTo(ErrorCode.TRANSACTION_TOO_LARGE);
      transaction.commit();
    }
    assertThat(isVisible("a")).isTrue();
    assertThat(
            codeOf(
                () ->
                    store.write(
                        new WriteBatch().put(bytes("b"), new byte[10_001]), Durability.SYNC)))
        .isEqualTo(ErrorCode.TRANSACTION_TOO_LARGE);
  }

  @Test
  void engineErrorPoisonsItsTransaction() {
    Transaction transaction = store.begin();
    transaction.put(bytes("c"), bytes("not a counter"));
    PpdbException broken =
        (PpdbException)
            ((EngineTransaction) transaction)
                .failed(new PpdbException(ErrorCode.IO_ERROR, "block 7 of table 3"));
    assertThat(broken.code()).isEqualTo(ErrorCode.IO_ERROR);
    assertThat(codeOf(() -> transaction.get(bytes("a")))).isEqualTo(ErrorCode.IO_ERROR);
    assertThat(codeOf(transaction::commit)).isEqualTo(ErrorCode.IO_ERROR);
    assertThat(transaction.isOpen()).isFalse();
    assertThat(isVisible("c")).isFalse();
  }
}
