package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.KeyRange;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import org.junit.jupiter.api.Test;

/** Deleting, dropping and measuring whole ranges. */
interface RangeDeleteCases extends StoreFixture {
  @Test
  default void rangeDeleteRemovesWhatTheTransactionSeesInTheRange() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Snapshot before = store().snapshot()) {
      try (Transaction transaction = store().begin()) {
        transaction.put(bytes("bb"), bytes("own"));
        transaction.deleteRange(range("b", "d"));
        assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=1 d=4");
        assertThat(get(transaction, "bb")).isNull();
        transaction.commit();
      }
      assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1 d=4");
      assertThat(scan(before, KeyRange.all())).isEqualTo("a=1 b=2 c=3 d=4");
    }
  }

  @Test
  default void writesAfterTheRangeDeleteStay() {
    put(store(), "a", "1", "b", "2");
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(KeyRange.all());
      transaction.put(bytes("b"), bytes("new"));
      transaction.put(bytes("c"), bytes("new"));
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("b=new c=new");
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=new c=new");
  }

  @Test
  default void rangeDeleteOfAnEmptyRangeDoesNothing() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(range("b", "a"));
      assertThat(transaction.hasClaims()).isFalse();
      transaction.deleteRange(range("x", "y"));
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1");
  }

  @Test
  default void rangeDeleteWithoutAnEndReachesTheLastKey() {
    put(store(), "a", "1", "b", "2", "zzz", "3");
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(KeyRange.of(bytes("b"), null));
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1");
  }

  @Test
  default void rangeDeleteOfManyKeys() {
    try (Transaction transaction = store().begin()) {
      for (int i = 0; i < 3000; i++) {
        transaction.put(bytes("k" + i), bytes("" + i));
      }
      transaction.commit();
    }
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(KeyRange.prefix(bytes("k1")));
      transaction.commit();
    }
    try (Snapshot snapshot = store().snapshot()) {
      for (int i = 0; i < 3000; i++) {
        boolean deleted = ("" + i).startsWith("1");
        assertThat(get(snapshot, "k" + i)).isEqualTo(deleted ? null : "" + i);
      }
    }
  }

  @Test
  default void droppedRangeIsEmptyAndTheRestStays() {
    put(store(), "a", "1", "b", "2", "c", "3");
    put(store(), "b", "22");
    store().dropRange(range("b", "c"));
    assertThat(scan(store(), KeyRange.all())).isEqualTo("a=1 c=3");
    assertThat(get(store(), "b")).isNull();
    put(store(), "b", "new");
    assertThat(get(store(), "b")).isEqualTo("new");
  }

  @Test
  default void statisticsGrowWithTheData() {
    RangeStatistics empty = store().statistics(KeyRange.prefix(bytes("s")));
    assertThat(empty.entryCount()).isZero();
    byte[] value = new byte[1000];
    store()
        .transact(
            transaction -> {
              for (int i = 0; i < 500; i++) {
                transaction.put(bytes("s" + i), value);
              }
              transaction.put(bytes("t"), value);
              return true;
            });
    RangeStatistics some = store().statistics(KeyRange.prefix(bytes("s")));
    assertThat(some.entryCount()).isBetween(250L, 1000L);
    assertThat(some.sizeInBytes()).isBetween(250_000L, 1_000_000L);
  }
}
