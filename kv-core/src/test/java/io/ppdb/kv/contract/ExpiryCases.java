package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries with a time to live, by a clock that the test moves. */
interface ExpiryCases extends StoreFixture {
  private void putExpiring(String key, String value, long expiryMillis) {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes(key), bytes(value), expiryMillis);
      transaction.commit();
    }
  }

  @Test
  default void entryIsVisibleUntilItsExpiry() {
    long expiry = clock().millis() + 100;
    putExpiring("e/a", "1", expiry);
    clock().set(expiry - 1);
    assertThat(get(store(), "e/a")).isEqualTo("1");
    clock().set(expiry);
    assertThat(get(store(), "e/a")).isNull();
  }

  @Test
  default void expiryIsJudgedAtTheInstantOfTheView() {
    putExpiring("e/a", "1", clock().millis() + 100);
    try (Snapshot snapshot = store().snapshot();
        Transaction transaction = store().begin()) {
      assertThat(get(transaction, "e/a")).isEqualTo("1");
      clock().advance(1000);
      Texts.put(store(), "b", "2");
      assertThat(get(snapshot, "e/a")).isEqualTo("1");
      assertThat(scan(snapshot, KeyRange.all())).isEqualTo("e/a=1");
      assertThat(get(transaction, "e/a")).isEqualTo("1");
      assertThat(get(store(), "e/a")).isNull();
    }
  }

  @Test
  default void scansPassOverExpiredEntriesInBothDirections() {
    long now = clock().millis();
    putExpiring("e/a", "1", now + 100);
    putExpiring("e/b", "2", now + 200);
    putExpiring("e/c", "3", now + 100);
    clock().advance(150);
    try (Snapshot snapshot = store().snapshot()) {
      KeyRange range = KeyRange.prefix(bytes("e/"));
      assertThat(scan(snapshot, range)).isEqualTo("e/b=2");
      assertThat(scan(snapshot, range, ScanOptions.DESCENDING)).isEqualTo("e/b=2");
    }
  }

  @Test
  default void expiredEntryHidesOlderOnes() {
    Texts.put(store(), "e/a", "old");
    try (Snapshot hold = store().snapshot()) {
      putExpiring("e/a", "new", clock().millis() + 100);
      clock().advance(100);
      Texts.put(store(), "b", "1");
      assertThat(get(store(), "e/a")).isNull();
      try (Snapshot snapshot = store().snapshot()) {
        assertThat(scan(snapshot, KeyRange.all(), ScanOptions.DESCENDING)).isEqualTo("b=1");
      }
      assertThat(get(hold, "e/a")).isEqualTo("old");
    }
    assertThat(get(store(), "e/a")).isNull();
  }

  @Test
  default void laterPutReplacesTheExpiry() {
    putExpiring("e/a", "1", clock().millis() + 100);
    Texts.put(store(), "e/a", "2");
    clock().advance(1000);
    Texts.put(store(), "b", "1");
    assertThat(get(store(), "e/a")).isEqualTo("2");
  }

  @Test
  default void cursorTellsWhenAnEntryExpires() {
    long expiry = clock().millis() + 100;
    putExpiring("e/a", "1", expiry);
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("e/b"), bytes("2"), expiry + 1);
      try (Cursor cursor = transaction.scan(KeyRange.all())) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.expiryMillis()).isEqualTo(expiry);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.expiryMillis()).isEqualTo(expiry + 1);
        assertThat(cursor.previous()).isTrue();
        assertThat(cursor.expiryMillis()).isEqualTo(expiry);
      }
    }
  }

  @Test
  default void ownWriteThatHasExpiredIsAbsent() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("e/a"), bytes("1"), transaction.instantMillis());
      transaction.put(bytes("e/b"), bytes("2"), transaction.instantMillis() + 1);
      assertThat(get(transaction, "e/a")).isNull();
      assertThat(get(transaction, "e/b")).isEqualTo("2");
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("e/b=2");
      assertThat(scan(transaction, KeyRange.all(), ScanOptions.DESCENDING)).isEqualTo("e/b=2");
      assertThat(transaction.putIfAbsent(bytes("e/a"), bytes("3"))).isTrue();
      transaction.commit();
    }
    assertThat(get(store(), "e/a")).isEqualTo("3");
  }

  @Test
  default void putIfAbsentTakesAnExpiredKeyForAbsent() {
    putExpiring("e/a", "1", clock().millis() + 100);
    clock().advance(100);
    try (Transaction transaction = store().begin()) {
      assertThat(transaction.putIfAbsent(bytes("e/a"), bytes("2"))).isTrue();
      transaction.commit();
    }
    assertThat(get(store(), "e/a")).isEqualTo("2");
  }

  @Test
  default void batchMayPutWithAnExpiry() {
    store()
        .write(
            new WriteBatch().put(bytes("e/a"), bytes("1"), clock().millis() + 100),
            Durability.ASYNC);
    assertThat(get(store(), "e/a")).isEqualTo("1");
    clock().advance(100);
    assertThat(get(store(), "e/a")).isNull();
  }

  @Test
  default void expiryNeedsAnExpirableRange() {
    try (Transaction transaction = store().begin()) {
      for (String key : new String[] {"a", "c/a"}) {
        assertFails(
            ErrorCode.INVALID_ARGUMENT, () -> transaction.put(bytes(key), bytes("1"), 1L << 60));
      }
      assertThat(transaction.hasClaims()).isFalse();
      transaction.put(bytes("a"), bytes("1"));
      transaction.commit();
    }
    WriteBatch batch = new WriteBatch().put(bytes("a"), bytes("1"), 1L << 60);
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().write(batch, Durability.ASYNC));
  }

  @Test
  default void instantNeverGoesBackWithTheClock() {
    putExpiring("e/a", "1", clock().millis() + 100);
    clock().advance(200);
    assertThat(get(store(), "e/a")).isNull();
    clock().advance(-200);
    assertThat(get(store(), "e/a")).as("an entry that has expired stays so").isNull();
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(snapshot.instantMillis()).isGreaterThan(clock().millis());
    }
  }

  @Test
  default void expiredEntriesGoAwayWithoutHarmToTheRest() {
    for (int i = 0; i < 200; i++) {
      putExpiring("e/" + i, "" + i, clock().millis() + 1 + i % 10);
    }
    clock().advance(5);
    for (int i = 0; i < 200; i++) {
      Texts.put(store(), "b" + i % 3, "" + i);
    }
    try (Snapshot snapshot = store().snapshot()) {
      for (int i = 0; i < 200; i++) {
        assertThat(get(snapshot, "e/" + i)).isEqualTo(1 + i % 10 > 5 ? "" + i : null);
      }
    }
  }

  private void setDefaultExpiry(Duration defaultExpiry) {
    store()
        .setPolicy(
            KeyRange.prefix(bytes("e/")),
            store().policy(bytes("e/")).withDefaultExpiry(defaultExpiry));
  }

  @Test
  default void putThatDoesNotSayWhenExpiresByThePolicyOfItsRange() {
    setDefaultExpiry(Duration.ofMillis(100));
    long now = clock().millis();
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("e/put"), bytes("1"));
      transaction.putIfAbsent(bytes("e/absent"), bytes("2"));
      transaction.put(bytes("e/sooner"), bytes("3"), now + 50);
      transaction.put(bytes("e/later"), bytes("4"), now + 150);
      transaction.put(bytes("plain"), bytes("5"));
      assertThat(get(transaction, "e/put")).isEqualTo("1");
      transaction.commit();
    }
    WriteBatch batch = new WriteBatch().put(bytes("e/batch"), bytes("6"));
    store().write(batch.put(bytes("other"), bytes("7")), Durability.ASYNC);
    clock().set(now + 99);
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(scan(snapshot, KeyRange.all()))
          .isEqualTo("e/absent=2 e/batch=6 e/later=4 e/put=1 other=7 plain=5");
    }
    clock().set(now + 100);
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(scan(snapshot, KeyRange.all())).isEqualTo("e/later=4 other=7 plain=5");
    }
  }

  @Test
  default void defaultExpiryIsCountedFromThePutAndNotFromTheBeginningOfTheTransaction() {
    setDefaultExpiry(Duration.ofMillis(100));
    long now = clock().millis();
    try (Transaction transaction = store().begin()) {
      assertThat(get(transaction, "e/a")).isNull();
      clock().set(now + 60);
      transaction.put(bytes("e/a"), bytes("1"));
      transaction.commit();
    }
    clock().set(now + 159);
    assertThat(get(store(), "e/a")).isEqualTo("1");
    clock().set(now + 160);
    assertThat(get(store(), "e/a")).isNull();
  }

  @Test
  default void defaultExpiryThatIsTakenAwayCountsForLaterPutsOnly() {
    setDefaultExpiry(Duration.ofMillis(100));
    Texts.put(store(), "e/a", "1");
    setDefaultExpiry(RangePolicy.NEVER);
    Texts.put(store(), "e/b", "2");
    clock().advance(100);
    assertThat(get(store(), "e/a")).isNull();
    assertThat(get(store(), "e/b")).isEqualTo("2");
  }

  @Test
  default void defaultExpiryThatCannotBeIsRefused() {
    RangePolicy expirable = RangePolicy.DEFAULT.withUse(RangePolicy.Use.EXPIRABLE);
    Duration hour = Duration.ofHours(1);
    assertFails(ErrorCode.INVALID_ARGUMENT, () -> RangePolicy.DEFAULT.withDefaultExpiry(hour));
    for (Duration wrong :
        List.of(
            Duration.ofMillis(-1),
            Duration.ofNanos(1_500_000),
            RangePolicy.MAX_DEFAULT_EXPIRY.plusMillis(1))) {
      assertFails(ErrorCode.INVALID_ARGUMENT, () -> expirable.withDefaultExpiry(wrong));
    }
    assertFails(
        ErrorCode.INVALID_ARGUMENT,
        () -> expirable.withDefaultExpiry(hour).withUse(RangePolicy.Use.PLAIN));
  }
}
