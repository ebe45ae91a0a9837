package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.add;
import static io.ppdb.kv.contract.Texts.assertFails;
import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.counter;
import static io.ppdb.kv.contract.Texts.get;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.MergeOperators;
import io.ppdb.kv.RangeStatistics;
import io.ppdb.kv.Savepoint;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
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
      transaction.deleteRange(range("b", "b"));
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
  default void entriesOfManyVersionsAreSeenAroundRangeDeletes() {
    List<Snapshot> views = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    TreeMap<String, String> model = new TreeMap<>();
    Random random = new Random(7);
    try {
      for (int round = 0; round < 60; round++) {
        try (Transaction transaction = store().begin()) {
          for (int i = random.nextInt(4); i >= 0; i--) {
            String key = "k" + random.nextInt(10);
            if (random.nextInt(3) == 0) {
              String end = "k" + random.nextInt(10);
              transaction.deleteRange(KeyRange.between(bytes(key), bytes(end)));
              if (key.compareTo(end) < 0) {
                model.subMap(key, end).clear();
              }
            } else {
              transaction.put(bytes(key), bytes("" + round));
              model.put(key, "" + round);
            }
          }
          transaction.commit();
        }
        views.add(store().snapshot());
        expected.add(text(model));
      }
      for (int i = 0; i < views.size(); i++) {
        assertThat(scan(views.get(i), KeyRange.all())).as("view " + i).isEqualTo(expected.get(i));
        TreeMap<String, String> found = new TreeMap<>();
        for (int key = 0; key < 10; key++) {
          String value = get(views.get(i), "k" + key);
          if (value != null) {
            found.put("k" + key, value);
          }
        }
        assertThat(text(found)).as("view " + i).isEqualTo(expected.get(i));
        String[] entries = expected.get(i).split(" ");
        Collections.reverse(Arrays.asList(entries));
        assertThat(scan(views.get(i), KeyRange.all(), ScanOptions.DESCENDING))
            .as("view " + i)
            .isEqualTo(String.join(" ", entries));
      }
    } finally {
      views.forEach(Snapshot::close);
    }
  }

  private static String text(Map<String, String> entries) {
    StringJoiner joiner = new StringJoiner(" ");
    entries.forEach((key, value) -> joiner.add(key + "=" + value));
    return joiner.toString();
  }

  @Test
  default void cursorOpenedBeforeARangeDeleteOfItsTransactionDoesNotSeeIt() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Transaction transaction = store().begin()) {
      transaction.put(bytes("bb"), bytes("own"));
      try (Cursor before = transaction.scan(KeyRange.all(), ScanOptions.ASCENDING)) {
        assertThat(before.next()).isTrue();
        transaction.deleteRange(range("b", "d"));
        transaction.put(bytes("c"), bytes("new"));
        StringJoiner seen = new StringJoiner(" ");
        while (before.next()) {
          seen.add(Texts.text(before.key()) + "=" + Texts.text(before.value()));
        }
        assertThat(seen).hasToString("b=2 bb=own c=3 d=4");
      }
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("a=1 c=new d=4");
    }
  }

  @Test
  default void cursorTurnsAroundAtADeletedRange() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(range("b", "c"));
      transaction.deleteRange(range("c", "e"));
      try (Cursor cursor = transaction.scan(KeyRange.all(), ScanOptions.ASCENDING)) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.next()).isTrue();
        assertThat(Texts.text(cursor.key())).isEqualTo("e");
        assertThat(cursor.previous()).isTrue();
        assertThat(Texts.text(cursor.key())).isEqualTo("a");
        assertThat(cursor.seek(bytes("b"))).isTrue();
        assertThat(Texts.text(cursor.key())).isEqualTo("e");
      }
      try (Cursor cursor = transaction.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
        assertThat(cursor.seek(bytes("d"))).isTrue();
        assertThat(Texts.text(cursor.key())).isEqualTo("a");
      }
      try (Cursor cursor = transaction.scan(range("b", "e"), ScanOptions.ASCENDING)) {
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.previous()).isFalse();
      }
    }
  }

  @Test
  default void savepointGivesBackWhatARangeDeleteTook() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Transaction transaction = store().begin()) {
      transaction.deleteRange(range("a", "b"));
      transaction.put(bytes("b"), bytes("own"));
      Savepoint savepoint = transaction.savepoint();
      transaction.deleteRange(KeyRange.all());
      transaction.put(bytes("c"), bytes("after"));
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("c=after");
      transaction.rollbackTo(savepoint);
      assertThat(scan(transaction, KeyRange.all())).isEqualTo("b=own c=3");
      assertThat(get(transaction, "a")).isNull();
      assertThat(get(transaction, "c")).isEqualTo("3");
      transaction.commit();
    }
    assertThat(scan(store(), KeyRange.all())).isEqualTo("b=own c=3");
  }

  @Test
  default void operandsAboveARangeDeleteCountFromNothing() {
    add(store(), "c/a", 5);
    add(store(), "c/b", 7);
    try (Snapshot before = store().snapshot()) {
      try (Transaction transaction = store().begin()) {
        transaction.deleteRange(range("c/", "c0"));
        transaction.merge(MergeOperators.LONG_ADD, bytes("c/a"), MergeOperators.encodeLong(1));
        assertThat(counter(transaction, "c/a")).isEqualTo(1);
        transaction.commit();
      }
      add(store(), "c/a", 2);
      add(store(), "c/b", 3);
      try (Snapshot after = store().snapshot()) {
        assertThat(counter(after, "c/a")).isEqualTo(3);
        assertThat(counter(after, "c/b")).isEqualTo(3);
      }
      assertThat(counter(before, "c/a")).isEqualTo(5);
      assertThat(counter(before, "c/b")).isEqualTo(7);
    }
  }

  @Test
  default void requirementOlderThanARangeDeleteIsRefused() {
    put(store(), "a", "1");
    long known;
    try (Snapshot snapshot = store().snapshot()) {
      known = snapshot.version();
    }
    store()
        .transact(
            transaction -> {
              transaction.deleteRange(range("a", "b"));
              return true;
            });
    WriteBatch batch =
        new WriteBatch().put(bytes("x"), bytes("1")).requireUnchanged(bytes("a"), known);
    assertFails(ErrorCode.CONFLICT, () -> store().write(batch, Durability.ASYNC));
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
