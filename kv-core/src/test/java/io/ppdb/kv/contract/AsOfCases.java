package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.add;
import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Views of the past, within history. */
interface AsOfCases extends StoreFixture {
  private Snapshot at(long millis) {
    return store().snapshotAt(Instant.ofEpochMilli(millis));
  }

  /** The newest version. */
  private long version() {
    try (Snapshot snapshot = store().snapshot()) {
      return snapshot.version();
    }
  }

  private void keepHistory(String prefix, RangePolicy.Use use) {
    store().setPolicy(KeyRange.prefix(bytes(prefix)), RangePolicy.DEFAULT.withUse(use));
  }

  @Test
  default void propertiesSayThatThePastCanBeRead() {
    assertThat(store().properties().asOf()).isTrue();
  }

  @Test
  default void viewAtAVersionShowsWhatWasThen() {
    put(store(), "a", "1", "b", "1");
    long first = version();
    put(store(), "a", "2");
    delete(store(), "b");
    put(store(), "b2", "3");
    try (Snapshot past = store().snapshotAt(first)) {
      assertThat(past.version()).isEqualTo(first);
      assertThat(get(past, "a")).isEqualTo("1");
      assertThat(past.getAll(List.of(bytes("b"), bytes("b2"))))
          .extracting(Texts::text)
          .containsExactly("1", null);
      assertThat(scan(past, range("a", "c"))).isEqualTo("a=1 b=1");
      assertThat(scan(past, range("a", "c"), ScanOptions.DESCENDING)).isEqualTo("b=1 a=1");
    }
    assertThat(scan(store(), range("a", "c"))).isEqualTo("a=2 b2=3");
  }

  @Test
  default void everyVersionOfAKeyCanBeReadAgain() {
    long first = version() + 1;
    for (int i = 0; i < 500; i++) {
      put(store(), "a", "" + i);
      clock().advance(i % 3);
    }
    for (int i = 0; i < 500; i++) {
      try (Snapshot past = store().snapshotAt(first + i)) {
        assertThat(get(past, "a")).isEqualTo("" + i);
        assertThat(scan(past, range("a", "b"), ScanOptions.DESCENDING)).isEqualTo("a=" + i);
      }
    }
  }

  @Test
  default void instantShowsTheLastCommitThatIsNotAfterIt() {
    long start = clock().millis();
    clock().advance(10);
    put(store(), "a", "1");
    clock().advance(10);
    put(store(), "a", "2");
    clock().advance(10);
    String[] expected = {null, null, "1", "1", "2", "2"};
    for (int i = 0; i < expected.length; i++) {
      long instant = start + 5L * i;
      try (Snapshot past = at(instant)) {
        assertThat(get(past, "a")).as("read %d", i).isEqualTo(expected[i]);
        assertThat(past.instantMillis()).isEqualTo(instant);
      }
    }
  }

  @Test
  default void versionOfAnInstantIsTheLargestThatIsNotAfterIt() {
    put(store(), "a", "1");
    long first = version();
    clock().advance(1);
    put(store(), "a", "2");
    try (Snapshot past = at(clock().millis() - 1)) {
      assertThat(past.version()).isEqualTo(first);
    }
    try (Snapshot past = at(clock().millis())) {
      assertThat(past.version()).isEqualTo(version());
    }
  }

  @Test
  default void commitsOfOneTickAreOneInstantButSeveralVersions() {
    put(store(), "a", "1");
    put(store(), "a", "2");
    put(store(), "a", "3");
    long last = version();
    long tick = clock().millis();
    clock().advance(1);
    put(store(), "a", "4");
    try (Snapshot past = at(tick)) {
      assertThat(get(past, "a")).isEqualTo("3");
      assertThat(past.version()).isEqualTo(last);
    }
    for (int i = 0; i < 3; i++) {
      try (Snapshot past = store().snapshotAt(last - i)) {
        assertThat(get(past, "a")).isEqualTo("" + (3 - i));
        assertThat(past.instantMillis()).isEqualTo(tick);
      }
    }
  }

  @Test
  default void instantOfAVersionIsItsTick() {
    clock().advance(7);
    put(store(), "a", "1");
    long version = version();
    long tick = clock().millis();
    clock().advance(1000);
    put(store(), "a", "2");
    try (Snapshot past = store().snapshotAt(version)) {
      assertThat(past.instantMillis()).isEqualTo(tick);
    }
  }

  @Test
  default void fractionsOfAMillisecondDoNotReachTheNextTick() {
    long tick = clock().millis();
    put(store(), "a", "1");
    clock().advance(1);
    put(store(), "a", "2");
    try (Snapshot past = store().snapshotAt(Instant.ofEpochMilli(tick).plusNanos(999_999))) {
      assertThat(get(past, "a")).isEqualTo("1");
    }
  }

  @Test
  default void versionZeroIsTheEmptyStore() {
    put(store(), "a", "1");
    try (Snapshot past = store().snapshotAt(0)) {
      assertThat(get(past, "a")).isNull();
      assertThat(scan(past, range("a", "c"))).isEmpty();
    }
  }

  @Test
  default void newestVersionIsAViewOfNow() {
    put(store(), "a", "1");
    clock().advance(Duration.ofDays(2).toMillis());
    try (Snapshot past = store().snapshotAt(version())) {
      assertThat(get(past, "a")).as("nothing has overwritten it since").isEqualTo("1");
    }
  }

