package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.rest;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.Transaction;
import org.junit.jupiter.api.Test;

/** Taking writes back. */
interface SavepointCases extends StoreFixture {
  @Test
  default void rollbackToTakesBackLaterWritesOnly() {
    put(store(), "a", "0", "b", "0");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      Savepoint savepoint = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      transaction.delete(bytes("b"));
      transaction.put(bytes("c"), bytes("2"));
      transaction.rollbackTo(savepoint);
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=1 b=0");
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1 b=0");
  }

  @Test
  default void savepointMayBeUsedAgain() {
    try (Transaction transaction = store().begin()) {
      Savepoint savepoint = transaction.savepoint();
      for (int i = 0; i < 3; i++) {
        transaction.put(bytes("a"), bytes("" + i));
        transaction.put(bytes("a"), bytes("again " + i));
        transaction.rollbackTo(savepoint);
        assertThat(get(transaction, "a")).isNull();
      }
      transaction.put(bytes("a"), bytes("last"));
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("last");
  }

  @Test
  default void savepointsNest() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      Savepoint outer = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      Savepoint inner = transaction.savepoint();
      transaction.put(bytes("a"), bytes("3"));
      transaction.rollbackTo(inner);
      assertThat(get(transaction, "a")).isEqualTo("2");
      transaction.put(bytes("a"), bytes("4"));
      transaction.rollbackTo(outer);
      assertThat(get(transaction, "a")).isEqualTo("1");
    }
  }

  @Test
  default void rollbackToTakesBackMergesAndRangeDeletes() {
    Texts.add(store(), "c/n", 5);
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(1));
      Savepoint savepoint = transaction.savepoint();
      transaction.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(10));
      transaction.deleteRange(KeyRange.all());
      assertThat(scan(transaction, KeyRange.all())).isEmpty();
      transaction.rollbackTo(savepoint);
      assertThat(counter(transaction, "c/n")).isEqualTo(6);
      assertThat(get(transaction, "a")).isEqualTo("1");
      transaction.commit();
    }
    assertThat(counter(store(), "c/n")).isEqualTo(6);
  }

  @Test
  default void claimsStayWhenWritesAreTakenBack() {
    try (Transaction transaction = store().begin()) {
      Savepoint savepoint = transaction.savepoint();
      transaction.put(bytes("a"), bytes("1"));
      transaction.rollbackTo(savepoint);
      assertThat(transaction.hasClaims()).isTrue();
      put(store(), "a", "other");
      assertFails(ErrorCode.CONFLICT, transaction::commit);
    }
  }

  @Test
  default void cursorOpenedAfterTheSavepointEndsWithTheRollback() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("1"));
      transaction.put(bytes("b"), bytes("1"));
      Cursor before = transaction.scan(KeyRange.all());
      assertThat(before.next()).isTrue();
      Savepoint savepoint = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      Cursor after = transaction.scan(KeyRange.all());
      assertThat(after.next()).isTrue();
      transaction.rollbackTo(savepoint);
      assertThat(rest(before)).isEqualTo("b=1");
      assertFails(ErrorCode.INVALID_STATE, after::next);
      after.close();
      before.close();
    }
  }

  @Test
  default void laterSavepointIsGoneAfterRollbackToAnEarlierOne() {
    try (Transaction transaction = store().begin()) {
      Savepoint first = transaction.savepoint();
      transaction.put(bytes("a"), bytes("1"));
      Savepoint second = transaction.savepoint();
      transaction.rollbackTo(first);
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.rollbackTo(second));
      Savepoint third = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      transaction.rollbackTo(third);
      assertThat(get(transaction, "a")).isNull();
    }
  }

  @Test
  default void savepointOfAnotherTransactionIsRefused() {
    try (Transaction one = store().begin();
        Transaction two = store().begin()) {
      Savepoint savepoint = one.savepoint();
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> two.rollbackTo(savepoint));
      two.put(bytes("a"), bytes("1"));
      two.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void releasedSavepointIsGoneAndItsWritesStay() {
    try (Transaction transaction = store().begin()) {
      Savepoint outer = transaction.savepoint();
      transaction.put(bytes("a"), bytes("1"));
      Savepoint inner = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      Savepoint innermost = transaction.savepoint();
      transaction.release(inner);
      assertThat(get(transaction, "a")).isEqualTo("2");
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.rollbackTo(inner));
      assertFails(ErrorCode.INVALID_SAVEPOINT, () -> transaction.rollbackTo(innermost));
      transaction.put(bytes("a"), bytes("3"));
      transaction.rollbackTo(outer);
      assertThat(get(transaction, "a")).isNull();
      transaction.release(outer);
      transaction.put(bytes("a"), bytes("4"));
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("4");
  }

  @Test
  default void thousandsOfStatementsWithSavepointsAndScansStayCorrect() {
    int count = times(3000);
    try (Transaction transaction = store().begin()) {
      Savepoint first = transaction.savepoint();
      for (int i = 0; i < count; i++) {
        Savepoint statement = transaction.savepoint();
        transaction.put(bytes("a"), bytes("" + i));
        assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=" + i);
        transaction.put(bytes("a"), bytes("again " + i));
        if (i % 3 == 0) {
          transaction.rollbackTo(statement);
        }
        transaction.release(statement);
      }
      assertThat(get(transaction, "a")).isEqualTo("again " + (count - 1));
      transaction.rollbackTo(first);
      assertThat(get(transaction, "a")).isNull();
    }
  }
}
