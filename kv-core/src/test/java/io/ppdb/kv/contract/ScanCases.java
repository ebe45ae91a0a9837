package io.ppdb.kv.contract;

import static io.ppdb.kv.contract.Texts.bytes;
import static io.ppdb.kv.contract.Texts.delete;
import static io.ppdb.kv.contract.Texts.entry;
import static io.ppdb.kv.contract.Texts.put;
import static io.ppdb.kv.contract.Texts.range;
import static io.ppdb.kv.contract.Texts.rest;
import static io.ppdb.kv.contract.Texts.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.kv.Cursor;
import io.ppdb.kv.KeyRange;
import io.ppdb.kv.Limits;
import io.ppdb.kv.ReadView;
import io.ppdb.kv.ScanOptions;
import io.ppdb.kv.Snapshot;
import io.ppdb.kv.Transaction;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Ranges, in both directions and with every option. */
interface ScanCases extends StoreFixture {
  @Test
  default void scanOfAnEmptyStoreFindsNothing() {
    assertThat(scan(store(), KeyRange.all())).isEmpty();
  }

  @Test
  default void scanGoesInUnsignedKeyOrder() {
    byte[][] keys = {{}, {0}, {0, 0}, {1}, {0x7F}, {(byte) 0x80}, {(byte) 0xFF}, {-1, -1}};
    store()
        .transact(
            transaction -> {
              for (int i = keys.length - 1; i >= 0; i--) {
                transaction.put(keys[i], bytes("" + i));
              }
              return true;
            });
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      for (int i = 0; i < keys.length; i++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key().toByteArray()).isEqualTo(keys[i]);
        assertThat(cursor.value().toByteArray()).isEqualTo(bytes("" + i));
      }
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  default void rangeIncludesItsStartAndNotItsEnd() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    assertThat(scan(store(), range("b", "d"))).isEqualTo("b=2 c=3");
  }

  @Test
  default void boundsNeedNotBeKeys() {
    put(store(), "a", "1", "c", "3", "e", "5");
    assertThat(scan(store(), range("b", "d"))).isEqualTo("c=3");
  }

  @Test
  default void emptyRangeHasNoEntries() {
    put(store(), "a", "1", "b", "2");
    assertThat(scan(store(), range("b", "b"))).isEmpty();
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(scan(snapshot, range("b", "b"), ScanOptions.DESCENDING)).isEmpty();
    }
  }

  @Test
  default void rangeOfAPrefixEndsAfterItsLastKey() {
    put(store(), "a", "0", "p", "1", "p1", "2", "pz", "3", "q", "4");
    assertThat(scan(store(), KeyRange.prefix(bytes("p")))).isEqualTo("p=1 p1=2 pz=3");
  }

  @Test
  default void descendingScanGoesBackwards() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(scan(snapshot, KeyRange.all(), ScanOptions.DESCENDING))
          .isEqualTo("d=4 c=3 b=2 a=1");
      assertThat(scan(snapshot, range("b", "d"), ScanOptions.DESCENDING)).isEqualTo("c=3 b=2");
    }
  }

  @Test
  default void overwrittenAndDeletedEntriesAreHidden() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot hold = store().snapshot()) {
      put(store(), "a", "9", "d", "4");
      delete(store(), "b");
      try (Snapshot snapshot = store().snapshot()) {
        assertThat(scan(snapshot, KeyRange.all())).isEqualTo("a=9 c=3 d=4");
        assertThat(scan(snapshot, KeyRange.all(), ScanOptions.DESCENDING)).isEqualTo("d=4 c=3 a=9");
      }
      assertThat(scan(hold, KeyRange.all())).isEqualTo("a=1 b=2 c=3");
      assertThat(scan(hold, KeyRange.all(), ScanOptions.DESCENDING)).isEqualTo("c=3 b=2 a=1");
    }
  }

  @Test
  default void openCursorDoesNotSeeLaterCommits() {
    put(store(), "a", "1", "c", "3");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      put(store(), "b", "2", "c", "9", "d", "4");
      assertThat(rest(cursor)).isEqualTo("c=3");
    }
  }

  @Test
  default void keysOnlyScanHasEmptyValues() {
    put(store(), "a", "1", "b", "2");
    try (Snapshot snapshot = store().snapshot()) {
      ScanOptions keysOnly = ScanOptions.ASCENDING.withKeysOnly(true);
      assertThat(scan(snapshot, KeyRange.all(), keysOnly)).isEqualTo("a= b=");
      assertThat(scan(snapshot, KeyRange.all(), keysOnly.withDescending(true))).isEqualTo("b= a=");
    }
  }

  @Test
  default void scanStopsAfterMaxEntries() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(scan(snapshot, KeyRange.all(), ScanOptions.ASCENDING.withMaxEntries(2)))
          .isEqualTo("a=1 b=2");
      assertThat(scan(snapshot, KeyRange.all(), ScanOptions.DESCENDING.withMaxEntries(2)))
          .isEqualTo("c=3 b=2");
      assertThat(scan(snapshot, KeyRange.all(), ScanOptions.ASCENDING.withMaxEntries(0))).isEmpty();
    }
  }

  @Test
  default void scanStopsAfterTheEntryThatExceedsMaxBytes() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot snapshot = store().snapshot()) {
      ScanOptions options = ScanOptions.ASCENDING.withMaxBytes(3);
      assertThat(scan(snapshot, KeyRange.all(), options)).isEqualTo("a=1 b=2");
      assertThat(scan(snapshot, KeyRange.all(), options.withMaxBytes(4))).isEqualTo("a=1 b=2 c=3");
      assertThat(scan(snapshot, KeyRange.all(), options.withMaxBytes(0))).isEqualTo("a=1");
      assertThat(scan(snapshot, KeyRange.all(), options.withKeysOnly(true).withMaxBytes(1)))
          .as("values do not count in a keys-only scan")
          .isEqualTo("a= b=");
    }
  }

  @Test
  default void newCursorIsNotOnAnEntry() {
    put(store(), "a", "1");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.isValid()).isFalse();
      assertThat(cursor.previous()).isFalse();
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.isValid()).isTrue();
    }
  }

  @Test
  default void previousReturnsFromTheEndToTheLastEntry() {
    put(store(), "a", "1", "b", "2", "c", "3");
    for (boolean descending : new boolean[] {false, true}) {
      try (Snapshot snapshot = store().snapshot();
          Cursor cursor =
              snapshot.scan(range("a", "c"), ScanOptions.ASCENDING.withDescending(descending))) {
        rest(cursor);
        assertThat(cursor.isValid()).isFalse();
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.previous()).isTrue();
        assertThat(entry(cursor)).isEqualTo(descending ? "a=1" : "b=2");
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @Test
  default void nextReturnsFromBeforeTheFirstEntry() {
    put(store(), "a", "1", "b", "2");
    for (boolean descending : new boolean[] {false, true}) {
      try (Snapshot snapshot = store().snapshot();
          Cursor cursor =
              snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withDescending(descending))) {
        assertThat(cursor.next()).isTrue();
        String first = entry(cursor);
        assertThat(cursor.previous()).isFalse();
        assertThat(cursor.isValid()).isFalse();
        assertThat(cursor.next()).isTrue();
        assertThat(entry(cursor)).isEqualTo(first);
      }
    }
  }

  @Test
  default void previousReturnsFromTheLimitToTheLastEntryDelivered() {
    put(store(), "a", "1", "b", "2", "c", "3");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), ScanOptions.ASCENDING.withMaxEntries(2))) {
      assertThat(rest(cursor)).isEqualTo("a=1 b=2");
      assertThat(cursor.isValid()).isFalse();
      assertThat(cursor.previous()).isTrue();
      assertThat(entry(cursor)).isEqualTo("b=2");
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.previous()).isTrue();
      assertThat(cursor.previous()).isTrue();
      assertThat(entry(cursor)).isEqualTo("a=1");
    }
  }

  @Test
  default void directionMayChangeAtEveryEntry() {
    put(store(), "a", "1", "b", "2", "c", "3", "d", "4");
    put(store(), "b", "5", "d", "6");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isTrue();
      assertThat(entry(cursor)).isEqualTo("b=5");
      assertThat(cursor.previous()).isTrue();
      assertThat(entry(cursor)).isEqualTo("a=1");
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isTrue();
      assertThat(entry(cursor)).isEqualTo("c=3");
      assertThat(cursor.previous()).isTrue();
      assertThat(entry(cursor)).isEqualTo("b=5");
      assertThat(rest(cursor)).isEqualTo("c=3 d=6");
    }
  }

  @Test
  default void entriesOfPlainPutsNeverExpire() {
    put(store(), "a", "1");
    try (Snapshot snapshot = store().snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.expiryMillis()).isEqualTo(Limits.NO_EXPIRY);
    }
  }

  @Test
  default void severalCursorsOfOneViewAreIndependent() {
    put(store(), "a", "1", "b", "2");
    try (Snapshot snapshot = store().snapshot();
        Cursor one = snapshot.scan(KeyRange.all());
        Cursor two = snapshot.scan(KeyRange.all(), ScanOptions.DESCENDING)) {
      assertThat(one.next() && two.next()).isTrue();
      assertThat(entry(one)).isEqualTo("a=1");
      assertThat(entry(two)).isEqualTo("b=2");
    }
  }

  /** A cursor walks at random over a store with many versions; a sorted map knows better. */
  @Test
  default void randomWalkAgreesWithASortedMap() {
    long seed = Long.getLong("ppdb.seed", 20261122L);
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int commit = 0; commit < 60; commit++) {
      try (Transaction transaction = store().begin()) {
        for (int i = 0; i < 10; i++) {
          change(random, model, transaction);
        }
        transaction.commit();
      }
    }
    try (Transaction transaction = store().begin()) {
      for (int i = 0; i < 30; i++) {
        change(random, model, transaction);
      }
      for (int walk = 0; walk < 40; walk++) {
        String context = "seed " + seed + ", walk " + walk;
        walk(random, model, transaction, context);
      }
    }
  }

  private static void change(Random random, Map<String, String> model, Transaction transaction) {
    String key = "k" + random.nextInt(80);
    if (random.nextInt(3) == 0) {
      transaction.delete(bytes(key));
      model.remove(key);
    } else {
      String value = "v" + random.nextInt(1000);
      transaction.put(bytes(key), bytes(value));
      model.put(key, value);
    }
  }

  private static void walk(
      Random random, Map<String, String> model, ReadView view, String context) {
    String start = "k" + random.nextInt(80);
    String end = "k" + random.nextInt(80);
    boolean descending = random.nextBoolean();
    TreeMap<String, String> visible = new TreeMap<>();
    model.forEach(
        (key, value) -> {
          if (key.compareTo(start) >= 0 && key.compareTo(end) < 0) {
            visible.put(key, value);
          }
        });
    String[] keys =
        (descending ? visible.descendingMap() : visible).keySet().toArray(String[]::new);
    int at = -1;
    try (Cursor cursor =
        view.scan(
            KeyRange.between(bytes(start), bytes(end)),
            ScanOptions.ASCENDING.withDescending(descending))) {
      for (int step = 0; step < 60; step++) {
        boolean found;
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            at = Math.min(at + 1, keys.length);
            found = cursor.next();
          }
          case 2, 3 -> {
            at = Math.max(at - 1, -1);
            found = cursor.previous();
          }
          default -> {
            String target = "k" + random.nextInt(80);
            at = 0;
            while (at < keys.length
                && (descending ? keys[at].compareTo(target) > 0 : keys[at].compareTo(target) < 0)) {
              at++;
            }
            found = cursor.seek(bytes(target));
          }
        }
        boolean expected = at >= 0 && at < keys.length;
        String where = context + ", step " + step + " in " + Arrays.toString(keys);
        assertThat(found).as(where).isEqualTo(expected);
        assertThat(cursor.isValid()).as(where).isEqualTo(expected);
        if (expected) {
          Map.Entry<String, String> entry = Map.entry(keys[at], visible.get(keys[at]));
          assertThat(entry(cursor)).as(where).isEqualTo(entry.getKey() + "=" + entry.getValue());
        }
      }
    }
  }

  /** Cursors may remember where there is nothing; then it must not be there for ever. */
  @Test
  default void keysPutWhereManyWereDeletedAreSeen() {
    store()
        .transact(
            transaction -> {
              for (int i = 100; i < 300; i++) {
                transaction.put(bytes("k" + i), bytes("1"));
              }
              return true;
            });
    store()
        .transact(
            transaction -> {
              for (int i = 101; i < 299; i++) {
                transaction.delete(bytes("k" + i));
              }
              return true;
            });
    KeyRange range = KeyRange.prefix(bytes("k"));
    assertThat(scan(store(), range)).isEqualTo("k100=1 k299=1");
    put(store(), "k250", "2");
    assertThat(scan(store(), range)).isEqualTo("k100=1 k250=2 k299=1");
    BulkLoadCases.load(store(), "k200", "3");
    assertThat(scan(store(), range)).isEqualTo("k100=1 k200=3 k250=2 k299=1");
    try (Snapshot snapshot = store().snapshot()) {
      put(store(), "k150", "4");
      assertThat(scan(snapshot, range, ScanOptions.DESCENDING))
          .isEqualTo("k299=1 k250=2 k200=3 k100=1");
    }
    assertThat(scan(store(), range)).isEqualTo("k100=1 k150=4 k200=3 k250=2 k299=1");
  }
}
