package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Limits;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Single keys, read back. */
interface PointReadCases extends StoreFixture {
  @Test
  default void keyNeverWrittenIsAbsent() {
    assertThat(get(store(), "a")).isNull();
  }

  @Test
  default void committedValueIsReadBack() {
    put(store(), "a", "1");
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void laterCommitReplacesTheValue() {
    put(store(), "a", "1");
    put(store(), "a", "2");
    assertThat(get(store(), "a")).isEqualTo("2");
  }

  @Test
  default void deletedKeyIsAbsent() {
    put(store(), "a", "1");
    delete(store(), "a");
    assertThat(get(store(), "a")).isNull();
  }

  @Test
  default void deletedKeyCanBeWrittenAgain() {
    put(store(), "a", "1");
    delete(store(), "a");
    put(store(), "a", "2");
    assertThat(get(store(), "a")).isEqualTo("2");
  }

  @Test
  default void deletingAnAbsentKeyIsAllowed() {
    delete(store(), "a");
    assertThat(get(store(), "a")).isNull();
  }

  @Test
  default void emptyKeyIsAKey() {
    put(store(), "", "empty", "a", "1");
    assertThat(get(store(), "")).isEqualTo("empty");
  }

  @Test
  default void emptyValueIsNotAbsence() {
    put(store(), "a", "");
    assertThat(get(store(), "a")).isEmpty();
  }

  @Test
  default void prefixOfAKeyIsAnotherKey() {
    put(store(), "ab", "2");
    assertThat(get(store(), "a")).isNull();
    assertThat(get(store(), "abc")).isNull();
  }

  @Test
  default void snapshotKeepsItsView() {
    put(store(), "a", "1", "b", "1");
    try (Snapshot before = store().snapshot()) {
      put(store(), "a", "2");
      delete(store(), "b");
      put(store(), "c", "2");
      assertThat(get(before, "a")).isEqualTo("1");
      assertThat(get(before, "b")).isEqualTo("1");
      assertThat(get(before, "c")).isNull();
    }
  }

  @Test
  default void everySnapshotOfManyVersionsSeesItsOwn() {
    Snapshot[] snapshots = new Snapshot[50];
    for (int i = 0; i < snapshots.length; i++) {
      if (i % 7 == 3) {
        delete(store(), "a");
      } else {
        put(store(), "a", "v" + i);
      }
      snapshots[i] = store().snapshot();
    }
    for (int i = snapshots.length - 1; i >= 0; i -= 2) {
      assertThat(get(snapshots[i], "a")).isEqualTo(i % 7 == 3 ? null : "v" + i);
      snapshots[i].close();
    }
    put(store(), "a", "last");
    for (int i = 0; i < snapshots.length; i += 2) {
      assertThat(get(snapshots[i], "a")).isEqualTo(i % 7 == 3 ? null : "v" + i);
      snapshots[i].close();
    }
    put(store(), "a", "very last");
    assertThat(get(store(), "a")).isEqualTo("very last");
  }

  @Test
  default void getAllAnswersInTheOrderOfTheKeys() {
    put(store(), "a", "1", "c", "3");
    try (Snapshot snapshot = store().snapshot()) {
      List<byte[]> keys = List.of(bytes("c"), bytes("b"), bytes("a"), bytes("c"));
      assertThat(snapshot.getAll(keys).stream().map(Texts::text))
          .containsExactly("3", null, "1", "3");
    }
  }

  @Test
  default void callersArraysAreCopiedOnTheWayIn() {
    byte[] key = bytes("a");
    byte[] value = bytes("1");
    try (Transaction transaction = store().begin()) {
      transaction.put(key, value);
      key[0] = 'x';
      value[0] = '9';
      assertThat(get(transaction, "a")).isEqualTo("1");
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("1");
  }

  @Test
  default void returnedArraysBelongToTheCaller() {
    put(store(), "a", "1");
    try (Transaction transaction = store().begin()) {
      byte[] value = transaction.get(bytes("a"));
      assertThat(value).isNotNull();
      Arrays.fill(value, (byte) 'x');
      assertThat(get(transaction, "a")).isEqualTo("1");
      transaction.put(bytes("b"), bytes("2"));
      byte[] own = transaction.get(bytes("b"));
      assertThat(own).isNotNull();
      Arrays.fill(own, (byte) 'x');
      transaction.commit();
    }
    assertThat(get(store(), "a")).isEqualTo("1");
    assertThat(get(store(), "b")).isEqualTo("2");
  }

  @Test
  default void longestKeyAndLargestValueAreStored() {
    byte[] key = new byte[Limits.MAX_KEY_BYTES];
    byte[] value = new byte[Limits.MAX_VALUE_BYTES];
    Random random = new Random(1);
    random.nextBytes(key);
    random.nextBytes(value);
    store()
        .transact(
            transaction -> {
              transaction.put(key, value);
              return true;
            });
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(snapshot.get(key)).isEqualTo(value);
    }
  }
}
