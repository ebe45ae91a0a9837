package io.ppdb.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.RangePolicy;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.StoreOptions;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.contract.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
class OmidStoreTest {
  private final KeyValueStore store = RunningCluster.open("simple", StoreOptions.DEFAULT);

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All keys of {@code cursor}, which is closed. */
  private static List<String> keys(Cursor cursor) {
    List<String> keys = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        keys.add(new String(cursor.key().toByteArray(), StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  @Test
  void readsWhatWasCommittedInEveryWay() {
    store.transact(
        transaction -> {
          transaction.deleteRange(KeyRange.all());
          for (int i = 10; i < 30; i++) {
            transaction.put(bytes("k" + i), bytes("v" + i));
          }
          transaction.put(bytes("empty"), new byte[0]);
          return true;
        });
    try (Snapshot snapshot = store.snapshot()) {
      assertThat(snapshot.get(bytes("k15"))).isEqualTo(bytes("v15"));
      assertThat(snapshot.get(bytes("k1"))).isNull();
      assertThat(snapshot.get(bytes("empty"))).isEqualTo(new byte[0]);
      assertThat(snapshot.getAll(List.of(bytes("k20"), bytes("x"), bytes("k11"))))
          .containsExactly(bytes("v20"), null, bytes("v11"));
      KeyRange range = KeyRange.of(bytes("k12"), bytes("k15"));
      assertThat(keys(snapshot.scan(range))).containsExactly("k12", "k13", "k14");
      assertThat(keys(snapshot.scan(range, ScanOptions.DESCENDING)))
          .containsExactly("k14", "k13", "k12");
      assertThat(keys(snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withKeysOnly(true))))
          .hasSize(21);
    }
    store.transact(
        transaction -> {
          transaction.delete(bytes("k13"));
          return true;
        });
    try (Snapshot snapshot = store.snapshot()) {
      KeyRange range = KeyRange.of(bytes("k12"), bytes("k15"));
      assertThat(keys(snapshot.scan(range, ScanOptions.ASCENDING.withKeysOnly(true))))
          .containsExactly("k12", "k14");
    }
  }

  @Test
  void firstCommitterWinsAndSharedClaimsDoNotConflict() {
    store.setPolicy(
        KeyRange.prefix(bytes("c/")), RangePolicy.DEFAULT.withUse(RangePolicy.Use.MERGEABLE));
    store.setPolicy(
        KeyRange.prefix(bytes("parent")),
        RangePolicy.DEFAULT.withClaims(RangePolicy.Claims.SHARED));
    store.transact(
        transaction -> {
          transaction.deleteRange(KeyRange.all());
          return true;
        });
    Transaction first = store.begin();
    Transaction second = store.begin();
    Transaction third = store.begin();
    Transaction fourth = store.begin();
    for (Transaction one : List.of(first, second, third, fourth)) {
      one.get(bytes("a"));
    }
    first.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(5));
    second.merge(MergeOperators.LONG_ADD, bytes("c/n"), MergeOperators.encodeLong(6));
    first.guard(bytes("parent"));
    second.guard(bytes("parent"));
    third.lockForUpdate(bytes("parent"));
    fourth.put(bytes("c/n"), MergeOperators.encodeLong(100));
    first.commit();
    second.commit();
    for (Transaction late : List.of(third, fourth)) {
      assertThatThrownBy(late::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }
    byte[] sum = store.get(bytes("c/n"));
    assertThat(sum).isEqualTo(MergeOperators.encodeLong(11));
  }

  @Test
  void viewThatIsTenMinutesOldIsNotReadAnyMore() {
    ManualClock clock = new ManualClock();
    try (KeyValueStore aging = RunningCluster.open("aging", StoreOptions.DEFAULT.withClock(clock));
        Transaction transaction = aging.begin()) {
      transaction.get(bytes("a"));
      clock.advance(600_000);
      transaction.get(bytes("a"));
      transaction.put(bytes("a"), bytes("1"));
      clock.advance(1);
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              PpdbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
      assertThat(aging.get(bytes("a"))).isNull();
    }
  }

  /** Enough operands to be folded by the gateway's own thread while others merge and read. */
  @Test
  void noMergeIsLostWhileOperandsAreFolded() throws Exception {
    store.setPolicy(
        KeyRange.prefix(bytes("f/")), RangePolicy.DEFAULT.withUse(RangePolicy.Use.MERGEABLE));
    byte[] key = bytes("f/n");
    store.transact(
        transaction -> {
          transaction.delete(key);
          return true;
        });
    int threadCount = 4;
    int mergeCount = 50;
    List<Future<?>> mergers = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(threadCount);
    try {
      for (int i = 0; i < threadCount; i++) {
        mergers.add(executor.submit(() -> merge(key, mergeCount)));
      }
      long seen = 0;
      while (!mergers.stream().allMatch(Future::isDone)) {
        byte[] value = store.get(key);
        long sum = value == null ? 0 : MergeOperators.decodeLong(value);
        assertThat(sum).isGreaterThanOrEqualTo(seen);
        seen = sum;
      }
      for (Future<?> merger : mergers) {
        merger.get();
      }
    } finally {
      executor.shutdown();
    }
    assertThat(store.get(key))
        .isEqualTo(MergeOperators.encodeLong((long) threadCount * mergeCount));
  }

  private void merge(byte[] key, int count) {
    for (int i = 0; i < count; i++) {
      store.transact(
          transaction -> {
            transaction.merge(MergeOperators.LONG_ADD, key, MergeOperators.encodeLong(1));
            return true;
          });
    }
  }
}
