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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
}
