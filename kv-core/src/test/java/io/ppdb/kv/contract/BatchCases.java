package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import org.junit.jupiter.api.Test;

/** Blind batches. */
interface BatchCases extends StoreFixture {
  private static byte[] number(long value) {
    return MergeOperators.encodeLong(value);
  }

  @Test
  default void batchIsAppliedAtOneVersion() {
    put(store(), "a", "0", "b", "0");
    long version =
        store()
            .write(
                new WriteBatch()
                    .put(bytes("a"), bytes("1"))
                    .delete(bytes("b"))
                    .put(bytes("c"), bytes("3")),
                Durability.SYNC);
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(snapshot.version()).isGreaterThanOrEqualTo(version);
      assertThat(scan(snapshot, KeyRange.all())).isEqualTo("a=1 c=3");
    }
  }

  @Test
  default void lastWriteOfAKeyInABatchCounts() {
    store()
        .write(
            new WriteBatch()
                .put(bytes("a"), bytes("1"))
                .put(bytes("b"), bytes("1"))
                .put(bytes("a"), bytes("2"))
                .delete(bytes("b"))
                .delete(bytes("c"))
                .put(bytes("c"), bytes("3")),
            Durability.ASYNC);
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=2 c=3");
  }

  @Test
  default void mergesOfABatchFold() {
    store()
        .write(
            new WriteBatch()
                .merge(MergeOperators.LONG_ADD, bytes("c/a"), number(1))
                .merge(MergeOperators.LONG_ADD, bytes("c/a"), number(2))
                .put(bytes("c/b"), number(10))
                .merge(MergeOperators.LONG_ADD, bytes("c/b"), number(5))
                .delete(bytes("c/d"))
                .merge(MergeOperators.LONG_ADD, bytes("c/d"), number(7)),
            Durability.ASYNC);
    assertThat(counter(store(), "c/a")).isEqualTo(3);
    assertThat(counter(store(), "c/b")).isEqualTo(15);
    assertThat(counter(store(), "c/d")).isEqualTo(7);
  }

  @Test
  default void batchNeverFailsByConflictButOthersConflictWithIt() {
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("a"), bytes("transaction"));
      store().write(new WriteBatch().put(bytes("a"), bytes("batch")), Durability.ASYNC);
      assertFails(ErrorCode.CONFLICT, transaction::commit);
    }
    assertThat(get(store(), "a")).isEqualTo("batch");
    try (Transaction transaction = store().begin()) {
      transaction.lockForUpdate(bytes("a"));
      transaction.commit();
    }
    store().write(new WriteBatch().put(bytes("a"), bytes("again")), Durability.ASYNC);
    assertThat(get(store(), "a")).isEqualTo("again");
  }

  @Test
  default void mergeInABatchIsASharedClaim() {
    try (Transaction merger = store().begin();
        Transaction putter = store().begin()) {
      merger.merge(MergeOperators.LONG_ADD, bytes("c/a"), number(1));
      putter.put(bytes("c/a"), number(100));
      store()
          .write(
              new WriteBatch().merge(MergeOperators.LONG_ADD, bytes("c/a"), number(2)),
              Durability.ASYNC);
      merger.commit();
      assertFails(ErrorCode.CONFLICT, putter::commit);
    }
    assertThat(counter(store(), "c/a")).isEqualTo(3);
  }

  @Test
  default void requirementOfABatchFailsOnceTheKeyWasChanged() {
    put(store(), "schema", "1");
    long version;
    try (Snapshot snapshot = store().snapshot()) {
      version = snapshot.version();
    }
    for (int i = 0; i < 300; i++) {
      put(store(), "other" + i, "1");
    }
    store()
        .write(
            new WriteBatch().put(bytes("a"), bytes("1")).requireUnchanged(bytes("schema"), version),
            Durability.ASYNC);
    put(store(), "schema", "2");
    for (int i = 0; i < 300; i++) {
      put(store(), "other" + i, "2");
    }
    WriteBatch late =
        new WriteBatch().put(bytes("a"), bytes("2")).requireUnchanged(bytes("schema"), version);
    assertFails(ErrorCode.CONFLICT, () -> store().write(late, Durability.ASYNC));
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void requirementOfABatchFailsOnceTheKeyWasDeletedOrLocked() {
    for (boolean lock : new boolean[] {true, false}) {
      put(store(), "schema", "1");
      long version;
      try (Snapshot snapshot = store().snapshot()) {
        version = snapshot.version();
      }
      try (Transaction transaction = store().begin()) {
        if (lock) {
          transaction.lockForUpdate(bytes("schema"));
        } else {
          transaction.delete(bytes("schema"));
        }
        transaction.commit();
      }
      for (int i = 0; i < 100; i++) {
        put(store(), "other", "" + i);
      }
      WriteBatch batch =
          new WriteBatch().put(bytes("a"), bytes("1")).requireUnchanged(bytes("schema"), version);
      assertFails(ErrorCode.CONFLICT, () -> store().write(batch, Durability.ASYNC));
    }
  }

  @Test
  default void emptyBatchIsNoCommit() {
    put(store(), "a", "1");
    long version = store().write(new WriteBatch(), Durability.SYNC);
    try (Snapshot snapshot = store().snapshot()) {
      assertShows(snapshot, version);
    }
  }

  @Test
  default void arraysOfABatchMayBeChangedAfterTheWrite() {
    byte[] key = bytes("a");
    byte[] value = bytes("1");
    store().write(new WriteBatch().put(key, value), Durability.ASYNC);
    key[0] = 'x';
    value[0] = '9';
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1");
  }

  @Test
  default void batchBiggerThanAMemtableDoesNotHoldUpTheNextCommit() {
    for (int round = 0; round < 3; round++) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 5; i++) {
        batch.put(bytes("big" + i), new byte[1 << 20]);
      }
      store().write(batch, Durability.ASYNC);
      store().write(new WriteBatch().put(bytes("next"), bytes("" + round)), Durability.ASYNC);
    }
    assertThat(get(store(), "next")).isEqualTo("2");
  }

  @Test
  default void bigBatchKeepsKeyOrder() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 10_000; i++) {
      int shuffled = (i * 7919) % 10_000;
      batch.put(bytes(String.format("%05d", shuffled)), bytes("" + shuffled));
    }
    store().write(batch, Durability.ASYNC);
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      for (int i = 0; i < 10_000; i++) {
        assertThat(cursor.next()).isTrue();
        if (Integer.parseInt(Texts.text(cursor.value())) != i) {
          throw new AssertionError("entry " + i + " is " + Texts.entry(cursor));
        }
      }
      assertThat(cursor.next()).isFalse();
    }
  }
}