  @Test
  default void versionThatIsNotPublishedIsRefused() {
    put(store(), "a", "1");
    long newest = version();
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().snapshotAt(newest + 1));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().snapshotAt(Long.MAX_VALUE));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().snapshotAt(-1));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().snapshotAt(Long.MIN_VALUE));
  }

  @Test
  default void instantInTheFutureIsRefused() {
    put(store(), "a", "1");
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> at(clock().millis() + 1));
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().snapshotAt(Instant.MAX));
  }

  @Test
  default void expiryIsJudgedAtTheInstantAskedFor() {
    keepHistory("x/", RangePolicy.Use.EXPIRABLE);
    long start = clock().millis();
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("x/a"), bytes("1"), start + 100);
      transaction.commit();
    }
    clock().advance(1000);
    for (int i = 0; i < 100; i++) {
      put(store(), "b", "" + i);
    }
    assertThat(get(store(), "x/a")).isNull();
    try (Snapshot before = at(start + 99);
        Snapshot after = at(start + 100)) {
      assertThat(get(before, "x/a")).isEqualTo("1");
      assertThat(scan(before, range("x/", "x0"))).isEqualTo("x/a=1");
      assertThat(scan(before, range("x/", "x0"), ScanOptions.DESCENDING)).isEqualTo("x/a=1");
      assertThat(get(after, "x/a")).isNull();
      assertThat(scan(after, range("x/", "x0"))).isEmpty();
    }
  }

  @Test
  default void countersHaveAPast() {
    keepHistory("n/", RangePolicy.Use.MERGEABLE);
    long first = version();
    for (int i = 1; i <= 100; i++) {
      add(store(), "n/a", i);
    }
    for (int i = 1; i <= 100; i++) {
      try (Snapshot past = store().snapshotAt(first + i)) {
        assertThat(counter(past, "n/a")).isEqualTo((long) i * (i + 1) / 2);
        assertThat(scan(past, range("n/", "n0"), ScanOptions.DESCENDING)).startsWith("n/a=");
      }
    }
  }

  @Test
  default void deletedRangeIsThereBeforeItsDeletion() {
    put(store(), "d1", "1", "d2", "2", "d3", "3");
    long before = version();
    store()
        .transact(
            transaction -> {
              transaction.deleteRange(range("d1", "d3"));
              return true;
            });
    try (Snapshot past = store().snapshotAt(before)) {
      assertThat(scan(past, range("d", "e"))).isEqualTo("d1=1 d2=2 d3=3");
    }
    assertThat(scan(store(), range("d", "e"))).isEqualTo("d3=3");
  }

  @Test
  default void openViewOfThePastKeepsItsHistory() {
    put(store(), "a", "old");
    try (Snapshot past = store().snapshotAt(version())) {
      clock().advance(Duration.ofDays(1).toMillis());
      for (int i = 0; i < 300; i++) {
        put(store(), "a", "" + i);
      }
      clock().advance(Duration.ofDays(1).toMillis());
      for (int i = 0; i < 300; i++) {
        put(store(), "a", "" + i);
      }
      assertThat(get(past, "a")).isEqualTo("old");
      try (Snapshot again = store().snapshotAt(past.version())) {
        assertThat(get(again, "a")).isEqualTo("old");
      }
    }
  }

  @Test
  default void viewsOfThePastMayBeOpenedInAnyOrder() {
    long first = version() + 1;
    for (int i = 0; i < 100; i++) {
      put(store(), "a", "" + i);
    }
    Snapshot[] views = new Snapshot[100];
    for (int i = 0; i < 100; i++) {
      int version = i * 37 % 100;
      views[version] = store().snapshotAt(first + version);
    }
    clock().advance(Duration.ofDays(1).toMillis());
    for (int i = 0; i < 100; i++) {
      put(store(), "a", "new");
      views[i * 59 % 100].close();
      for (int v = 0; v < 100; v += 7) {
        int version = v;
        boolean open = false;
        for (int k = i + 1; k < 100; k++) {
          open |= k * 59 % 100 == version;
        }
        if (open) {
          assertThat(get(views[version], "a")).isEqualTo("" + version);
        }
      }
    }
  }

  @Test
  default void blindBatchesAreInThePastToo() {
    store().write(new WriteBatch().put(bytes("a"), bytes("1")), Durability.ASYNC);
    long first = version();
    store().write(new WriteBatch().put(bytes("a"), bytes("2")), Durability.ASYNC);
    try (Snapshot past = store().snapshotAt(first)) {
      assertThat(get(past, "a")).isEqualTo("1");
    }
  }

  @Test
  default void viewOfThePastIsClosedLikeAnyOther() {
    put(store(), "a", "1");
    Snapshot past = store().snapshotAt(version());
    past.close();
    past.close();
    assertFails(ErrorCode.CLOSED, () -> past.get(bytes("a")));
    Snapshot open = store().snapshotAt(version());
    store().close();
    assertFails(ErrorCode.CLOSED, () -> open.get(bytes("a")));
    assertFails(ErrorCode.CLOSED, () -> store().snapshotAt(1));
    assertFails(ErrorCode.CLOSED, () -> store().snapshotAt(Instant.EPOCH));
    open.close();
  }
}
