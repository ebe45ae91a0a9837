package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the past ends: range by range. */
interface HorizonCases extends StoreFixture {
  private void history(String prefix, RangePolicy.Use use, long millis) {
    RangePolicy policy = RangePolicy.DEFAULT.withUse(use).withHistory(Duration.ofMillis(millis));
    store().setPolicy(KeyRange.prefix(bytes(prefix)), policy);
  }

  private void history(String prefix, long millis) {
    history(prefix, RangePolicy.Use.PLAIN, millis);
  }

  /** Overwrites a key and gives the version before. */
  private long overwrite(String key) {
    put(store(), key, "old");
    long version;
    try (Snapshot snapshot = store().snapshot()) {
      version = snapshot.version();
    }
    clock().advance(1);
    put(store(), key, "new");
    return version;
  }

  private void assertTooOld(long version, String key) {
    try (Snapshot past = store().snapshotAt(version)) {
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes(key)));
    }
  }

  private void assertReads(long version, String key, String value) {
    try (Snapshot past = store().snapshotAt(version)) {
      assertThat(get(past, key)).isEqualTo(value);
    }
  }

  @Test
  default void whatWasOverwrittenIsThereForTheHistoryAndNotLonger() {
    history("h/", 100);
    long version = overwrite("h/a");
    clock().advance(99);
    assertReads(version, "h/a", "old");
    clock().advance(1);
    assertTooOld(version, "h/a");
    assertThat(get(store(), "h/a")).isEqualTo("new");
  }

  @Test
  default void historyIsCountedFromTheOverwritingNotFromTheWriting() {
    history("h/", 100);
    put(store(), "h/a", "old");
    long version = version();
    clock().advance(10_000);
    put(store(), "h/a", "new");
    clock().advance(50);
    assertReads(version, "h/a", "old");
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(clock().millis() - 60))) {
      assertThat(get(past, "h/a")).isEqualTo("old");
    }
  }

  private long version() {
    try (Snapshot snapshot = store().snapshot()) {
      return snapshot.version();
    }
  }

  @Test
  default void everyKindOfReadSaysThatItIsTooOld() {
    history("h/", 100);
    long version = overwrite("h/a");
    clock().advance(1000);
    try (Snapshot past = store().snapshotAt(version)) {
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("h/a")));
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("h/none")));
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.getAll(List.of(bytes("a"), bytes("h/a"))));
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.scan(range("h/", "h0")));
      assertThat(past.getAll(List.of(bytes("a"), bytes("b")))).containsExactly(null, null);
    }
  }

  @Test
  default void tooOldNamesWhatWasAskedForAndTheHorizon() {
    history("h/", 100);
    long version = overwrite("h/a");
    clock().advance(1000);
    try (Snapshot past = store().snapshotAt(version)) {
      past.get(bytes("h/a"));
      throw new AssertionError("was read");
    } catch (PpdbException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
      assertThat(e.isRetryable()).isTrue();
      assertThat(e.getMessage())
          .contains("version " + version + ",", "version " + (version + 1), "682f61");
    }
  }

  @Test
  default void rangesAreJudgedByThemselves() {
    history("short/", 100);
    history("long/", 10_000);
    put(store(), "short/a", "old", "long/a", "old");
    long version = version();
    clock().advance(1);
    put(store(), "short/a", "new", "long/a", "new");
    clock().advance(1000);
    try (Snapshot past = store().snapshotAt(version)) {
      assertThat(get(past, "long/a")).isEqualTo("old");
      assertThat(scan(past, range("long/", "long0"))).isEqualTo("long/a=old");
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("short/a")));
      assertThat(get(past, "long/a")).as("a read that fails does not end it").isEqualTo("old");
    }
  }

  @Test
  default void scanTouchesEveryRangeThatItMayReach() {
    history("h/", 100);
    long version = overwrite("h/a");
    clock().advance(1000);
    try (Snapshot past = store().snapshotAt(version)) {
      for (KeyRange all :
          List.of(KeyRange.all(), range("a", "z"), range("h/z", "i"), range("h", "h/a"))) {
        assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.scan(all));
      }
      for (KeyRange none : List.of(range("h0", "z"), range("f", "h/"), range("h/", "h/"))) {
        assertThat(scan(past, none)).isEmpty();
      }
    }
  }

  @Test
  default void withoutHistoryOnlyTheNewestVersionCanBeRead() {
    history("h/", 0);
    long version = overwrite("h/a");
    assertTooOld(version, "h/a");
    assertReads(version(), "h/a", "new");
  }

  @Test
  default void raisingTheHistoryDoesNotBringBackWhatIsGone() {
    history("h/", 0);
    long version = overwrite("h/a");
    assertTooOld(version, "h/a");
    history("h/", 1_000_000);
    assertTooOld(version, "h/a");
    long later = overwrite("h/a");
    clock().advance(1000);
    assertReads(later, "h/a", "old");
    assertTooOld(version, "h/a");
  }

  @Test
  default void rangeThatIsCutKeepsItsHorizons() {
    history("h/", 0);
    long version = overwrite("h/a");
    assertTooOld(version, "h/a");
    store().setPolicy(range("h/b", "h/d"), RangePolicy.DEFAULT);
    store().setPolicy(range("a", "h/b"), RangePolicy.DEFAULT);
    for (String key : new String[] {"h/a", "h/b", "h/c", "h/d"}) {
      assertTooOld(version, key);
    }
    try (Snapshot past = store().snapshotAt(version)) {
      assertThat(get(past, "b")).isNull();
    }
  }

  @Test
  default void loweringTheHistoryCounts() {
    history("h/", 10_000);
    long version = overwrite("h/a");
    clock().advance(1000);
    assertReads(version, "h/a", "old");
    history("h/", 10);
    assertTooOld(version, "h/a");
  }

  @Test
  default void openViewOfThePastHoldsTheHorizonBack() {
    history("h/", 100);
    long version = overwrite("h/a");
    Snapshot hold = store().snapshotAt(version);
    clock().advance(10_000);
    for (int i = 0; i < 300; i++) {
      put(store(), "h/a", "" + i);
    }
    assertThat(get(hold, "h/a")).isEqualTo("old");
    assertReads(version, "h/a", "old");
    hold.close();
    assertTooOld(version, "h/a");
  }

  @Test
  default void openTransactionHoldsTheHorizonBack() {
    history("h/", 100);
    put(store(), "h/a", "old");
    try (Transaction transaction = store().begin()) {
      long version = transaction.version();
      clock().advance(1);
      put(store(), "h/a", "new");
      clock().advance(10_000);
      assertReads(version, "h/a", "old");
      assertThat(get(transaction, "h/a")).isEqualTo("old");
    }
  }

  @Test
  default void viewThatCameTooLateStaysTooLate() {
    history("h/", 100);
    long version = overwrite("h/a");
    clock().advance(1000);
    try (Snapshot past = store().snapshotAt(version)) {
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("h/a")));
      history("h/", 1_000_000);
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("h/a")));
    }
  }

  @Test
  default void expiredEntryIsThereUntilTheHorizonHasPassedItsExpiry() {
    history("x/", RangePolicy.Use.EXPIRABLE, 100);
    long start = clock().millis();
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("x/a"), bytes("1"), start + 50);
      transaction.commit();
    }
    clock().set(start + 149);
    put(store(), "b", "1");
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(start + 49))) {
      assertThat(get(past, "x/a")).isEqualTo("1");
    }
    clock().set(start + 150);
    put(store(), "b", "2");
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(start + 49))) {
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("x/a")));
    }
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(start + 50))) {
      assertThat(get(past, "x/a")).isNull();
    }
  }

  @Test
  default void nothingIsKnownOfBeforeTheStore() {
    put(store(), "a", "1");
    for (Instant before : List.of(Instant.EPOCH, Instant.MIN)) {
      try (Snapshot past = store().snapshotAt(before)) {
        assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("a")));
        assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.scan(KeyRange.all()));
      }
    }
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void droppedRangeHasNoPast() {
    put(store(), "d/a", "1", "f/a", "1");
    long version = version();
    put(store(), "d/a", "2", "f/a", "2");
    store().dropRange(KeyRange.prefix(bytes("d/")));
    assertTooOld(version, "d/a");
    assertReads(version, "f/a", "1");
  }

  /** The range was not empty then, so nobody may find it so. */
  @Test
  default void aDroppedRangeIsNotReadAtTheVersionThatWasTheNewest() {
    history("d/", 5000);
    history("f/", 5000);
    put(store(), "d/a", "1", "f/a", "1");
    long version = version();
    store().dropRange(KeyRange.prefix(bytes("d/")));
    assertTooOld(version, "d/a");
    assertReads(version, "f/a", "1");
    assertThat(get(store(), "d/a")).isNull();
    try (Snapshot now = store().snapshotAt(Instant.ofEpochMilli(clock().millis()))) {
      assertThat(get(now, "d/a")).isNull();
      assertThat(get(now, "f/a")).isEqualTo("1");
    }
  }

  @Test
  default void manyTicksGoByWithoutHarm() {
    history("h/", 5000);
    for (int i = 0; i < 20_000; i++) {
      clock().advance(1);
      put(store(), "h/a", "" + i);
    }
    long now = clock().millis();
    for (int back = 0; back <= 5000; back += 250) {
      try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(now - back))) {
        assertThat(get(past, "h/a")).isEqualTo("" + (19_999 - back));
      }
    }
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(now - 5001))) {
      assertFails(ErrorCode.SNAPSHOT_TOO_OLD, () -> past.get(bytes("h/a")));
    }
  }
}
