package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import org.junit.jupiter.api.Test;

/** Closing, and what is open then. */
interface LifecycleCases extends StoreFixture {
  @Test
  default void closedStoreRefusesEverything() {
    KeyValueStore store = store();
    store.close();
    assertFails(ErrorCode.CLOSED, store::begin);
    assertFails(ErrorCode.CLOSED, store::snapshot);
    assertFails(
        ErrorCode.CLOSED, () -> store.write(new WriteBatch().delete(bytes("a")), Durability.ASYNC));
    assertFails(ErrorCode.CLOSED, () -> store.policy(bytes("a")));
    assertFails(ErrorCode.CLOSED, () -> store.setPolicy(KeyRange.all(), RangePolicy.DEFAULT));
    assertFails(ErrorCode.CLOSED, () -> store.dropRange(KeyRange.all()));
    assertFails(ErrorCode.CLOSED, () -> store.get(new byte[0]));
    assertFails(ErrorCode.CLOSED, () -> store.statistics(KeyRange.all()));
    assertFails(ErrorCode.CLOSED, () -> store.transact(transaction -> 1));
  }

  @Test
  default void closeMayBeRepeated() {
    store().close();
    store().close();
    assertThat(store().properties().engineName()).isNotEmpty();
  }

  @Test
  default void openViewsAnswerClosedAfterTheStoreIsClosed() {
    put(store(), "a", "1", "b", "2");
    Snapshot snapshot = store().snapshot();
    Cursor cursor = snapshot.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    Transaction transaction = store().begin();
    transaction.put(bytes("x"), bytes("1"));
    Cursor own = transaction.scan(KeyRange.all());
    store().close();
    assertFails(ErrorCode.CLOSED, () -> snapshot.get(bytes("a")));
    assertFails(ErrorCode.CLOSED, cursor::next);
    assertFails(ErrorCode.CLOSED, () -> transaction.get(bytes("a")));
    assertFails(ErrorCode.CLOSED, own::next);
    assertFails(ErrorCode.CLOSED, transaction::commit);
    own.close();
    cursor.close();
    transaction.rollback();
    transaction.close();
    snapshot.close();
  }

  @Test
  default void twoStoresAreSeparate() {
    KeyValueStore other = another(StoreOptions.DEFAULT);
    put(store(), "a", "1");
    assertThat(Texts.get(other, "a")).isNull();
    put(other, "a", "2");
    assertThat(Texts.get(store(), "a")).isEqualTo("1");
  }
}
