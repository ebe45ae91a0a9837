package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.add;
import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operands that fold without being read. */
interface MergeCases extends StoreFixture {
  private static void merge(Transaction transaction, String key, long amount) {
    transaction.merge(MergeOperators.LONG_ADD, bytes(key), MergeOperators.encodeLong(amount));
  }

  @Test
  default void mergeOntoAnAbsentKeyStartsAtTheOperand() {
    add(store(), "c/n", 5);
    assertThat(counter(store(), "c/n")).isEqualTo(5);
  }

  @Test
  default void mergesAddUpOverCommits() {
    for (int i = 1; i <= 100; i++) {
      add(store(), "c/n", i);
    }
    assertThat(counter(store(), "c/n")).isEqualTo(5050);
  }

  @Test
  default void mergeFoldsOntoAPutAndStartsAnewAfterADelete() {
    store()
        .transact(
            transaction -> {
              transaction.put(bytes("c/n"), MergeOperators.encodeLong(100));
              return true;
            });
    add(store(), "c/n", 1);
    assertThat(counter(store(), "c/n")).isEqualTo(101);
    delete(store(), "c/n");
    assertThat(counter(store(), "c/n")).isNull();
    add(store(), "c/n", 2);
    assertThat(counter(store(), "c/n")).isEqualTo(2);
  }

  @Test
  default void everySnapshotSeesTheSumOfItsTime() {
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      add(store(), "c/n", 1);
      snapshots.add(store().snapshot());
    }
    snapshots.remove(4).close();
    add(store(), "c/n", 1);
    for (Snapshot snapshot : snapshots) {
      Long expected = counter(snapshot, "c/n");
      try (Cursor up = snapshot.scan(KeyRange.all());
          Cursor down = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
        assertThat(up.next() && down.next()).isTrue();
        assertThat(MergeOperators.decodeLong(up.value().toByteArray())).isEqualTo(expected);
        assertThat(MergeOperators.decodeLong(down.value().toByteArray())).isEqualTo(expected);
        assertThat(up.next() || down.next()).isFalse();
      }
    }
    for (int i = 0; i < snapshots.size(); i++) {
      assertThat(counter(snapshots.get(i), "c/n")).isEqualTo(i < 4 ? i + 1 : i + 2);
      snapshots.get(i).close();
    }
    assertThat(counter(store(), "c/n")).isEqualTo(21);
  }

  @Test
  default void ownMergesShowOverTheStoredValue() {
    add(store(), "c/b", 10);
    try (Transaction transaction = store().begin()) {
      merge(transaction, "c/a", 1);
      merge(transaction, "c/b", 1);
      merge(transaction, "c/b", 2);
      assertThat(counter(transaction, "c/a")).isEqualTo(1);
      assertThat(counter(transaction, "c/b")).isEqualTo(13);
      for (boolean descending : new boolean[] {false, true}) {
        try (Cursor cursor =
            transaction.scan(KeyRange.all(), ScanOptions.ASCENDING.withDescending(descending))) {
          assertThat(cursor.next()).isTrue();
          assertThat(MergeOperators.decodeLong(cursor.value().toByteArray()))
              .isEqualTo(descending ? 13 : 1);
          assertThat(cursor.next()).isTrue();
          assertThat(MergeOperators.decodeLong(cursor.value().toByteArray()))
              .isEqualTo(descending ? 1 : 13);
          assertThat(cursor.previous()).isTrue();
          assertThat(MergeOperators.decodeLong(cursor.value().toByteArray()))
              .isEqualTo(descending ? 13 : 1);
        }
      }
      transaction.commit();
    }
    assertThat(counter(store(), "c/b")).isEqualTo(13);
  }

  @Test
  default void mergeFoldsOntoOwnPutsAndDeletes() {
    add(store(), "c/a", 100);
    try (Transaction transaction = store().begin()) {
      transaction.delete(bytes("c/a"));
      merge(transaction, "c/a", 1);
      transaction.put(bytes("c/b"), MergeOperators.encodeLong(10));
      merge(transaction, "c/b", 1);
      merge(transaction, "c/d", 1);
      transaction.put(bytes("c/d"), MergeOperators.encodeLong(20));
      assertThat(counter(transaction, "c/a")).isEqualTo(1);
      assertThat(counter(transaction, "c/b")).isEqualTo(11);
      assertThat(counter(transaction, "c/d")).isEqualTo(20);
      transaction.commit();
    }
    assertThat(counter(store(), "c/a")).isEqualTo(1);
    assertThat(counter(store(), "c/b")).isEqualTo(11);
    assertThat(counter(store(), "c/d")).isEqualTo(20);
  }

  @Test
  default void concurrentMergesAllCount() {
    List<Transaction> transactions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Transaction transaction = store().begin();
      merge(transaction, "c/n", 1);
      transactions.add(transaction);
    }
    transactions.forEach(Transaction::commit);
    assertThat(counter(store(), "c/n")).isEqualTo(10);
  }

  @Test
  default void operatorOfAUserWorksLikeABuiltInOne() {
    for (String value : new String[] {"b", "d", "a", "c"}) {
      store()
          .transact(
              transaction -> {
                transaction.merge(MaxOperator.INSTANCE, bytes("c/max"), bytes(value));
                return true;
              });
    }
    assertThat(get(store(), "c/max")).isEqualTo("d");
  }

  @Test
  default void mergeNeedsAMergeableRange() {
    try (Transaction transaction = store().begin()) {
      for (String key : new String[] {"a", "e/a"}) {
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> merge(transaction, key, 1));
      }
      assertThat(transaction.hasClaims()).isFalse();
      merge(transaction, "c/a", 1);
      transaction.commit();
    }
    assertThat(counter(store(), "c/a")).isEqualTo(1);
  }

  @Test
  default void operatorMustBeRegistered() {
    var plain = another(StoreOptions.DEFAULT);
    try (Transaction transaction = plain.begin()) {
      assertFails(
          ErrorCode.INVALID_ARGUMENT,
          () -> transaction.merge(MaxOperator.INSTANCE, bytes("c/a"), bytes("1")));
    }
  }

  @Test
  default void aKeyHasOneOperatorInATransaction() {
    try (Transaction transaction = store().begin()) {
      merge(transaction, "c/a", 1);
      assertFails(
          ErrorCode.INVALID_ARGUMENT,
          () -> transaction.merge(MaxOperator.INSTANCE, bytes("c/a"), bytes("1")));
      transaction.commit();
    }
    assertThat(counter(store(), "c/a")).isEqualTo(1);
  }

  @Test
  default void keysOnlyScanShowsMergedKeys() {
    add(store(), "c/a", 1);
    add(store(), "c/a", 1);
    add(store(), "c/b", 1);
    delete(store(), "c/b");
    try (Transaction transaction = store().begin()) {
      merge(transaction, "c/x", 1);
      ScanOptions keysOnly = ScanOptions.ASCENDING.withKeysOnly(true);
      assertThat(Texts.scan(transaction, KeyRange.all(), keysOnly)).isEqualTo("c/a= c/x=");
      assertThat(Texts.scan(transaction, KeyRange.all(), keysOnly.withDescending(true)))
          .isEqualTo("c/x= c/a=");
    }
  }
}
