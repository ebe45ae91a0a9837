package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.add;
import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ChangeCursor;
import io.ppdb.kv.CommitOrigin;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The change log: what was committed, in order. */
interface ChangeCases extends StoreFixture {
  /** The writes of a commit as {@code -[d,e) a=1 -b c+5}. */
  private static String text(ChangeCursor.Commit commit) {
    StringJoiner joiner = new StringJoiner(" ");
    for (KeyRange range : commit.deletedRanges()) {
      String end = Texts.text(Objects.requireNonNullElse(range.end(), new byte[0]));
      joiner.add("-[" + Texts.text(range.start()) + "," + end + ")");
    }
    for (WriteBatch.Write write : commit.writes()) {
      String key = Texts.text(write.key());
      joiner.add(
          switch (write.kind()) {
            case PUT -> key + "=" + Texts.text(write.value());
            case DELETE -> "-" + key;
            case MERGE -> key + "+" + MergeOperators.decodeLong(write.value());
          });
    }
    return joiner.toString();
  }

  /** Everything there is, as {@code a=1; b=2}. */
  private static String rest(ChangeCursor cursor) {
    StringJoiner joiner = new StringJoiner("; ");
    for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
      joiner.add(text(commit));
    }
    return joiner.toString();
  }

  private long version() {
    return version(store());
  }

  private static long version(KeyValueStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.version();
    }
  }

  @Test
  default void propertiesSayThatThereIsAChangeLog() {
    assertThat(store().properties().changes()).isTrue();
  }

  @Test
  default void commitsComeInOrderWithTheirWrites() {
    put(store(), "b", "1", "a", "2");
    delete(store(), "a");
    add(store(), "c/n", 5);
    store().write(new WriteBatch().put(bytes("z"), bytes("9")), Durability.ASYNC);
    try (ChangeCursor cursor = store().changes(0)) {
      assertThat(rest(cursor)).isEqualTo("a=2 b=1; -a; c/n+5; z=9");
    }
  }

  @Test
  default void commitHasItsVersionItsTickAndItsOrigin() {
    clock().advance(10);
    long tick = clock().millis();
    TransactionOptions mover = TransactionOptions.DEFAULT.withOrigin(CommitOrigin.MAINTENANCE);
    long version;
    try (Transaction transaction = store().begin(mover)) {
      transaction.put(bytes("a"), bytes("1"));
      version = transaction.commit();
    }
    clock().advance(10);
    put(store(), "a", "2");
    try (ChangeCursor cursor = store().changes(0)) {
      ChangeCursor.Commit first = Objects.requireNonNull(cursor.poll());
      assertThat(first.version()).isEqualTo(version);
      if (hasTicksOfItsClock()) {
        assertThat(first.timeMillis()).isEqualTo(tick);
      }
      assertThat(first.origin()).isEqualTo(CommitOrigin.MAINTENANCE);
      ChangeCursor.Commit second = Objects.requireNonNull(cursor.poll());
      assertThat(second.version()).isGreaterThan(version);
      assertThat(second.timeMillis() - first.timeMillis()).isBetween(0L, 60_000L);
      if (hasTicksOfItsClock()) {
        assertThat(second.timeMillis()).isEqualTo(tick + 10);
      }
      assertThat(second.origin()).isEqualTo(CommitOrigin.USER);
    }
  }

  @Test
  default void writesOfOneKeyAreFoldedAsTheyWereCommitted() {
    store()
        .transact(
            transaction -> {
              transaction.put(bytes("a"), bytes("1"));
              transaction.put(bytes("a"), bytes("2"));
              transaction.put(bytes("b"), bytes("1"));
              transaction.delete(bytes("b"));
              transaction.merge(
                  MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(1));
              transaction.merge(
                  MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(2));
              return true;
            });
    try (ChangeCursor cursor = store().changes(0)) {
      assertThat(rest(cursor)).isEqualTo("a=2 -b c/n+3");
    }
  }

  @Test
  default void mergeNamesItsOperatorAndPutItsExpiry() {
    long expiry = clock().millis() + 1000;
    store()
        .transact(
            transaction -> {
              transaction.merge(
                  MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(1));
              transaction.put(bytes("e/a"), bytes("1"), expiry);
              return true;
            });
    try (ChangeCursor cursor = store().changes(0)) {
      List<WriteBatch.Write> writes = Objects.requireNonNull(cursor.poll()).writes();
      assertThat(writes.get(0).operator()).isEqualTo(MergeOperators.LONG_ADD);
      assertThat(writes.get(1).operator()).isNull();
      assertThat(writes.get(1).expiryMillis()).isEqualTo(expiry);
    }
  }

  @Test
  default void deletedRangesComeBeforeTheWritesOfTheirCommit() {
    put(store(), "d1", "1", "d2", "2", "d4", "4");
    long before = version();
    store()
        .transact(
            transaction -> {
              transaction.put(bytes("d1"), bytes("lost"));
              transaction.deleteRange(range("d3", "d4"));
              transaction.deleteRange(range("d1", "d3"));
              transaction.put(bytes("d2"), bytes("new"));
              transaction.deleteRange(KeyRange.of(bytes("x"), null));
              transaction.delete(bytes("d4"));
              transaction.delete(bytes("y"));
              return true;
            });
    try (ChangeCursor cursor = store().changes(before)) {
      assertThat(rest(cursor)).isEqualTo("-[d1,d4) -[x,) d2=new -d4");
    }
  }

  @Test
  default void deletedRangeIsACopyTheReaderMayChange() {
    put(store(), "a", "1");
    long before = version();
    store()
        .transact(
            transaction -> {
              transaction.deleteRange(range("a", "b"));
              return true;
            });
    try (ChangeCursor cursor = store().changes(before)) {
      Objects.requireNonNull(cursor.poll()).deletedRanges().get(0).start()[0] = 'z';
    }
    try (ChangeCursor cursor = store().changes(before)) {
      assertThat(rest(cursor)).isEqualTo("-[a,b)");
    }
    assertThat(Texts.get(store(), "a")).isNull();
  }

  @Test
  default void onlyWhatWasCommittedIsThere() {
    try (Transaction open = store().begin();
        Transaction rolledBack = store().begin();
        ChangeCursor cursor = store().changes(0)) {
      open.put(bytes("a"), bytes("1"));
      rolledBack.put(bytes("b"), bytes("1"));
      rolledBack.rollback();
      assertThat(cursor.poll()).isNull();
      open.commit();
      assertThat(rest(cursor)).isEqualTo("a=1");
    }
  }

  @Test
  default void commitThatOnlyLocksIsNotAChange() {
    put(store(), "a", "1");
    store()
        .transact(
            transaction -> {
              transaction.lockForUpdate(bytes("a"));
              transaction.guard(bytes("b"));
              return true;
            });
    long locked = version();
    put(store(), "a", "2");
    try (ChangeCursor all = store().changes(0);
        ChangeCursor after = store().changes(locked)) {
      assertThat(rest(all)).isEqualTo("a=1; a=2");
      assertThat(rest(after)).isEqualTo("a=2");
    }
  }

  @Test
  default void pollAnswersNullUntilThereIsMore() {
    try (ChangeCursor cursor = store().changes(0)) {
      assertThat(cursor.poll()).isNull();
      assertThat(cursor.poll()).isNull();
      put(store(), "a", "1");
      assertThat(rest(cursor)).isEqualTo("a=1");
      assertThat(cursor.poll()).isNull();
      put(store(), "a", "2");
      put(store(), "a", "3");
      assertThat(rest(cursor)).isEqualTo("a=2; a=3");
    }
  }

  @Test
  default void cursorGoesOnAfterAnyPosition() {
    for (int i = 0; i < 10; i++) {
      put(store(), "a", "" + i);
    }
    List<Long> versions = new ArrayList<>();
    try (ChangeCursor cursor = store().changes(0)) {
      for (int i = 0; i < 10; i++) {
        versions.add(Objects.requireNonNull(cursor.poll()).version());
      }
    }
    assertThat(versions).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < 10; i++) {
      try (ChangeCursor cursor = store().changes(versions.get(i))) {
        ChangeCursor.Commit next = cursor.poll();
        assertThat(next == null ? null : text(next)).isEqualTo(i == 9 ? null : "a=" + (i + 1));
      }
    }
  }

  @Test
  default void cursorsDoNotDisturbEachOther() {
    put(store(), "a", "1");
    try (ChangeCursor one = store().changes(0);
        ChangeCursor other = store().changes(0)) {
      assertThat(rest(one)).isEqualTo("a=1");
      put(store(), "a", "2");
      assertThat(rest(other)).isEqualTo("a=1; a=2");
      assertThat(rest(one)).isEqualTo("a=2");
    }
  }

  @Test
  default void positionThatDoesNotExistIsRefused() {
    put(store(), "a", "1");
    long newest = version();
    store().changes(newest).close();
    long ahead = showsVersionsOfCommits() ? 1 : 1L << 50;
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().changes(newest + ahead));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().changes(-1));
  }

  @Test
  default void whatIsHandedOutIsTheCallersToChange() {
    put(store(), "a", "1");
    try (ChangeCursor cursor = store().changes(0);
        ChangeCursor again = store().changes(0)) {
      WriteBatch.Write write = Objects.requireNonNull(cursor.poll()).writes().get(0);
      write.key()[0] = 'x';
      write.value()[0] = 'x';
      assertThat(get(store(), "a")).isEqualTo("1");
      assertThat(rest(again)).isEqualTo("a=1");
    }
  }

  @Test
  default void changesReplayedAreTheStore() {
    for (int i = 0; i < times(200); i++) {
      int end = i % 11;
      if (i % 9 == 0) {
        store()
            .transact(
                transaction -> {
                  transaction.deleteRange(range("c/2", "k" + end));
                  transaction.put(bytes("k0"), bytes("after"));
                  return true;
                });
      }
      switch (i % 5) {
        case 0 -> delete(store(), "k" + i % 7);
        case 1 -> add(store(), "c/" + i % 3, i);
        default -> put(store(), "k" + i % 11, "" + i);
      }
    }
    KeyValueStore copy = another(StoreOptions.DEFAULT);
    try (ChangeCursor cursor = store().changes(0)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        Transaction batch = copy.begin();
        commit.deletedRanges().forEach(batch::deleteRange);
        for (WriteBatch.Write write : commit.writes()) {
          switch (write.kind()) {
            case PUT -> batch.put(write.key(), write.value(), write.expiryMillis());
            case DELETE -> batch.delete(write.key());
            case MERGE ->
                batch.merge(Objects.requireNonNull(write.operator()), write.key(), write.value());
          }
        }
        batch.commit();
      }
    }
    assertThat(Texts.scan(copy, KeyRange.all()))
        .isEqualTo(Texts.scan(store(), KeyRange.all()))
        .contains("c/1=", "k1=");
  }

  /** A log may give up its commits some at a time, and in the background. */
  @Test
  default void positionThatIsTooOldIsRefusedAndNamesTheOldest() {
    KeyValueStore small =
        another(StoreOptions.DEFAULT.withChangeLogBytes(4000).withMemtableBytes(4000));
    int count = 0;
    try (ChangeCursor slow = small.changes(0)) {
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      do {
        put(small, "a", "x".repeat(100) + count++);
        assertThat(System.nanoTime()).isLessThan(deadlineNanos);
      } while (oldest(small, 0) == 0);
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, slow::poll);
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, slow::poll);
    }
    long oldest = oldest(small, 0);
    while (!readsAllAfter(small, oldest)) { // it may have gone in the meantime
      oldest = oldest(small, oldest);
    }
    long tooOld = oldest - 1;
    assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> small.changes(tooOld));
  }

  /** Reads all commits after a position; returns false if the log gives them up meanwhile. */
  private static boolean readsAllAfter(KeyValueStore store, long position) {
    long seen = position;
    try (ChangeCursor cursor = store.changes(position)) {
      for (ChangeCursor.Commit commit = cursor.poll(); commit != null; commit = cursor.poll()) {
        assertThat(commit.version()).isEqualTo(++seen);
      }
    } catch (PpdbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
      return false;
    }
    assertThat(seen).isEqualTo(version(store));
    return true;
  }

  /** {@code position} if changes can be read from it, else the oldest position that is named. */
  private static long oldest(KeyValueStore store, long position) {
    try {
      store.changes(position).close();
      return position;
    } catch (PpdbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
      String named = String.valueOf(e.getMessage()).replaceAll(".*read from is (\\d+).*", "$1");
      return Long.parseLong(named);
    }
  }

  @Test
  default void newestCommitIsThereHoweverLargeItIs() {
    KeyValueStore small = another(StoreOptions.DEFAULT.withChangeLogBytes(4000));
    try (ChangeCursor cursor = small.changes(0)) {
      put(small, "a", "x".repeat(10_000));
      assertThat(rest(cursor)).hasSize(10_002);
      put(small, "a", "1");
      assertThat(rest(cursor)).isEqualTo("a=1");
    }
  }

  @Test
  default void closedCursorAndClosedStoreAnswerClosed() {
    put(store(), "a", "1");
    ChangeCursor closed = store().changes(0);
    closed.close();
    closed.close();
    assertFails(ErrorCode.CLOSED, closed::poll);
    ChangeCursor open = store().changes(0);
    store().close();
    assertFails(ErrorCode.CLOSED, open::poll);
    assertFails(ErrorCode.CLOSED, () -> store().changes(0));
    open.close();
  }

  @Test
  default void pollBesideWritersMissesNothingAndShowsOnlyWhatIsPublished() throws Exception {
    int writerCount = 3;
    int commitCount = times(300);
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int w = 0; w < writerCount; w++) {
      String key = "k" + w;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < commitCount; i++) {
                  put(store(), key, "" + i);
                }
              }));
    }
    int[] next = new int[writerCount];
    long last = 0;
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (ChangeCursor cursor = store().changes(0)) {
      for (int seen = 0; seen < writerCount * commitCount; ) {
        ChangeCursor.Commit commit = cursor.poll();
        if (commit == null) {
          assertThat(System.nanoTime()).isLessThan(deadlineNanos);
          Thread.onSpinWait();
          continue;
        }
        seen++;
        assertThat(commit.version()).isGreaterThan(last);
        last = commit.version();
        assertThat(version()).isGreaterThanOrEqualTo(last);
        int writer = commit.writes().get(0).key()[1] - '0';
        assertThat(text(commit)).isEqualTo("k" + writer + "=" + next[writer]++);
      }
      assertThat(cursor.poll()).isNull();
    }
    for (CompletableFuture<Void> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
  }
}
