package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import io.ppdb.kv.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is refused, how, and what it leaves intact. */
interface ErrorCases extends StoreFixture {
  @Test
  default void keyBeyondTheLimitIsRefused() {
    byte[] key = new byte[Limits.MAX_KEY_BYTES + 1];
    try (Transaction transaction = store().begin()) {
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> transaction.put(key, bytes("1")));
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> transaction.putIfAbsent(key, bytes("1")));
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> transaction.delete(key));
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> transaction.guard(key));
      assertFails(ErrorCode.KEY_TOO_LARGE, () -> transaction.lockForUpdate(key));
      assertThat(transaction.hasClaims()).isFalse();
    }
    assertFails(ErrorCode.KEY_TOO_LARGE, () -> new WriteBatch().delete(key));
  }

  @Test
  default void valueBeyondTheLimitIsRefused() {
    byte[] value = new byte[Limits.MAX_VALUE_BYTES + 1];
    try (Transaction transaction = store().begin()) {
      assertFails(ErrorCode.VALUE_TOO_LARGE, () -> transaction.put(bytes("a"), value));
      assertFails(ErrorCode.VALUE_TOO_LARGE, () -> transaction.putIfAbsent(bytes("a"), value));
      assertThat(transaction.hasClaims()).isFalse();
    }
    assertFails(ErrorCode.VALUE_TOO_LARGE, () -> new WriteBatch().put(bytes("a"), value));
  }

  @Test
  default void refusedStatementDoesNotHarmTheTransaction() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      assertFails(
          ErrorCode.KEY_TOO_LARGE,
          () -> transaction.put(new byte[Limits.MAX_KEY_BYTES + 1], bytes("1")));
      transaction.put(bytes("b"), bytes("2"));
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("1");
    assertThat(get(store(), "b")).isEqualTo("2");
  }

  @Test
  default void endedTransactionRefusesEverything() {
    for (boolean commit : new boolean[] {true, false}) {
      Transaction transaction = store().begin();
      transaction.put(bytes("a"), bytes("1"));
      if (commit) {
        transaction.commit();
      } else {
        transaction.rollback();
      }
      assertFails(ErrorCode.INVALID_STATE, () -> transaction.get(bytes("a")));
      assertFails(ErrorCode.INVALID_STATE, () -> transaction.put(bytes("a"), bytes("2")));
      assertFails(ErrorCode.INVALID_STATE, () -> transaction.delete(bytes("a")));
      assertFails(ErrorCode.INVALID_STATE, () -> transaction.scan(KeyRange.all()));
      assertFails(ErrorCode.INVALID_STATE, () -> transaction.guard(bytes("a")));
      assertFails(ErrorCode.INVALID_STATE, transaction::savepoint);
      assertFails(ErrorCode.INVALID_STATE, transaction::commit);
      transaction.rollback();
      transaction.close();
      transaction.close();
    }
  }

  @Test
  default void cursorOfAnEndedTransactionIsClosed() {
    Texts.put(store(), "a", "1", "b", "2");
    Transaction transaction = store().begin();
    Cursor cursor = transaction.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    transaction.commit();
    assertFails(ErrorCode.CLOSED, cursor::next);
    cursor.close();
  }

  @Test
  default void closedCursorRefusesMovesAndCloseMayBeRepeated() {
    Texts.put(store(), "a", "1");
    try (Snapshot snapshot = store().snapshot()) {
      Cursor cursor = snapshot.scan(KeyRange.all());
      assertThat(cursor.next()).isTrue();
      cursor.close();
      cursor.close();
      assertThat(cursor.isValid()).isFalse();
      assertFails(ErrorCode.CLOSED, cursor::next);
      assertFails(ErrorCode.CLOSED, cursor::previous);
      assertFails(ErrorCode.CLOSED, () -> cursor.seek(bytes("a")));
      assertFails(ErrorCode.CLOSED, cursor::key);
    }
  }

  @Test
  default void cursorThatIsNotOnAnEntryHasNoKey() {
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertFails(ErrorCode.INVALID_STATE, cursor::key);
      assertThat(cursor.next()).isFalse();
      assertFails(ErrorCode.INVALID_STATE, cursor::value);
    }
  }

  @Test
  default void closedSnapshotRefusesReads() {
    Snapshot snapshot = store().snapshot();
    Cursor cursor = snapshot.scan(KeyRange.all());
    snapshot.close();
    snapshot.close();
    assertFails(ErrorCode.CLOSED, () -> snapshot.get(bytes("a")));
    assertFails(ErrorCode.CLOSED, () -> snapshot.scan(KeyRange.all()));
    assertFails(ErrorCode.CLOSED, snapshot::version);
    assertFails(ErrorCode.CLOSED, cursor::next);
    cursor.close();
  }

  @Test
  default void missingCapabilitiesAnswerNotSupported() {
    if (!store().properties().serializable()) {
      assertFails(
          ErrorCode.NOT_SUPPORTED,
          () -> store().begin(TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE)));
    }
    if (!store().properties().asOf()) {
      assertFails(ErrorCode.NOT_SUPPORTED, () -> store().snapshotAt(1));
      assertFails(ErrorCode.NOT_SUPPORTED, () -> store().snapshotAt(Instant.EPOCH));
    }
    if (!store().properties().changes()) {
      assertFails(ErrorCode.NOT_SUPPORTED, () -> store().changes(0));
    }
    assertThat(store().properties().engineName()).isNotEmpty();
  }

  @Test
  default void policyOfAKeyIsTheLastOneSet() {
    RangePolicy one = RangePolicy.DEFAULT.withHistory(Duration.ofDays(1));
    RangePolicy two = one.withUse(RangePolicy.Use.EXPIRABLE);
    assertThat(store().policy(bytes("p5"))).isEqualTo(RangePolicy.DEFAULT);
    store().setPolicy(Texts.range("p2", "p8"), one);
    store().setPolicy(Texts.range("p4", "p6"), two);
    String[] keys = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"};
    RangePolicy[] expected = {
      RangePolicy.DEFAULT, one, one, two, two, one, one, RangePolicy.DEFAULT
    };
    for (int i = 0; i < keys.length; i++) {
      assertThat(store().policy(bytes(keys[i]))).as(keys[i]).isEqualTo(expected[i]);
    }
    store().setPolicy(KeyRange.of(bytes("p5"), null), RangePolicy.DEFAULT);
    assertThat(store().policy(bytes("p4"))).isEqualTo(two);
    assertThat(store().policy(bytes("p5"))).isEqualTo(RangePolicy.DEFAULT);
    assertThat(store().policy(bytes("zzz"))).isEqualTo(RangePolicy.DEFAULT);
  }

  @Test
  default void conflictIsRetryableAndSaysSo() {
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      one.put(bytes("a"), bytes("1"));
      two.put(bytes("a"), bytes("1"));
      one.commit();
      try {
        two.commit();
        throw new AssertionError("committed");
      } catch (PpdbException e) {
        assertThat(e.isRetryable()).isTrue();
        assertThat(e.getMessage()).contains("61");
      }
    }
  }
}
